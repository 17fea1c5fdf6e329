"""Where files come from: editions, the live edition, discovery, and ingesting one file."""

from schemas.publishers import publishers

EDITIONS = ("sample", "mirror", "live")
PUBLISHERS = tuple(publishers())
NOT_ASKED = "not asked, for its host was given up earlier in this run"
