"""Several processes: a training script to start from, and what a step costs."""
