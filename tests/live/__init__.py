"""What runs in the page, in a real browser."""
