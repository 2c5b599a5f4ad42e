"""The exercises: their files, their checks, and the program that opens them."""
