-- What the lines of publishers' files say about one site, period and breakdown. The tables of the files themselves are generated.
CREATE SCHEMA core;

-- A hidden count is empty, with the number of cells that hide it beside it (NULL: hidden without any bound).
CREATE TABLE core.contribution (
    indicator_id VARCHAR NOT NULL, method_version VARCHAR NOT NULL, dataset_id VARCHAR NOT NULL,
    scale DOUBLE NOT NULL CHECK (scale > 0), rank INTEGER NOT NULL, source_file_id VARCHAR NOT NULL, line BIGINT NOT NULL,
    vestiging_id VARCHAR NOT NULL, period_label VARCHAR NOT NULL, period_start DATE NOT NULL, period_end DATE NOT NULL,
    breakdown VARCHAR NOT NULL, parts_sum_to_total BOOLEAN NOT NULL, rounding DOUBLE NOT NULL CHECK (rounding >= 0),
    numerator DECIMAL(18, 3), numerator_masked INTEGER CHECK (numerator_masked >= 0),
    denominator DECIMAL(18, 3), denominator_masked INTEGER CHECK (denominator_masked >= 0),
    CHECK (period_start <= period_end)
);
