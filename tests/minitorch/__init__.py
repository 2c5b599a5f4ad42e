"""Tests of Mini-Torch."""
