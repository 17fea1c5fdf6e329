"""Where files come from: editions, the live offer, discovery, and taking one file in."""

EDITIONS = ("sample", "mirror", "live")
PUBLISHERS = ("duo", "cbs", "inspectie")
