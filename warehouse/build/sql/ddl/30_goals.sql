-- Goals and what is known of them. The register's own tables are generated from their models.
CREATE SCHEMA goals;

-- Breaks per indicator and method; open ends are the first and the last day there is.
CREATE TABLE goals.break_flag (
    break_id VARCHAR NOT NULL, indicator_id VARCHAR NOT NULL, method_version VARCHAR NOT NULL, flag VARCHAR NOT NULL,
    kind VARCHAR NOT NULL, period_end_from DATE NOT NULL, period_end_until DATE NOT NULL, known_from DATE NOT NULL,
    CHECK (period_end_from <= period_end_until)
);
