"""Slow and plain ways to the same results, which tests compare the quick ones with."""
