-- Where the content comes from and how the release was made. Every CREATE TABLE of a fixed table is in this folder; the tables of
-- publishers' files and of the register are generated from their declarations (warehouse/build/tables.py).
CREATE SCHEMA meta;

CREATE TABLE meta.edition (edition VARCHAR NOT NULL, synthetic BOOLEAN NOT NULL);

CREATE TABLE meta.dataset (
    dataset_id VARCHAR NOT NULL, title_nl VARCHAR NOT NULL, title_en VARCHAR NOT NULL, publisher VARCHAR NOT NULL, licence VARCHAR,
    licence_note VARCHAR, landing_page VARCHAR NOT NULL,
    renewal VARCHAR NOT NULL CHECK (renewal IN ('yearly', 'monthly', 'stopped', 'unknown')), due_month INTEGER, due_weeks INTEGER,
    grace_weeks INTEGER NOT NULL, stopped_on VARCHAR,
    status VARCHAR NOT NULL CHECK (status IN ('provisional', 'final')), layout_seen_live BOOLEAN NOT NULL,
    known_urls INTEGER NOT NULL CHECK (known_urls >= 0), feeds VARCHAR NOT NULL
);

-- Which code, register, edition and DuckDB made this: a build with the same may start from it.
CREATE TABLE meta.making (starting_key VARCHAR NOT NULL);

-- Register tables are sources too: they have no URL, edition or day of their own (their rows have).
CREATE TABLE meta.source_file (
    source_file_id VARCHAR NOT NULL, sha256 VARCHAR NOT NULL CHECK (length(sha256) = 64), dataset_id VARCHAR NOT NULL,
    file_name VARCHAR NOT NULL, url VARCHAR, publisher VARCHAR NOT NULL, licence VARCHAR, published_on DATE, retrieved_on DATE,
    known_from DATE, bytes BIGINT NOT NULL CHECK (bytes >= 0), encoding VARCHAR, data_lines BIGINT NOT NULL, core_lines BIGINT NOT NULL,
    quarantined_lines BIGINT NOT NULL, edition VARCHAR, synthetic BOOLEAN NOT NULL, note VARCHAR,
    CHECK (dataset_id = 'register' OR known_from IS NOT NULL),
    CHECK (least(data_lines, core_lines, quarantined_lines) >= 0)
);

-- A file arrives on the day it becomes known, and again on each day it comes back after another file in its place. One that is
-- replaced at its address on the same day never held, and has no row for that day.
CREATE TABLE meta.file_arrival (source_file_id VARCHAR NOT NULL, known_from DATE NOT NULL);

CREATE TABLE meta.quarantine (
    dataset_id VARCHAR NOT NULL, source_file_id VARCHAR NOT NULL, line BIGINT NOT NULL CHECK (line >= 0), "column" VARCHAR,
    "check" VARCHAR NOT NULL, raw_value VARCHAR, raw_text VARCHAR
);

CREATE TABLE meta.refused_file (
    sha256 VARCHAR NOT NULL CHECK (length(sha256) = 64), dataset_id VARCHAR NOT NULL, file_name VARCHAR NOT NULL, url VARCHAR,
    retrieved_on DATE NOT NULL, bytes BIGINT NOT NULL CHECK (bytes >= 0), reason VARCHAR NOT NULL
);

CREATE TABLE meta.withdrawal (
    decided_at TIMESTAMP NOT NULL, sha256 VARCHAR NOT NULL CHECK (length(sha256) = 64), dataset_id VARCHAR NOT NULL,
    file_name VARCHAR NOT NULL, url VARCHAR, known_from DATE NOT NULL, decided_by VARCHAR NOT NULL, reason VARCHAR NOT NULL,
    restored BOOLEAN NOT NULL, in_force BOOLEAN NOT NULL
);

CREATE TABLE meta.drift (source_file_id VARCHAR NOT NULL, kind VARCHAR NOT NULL, detail VARCHAR NOT NULL);

