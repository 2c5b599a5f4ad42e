"""Who computes what, held against those who do."""
