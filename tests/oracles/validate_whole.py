"""Pandera validates all rows of a file at once: the verdict that the reader's shortcuts must come to."""

import pandas as pd
from pandera.errors import SchemaErrors

from schemas.dataset import Dataset
from schemas.reading.check_rows import failures_of_cases
from schemas.reading.repeated import look_alike_keys
from schemas.reading.rows import TypedRows
from schemas.reading.typing_rows import FAILURE, no_failures


def check_rows(dataset: type[Dataset], rows: TypedRows) -> pd.DataFrame:
    """A failure per row, column and check, with the value that failed."""
    frame = rows.frame(list(dataset.schema().columns))
    try:
        dataset.schema().validate(frame, lazy=True)
        found = no_failures()
    except SchemaErrors as errors:
        found = failures_of_cases(dataset, frame, errors.failure_cases)
    return pd.concat([found, look_alike_keys(dataset, frame)], ignore_index=True).astype(FAILURE)
