"""The truth contracts: what the chapters say is what the package does."""
