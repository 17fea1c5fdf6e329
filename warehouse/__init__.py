"""The DuckDB side: archive, build, publish, snapshots, and the SQL that people read."""
