"""The one way out to publishers: timeouts, retries, politeness, whole files or none."""
