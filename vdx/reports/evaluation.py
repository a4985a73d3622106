"""The evaluation report: which files it is made of."""

from __future__ import annotations

from datetime import date

from monitoring import queries as monitoring_queries
from vdx.reports import money
from vdx.reports.files import as_csv
from vdx.reports.tables import Rows, monitoring_tables


def report_files(*, first: date, last: date) -> dict[str, bytes]:
    """The files of the report on a period, by name; both days are Danish ones and included."""
    tables = all_tables(first=first, last=last)
    return {f"{name}.csv": as_csv(rows) for name, rows in tables.items()}


def all_tables(*, first: date, last: date) -> dict[str, Rows]:
    """Every table, by the name of its file."""
    numbers = monitoring_queries.evaluation(first=first, last=last)
    known = [
        rate
        for rate in monitoring_queries.rates()
        if rate.valid_from <= last and (rate.valid_until is None or rate.valid_until >= first)
    ]
    return {
        **monitoring_tables(numbers),
        "table7_costs": money.costs_table(monitoring_queries.costs(first=first, last=last)),
        "table8_rates": money.rates_table(known),
        "fees": money.fees_table(monitoring_queries.honoraria(first=first, last=last), numbers.regions),
    }
