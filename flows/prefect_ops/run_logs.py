"""The logs of flow and task runs: an expected fault is one sentence, without the traceback through Prefect's engine."""

import logging

from flows.exit_codes import UNEXPECTED, exit_code


class ExpectedFault(logging.Filter):
    """Shortens a record about an expected fault to the fault's own sentence; every record passes."""

    def filter(self, record: logging.LogRecord) -> bool:
        """True, after shortening the record."""
        fault = record.exc_info[1] if record.exc_info else None
        if isinstance(fault, Exception) and exit_code(fault) != UNEXPECTED:
            record.msg, record.args, record.exc_info, record.exc_text = str(fault), (), None, None
        return True


def log_expected_faults_in_one_sentence() -> None:
    """Add the filter to Prefect's loggers of runs. Call after Prefect is imported: it sets up logging anew."""
    for name in ("prefect.flow_runs", "prefect.task_runs"):
        logger = logging.getLogger(name)
        if not any(isinstance(one, ExpectedFault) for one in logger.filters):
            logger.addFilter(ExpectedFault())
