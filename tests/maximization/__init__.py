"""Tests of `maximize`."""