-- Rows in the core tables, counted once they are filled; compared with what the reader counted and with what a person has reviewed.
CREATE TABLE meta.row_count (
    source_file_id VARCHAR NOT NULL, dataset_id VARCHAR NOT NULL, lines BIGINT NOT NULL, rows BIGINT NOT NULL, CHECK (0 < lines AND lines <= rows)
);
CREATE TABLE meta.partition_count (
    source_file_id VARCHAR NOT NULL, dataset_id VARCHAR NOT NULL, period_label VARCHAR NOT NULL, period_end DATE NOT NULL,
    rows BIGINT NOT NULL CHECK (rows > 0)
);
CREATE TABLE meta.reviewed_count (
    synthetic BOOLEAN NOT NULL, dataset_id VARCHAR NOT NULL, file_name VARCHAR NOT NULL, sha256 VARCHAR NOT NULL,
    period_label VARCHAR NOT NULL, rows BIGINT NOT NULL CHECK (rows >= 0)
);

CREATE TABLE meta.correction_applied (
    correction_id VARCHAR NOT NULL, source_file_id VARCHAR NOT NULL, line BIGINT NOT NULL, "column" VARCHAR NOT NULL,
    "before" VARCHAR, "after" VARCHAR, reason_nl VARCHAR NOT NULL, reason_en VARCHAR NOT NULL
);

CREATE TABLE meta.dictionary (
    schema_name VARCHAR NOT NULL, object_name VARCHAR NOT NULL, object_kind VARCHAR NOT NULL, column_name VARCHAR, data_type VARCHAR,
    description_nl VARCHAR NOT NULL, description_en VARCHAR NOT NULL, code_list VARCHAR, is_key BOOLEAN NOT NULL
);

-- The release itself, one row, and how it differs from the one before it.
CREATE TABLE meta.release (
    release_id VARCHAR NOT NULL, version VARCHAR NOT NULL, edition VARCHAR NOT NULL, synthetic BOOLEAN NOT NULL,
    published_at TIMESTAMPTZ NOT NULL, input_hash VARCHAR NOT NULL, content_hash VARCHAR NOT NULL, code_version VARCHAR NOT NULL,
    previous_release_id VARCHAR, audits INTEGER NOT NULL, removed INTEGER NOT NULL, added INTEGER NOT NULL,
    relabelled INTEGER NOT NULL, revised INTEGER NOT NULL, CHECK (previous_release_id IS DISTINCT FROM release_id)
);
CREATE TABLE meta.release_change (
    kind VARCHAR NOT NULL CHECK (kind IN ('added', 'removed', 'revised', 'relabelled')), indicator_id VARCHAR NOT NULL,
    method_version VARCHAR NOT NULL, entity_level VARCHAR NOT NULL, entity_id VARCHAR NOT NULL, period_start DATE NOT NULL,
    period_end DATE NOT NULL, breakdown VARCHAR NOT NULL, period_label VARCHAR NOT NULL, value_before DOUBLE, value_after DOUBLE,
    low_before DOUBLE, low_after DOUBLE, high_before DOUBLE, high_after DOUBLE, numerator_before DOUBLE, numerator_after DOUBLE,
    denominator_before DOUBLE, denominator_after DOUBLE, status_before VARCHAR, status_after VARCHAR
);
CREATE TABLE meta.schema_change (kind VARCHAR NOT NULL CHECK (kind IN ('added', 'removed')), what VARCHAR NOT NULL);
CREATE TABLE meta.count_change (table_name VARCHAR NOT NULL, rows_before BIGINT, rows_after BIGINT);

-- What the content hash is the sum of, kept per part of a table so that the next release reads only parts that changed. The sums are
-- texts: they have up to 38 digits, and a lake keeps such numbers as doubles.
CREATE TABLE meta.table_digest (
    table_name VARCHAR NOT NULL, part VARCHAR NOT NULL, fingerprint VARCHAR NOT NULL, rows BIGINT NOT NULL, sum_lower VARCHAR NOT NULL,
    sum_upper VARCHAR NOT NULL
);
