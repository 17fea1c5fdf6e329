"""Prefect on a schedule: server, worker, deployments, events, alerts."""
