"""The evaluation report: which files it is made of."""

from __future__ import annotations

from datetime import date

from monitoring import queries as monitoring_queries
from vdx.reports.files import as_csv
from vdx.reports.tables import monitoring_tables


def report_files(*, first: date, last: date) -> dict[str, bytes]:
    """The files of the report on a period, by name; both days are Danish ones and included."""
    numbers = monitoring_queries.evaluation(first=first, last=last)
    return {f"{name}.csv": as_csv(rows) for name, rows in monitoring_tables(numbers).items()}
