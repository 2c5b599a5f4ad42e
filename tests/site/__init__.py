"""Tests of the built site, and of the Sphinx extension that finishes it."""
