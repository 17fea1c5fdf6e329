"""HTTP with publishers: timeouts, retries, rate limit, whole files or none."""
