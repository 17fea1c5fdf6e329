"""The logs of flow and task runs: an expected fault is one sentence, without the traceback through Prefect's engine."""

import logging
from collections.abc import Callable


class ShortenExpected(logging.Filter):
    """Shortens a record about an expected fault to the fault's own sentence; every record passes."""

    def __init__(self, is_expected: Callable[[BaseException], bool]) -> None:
        super().__init__()
        self.is_expected = is_expected

    def filter(self, record: logging.LogRecord) -> bool:
        """True, after shortening the record."""
        fault = record.exc_info[1] if record.exc_info else None
        if fault is not None and self.is_expected(fault):
            record.msg, record.args, record.exc_info, record.exc_text = str(fault), (), None, None
        return True


def shorten_expected_faults(is_expected: Callable[[BaseException], bool]) -> None:
    """Add the filter to Prefect's loggers of runs. Call after Prefect is imported: it sets up logging anew."""
    for name in ("prefect.flow_runs", "prefect.task_runs"):
        logger = logging.getLogger(name)
        if not any(isinstance(one, ShortenExpected) for one in logger.filters):
            logger.addFilter(ShortenExpected(is_expected))
