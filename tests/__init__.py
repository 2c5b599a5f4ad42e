"""Tests of the book, its package, its tools and its site."""
