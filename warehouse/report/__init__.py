"""The report: a static site in Dutch and English, complete in one folder, that needs no server and no network."""

from warehouse.report.write import Written, is_current, write_report

__all__ = ["Written", "is_current", "write_report"]
