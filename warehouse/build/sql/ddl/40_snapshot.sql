-- Frozen yearly states. They are kept as Parquet in the archive; these tables make them queryable. The tables with the frozen rows
-- (observation, goal_status, evidence, verdict, change) take the columns of what is frozen.
CREATE SCHEMA snapshot;

CREATE TABLE snapshot.snapshot (
    snapshot_id VARCHAR NOT NULL, year INTEGER NOT NULL, version VARCHAR NOT NULL, as_of DATE NOT NULL,
    basis VARCHAR NOT NULL CHECK (basis IN ('contemporaneous', 'retrospective')), made_on DATE NOT NULL, content_hash VARCHAR NOT NULL,
    code_version VARCHAR NOT NULL, previous_version VARCHAR, reason VARCHAR NOT NULL, is_latest BOOLEAN NOT NULL,
    observations BIGINT NOT NULL, evidence BIGINT NOT NULL, verdicts BIGINT NOT NULL, added BIGINT NOT NULL, revised BIGINT NOT NULL,
    relabelled BIGINT NOT NULL, removed BIGINT NOT NULL, edition VARCHAR NOT NULL, synthetic BOOLEAN NOT NULL
);
CREATE TABLE snapshot.input (
    snapshot_id VARCHAR NOT NULL, source_file_id VARCHAR NOT NULL, sha256 VARCHAR NOT NULL, file_name VARCHAR NOT NULL,
    known_from DATE NOT NULL
);
