"""Models and rules of the hand-kept tables."""
