"""Tests of the objectives: gradients, references, edge cases."""
