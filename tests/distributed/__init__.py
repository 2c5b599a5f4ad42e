"""Several processes, launched as a reader would launch them."""
