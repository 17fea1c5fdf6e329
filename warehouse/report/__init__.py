"""The report: a static site in Dutch and English, complete in one folder, that needs no server and no network."""

from warehouse.report.write import Written, write_report

__all__ = ["Written", "write_report"]
