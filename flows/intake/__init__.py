"""Where files come from: editions, the live offer, discovery, and taking one file in."""
