-- The tables that hold what came in. Core tables (one per dataset) are made from the dataset declarations.
CREATE SCHEMA meta;
CREATE SCHEMA core;
CREATE SCHEMA goals;
CREATE SCHEMA snapshot;

CREATE TABLE meta.dataset (
    dataset_id VARCHAR, title_nl VARCHAR, title_en VARCHAR, publisher VARCHAR, licence VARCHAR, licence_note VARCHAR,
    landing_page VARCHAR, cadence VARCHAR, status VARCHAR, layout_seen_live BOOLEAN, known_urls INTEGER
);
CREATE TABLE meta.source_file (
    source_file_id VARCHAR, sha256 VARCHAR, dataset_id VARCHAR, file_name VARCHAR, url VARCHAR, publisher VARCHAR,
    licence VARCHAR, published_on DATE, retrieved_on DATE, known_from DATE, bytes BIGINT, encoding VARCHAR,
    data_lines BIGINT, core_lines BIGINT, quarantined_lines BIGINT, edition VARCHAR, synthetic BOOLEAN, note VARCHAR
);
-- A file arrives on the day it becomes known, and again on each day it comes back after another file in its place. One that is
-- replaced at its address on the same day never held, and has no row for that day.
CREATE TABLE meta.file_arrival (source_file_id VARCHAR, known_from DATE);
CREATE TABLE meta.quarantine (
    dataset_id VARCHAR, source_file_id VARCHAR, line BIGINT, "column" VARCHAR, "check" VARCHAR,
    raw_value VARCHAR, raw_text VARCHAR
);
CREATE TABLE meta.refused_file (
    sha256 VARCHAR, dataset_id VARCHAR, file_name VARCHAR, url VARCHAR, retrieved_on DATE, bytes BIGINT, reason VARCHAR
);
CREATE TABLE meta.withdrawal (
    told_at TIMESTAMP, sha256 VARCHAR, dataset_id VARCHAR, file_name VARCHAR, url VARCHAR, known_from DATE,
    told_by VARCHAR, reason VARCHAR, restored BOOLEAN, holds BOOLEAN
);
CREATE TABLE meta.drift (source_file_id VARCHAR, kind VARCHAR, detail VARCHAR);
CREATE TABLE meta.edition (edition VARCHAR, synthetic BOOLEAN);
CREATE TABLE meta.row_count (source_file_id VARCHAR, dataset_id VARCHAR, lines BIGINT, rows BIGINT);
CREATE TABLE meta.partition_count (source_file_id VARCHAR, dataset_id VARCHAR, period_label VARCHAR, rows BIGINT);
