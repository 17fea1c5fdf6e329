"""Which annual reports (jaarverslagen) to read, and what the ones read say about the sector."""
