-- Frozen yearly states. They are kept as Parquet in the archive; these tables make them queryable.
CREATE TABLE snapshot.snapshot (
    snapshot_id VARCHAR, year INTEGER, version VARCHAR, as_of DATE, basis VARCHAR, made_on DATE, content_hash VARCHAR,
    code_version VARCHAR, previous_version VARCHAR, reason VARCHAR, is_latest BOOLEAN, observations BIGINT,
    evidence BIGINT, verdicts BIGINT, added BIGINT, revised BIGINT, relabelled BIGINT, removed BIGINT, edition VARCHAR, synthetic BOOLEAN
);
CREATE TABLE snapshot.input (snapshot_id VARCHAR, source_file_id VARCHAR, sha256 VARCHAR, file_name VARCHAR, known_from DATE);
