"""The evaluation report: which files it is made of."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string

from monitoring import queries as monitoring_queries
from vdx.reports import money
from vdx.reports.files import as_csv
from vdx.reports.tables import monitoring_tables
from vdx.reports.text import chapters

STYLE = Path("static") / "css" / "report.css"


def report_files(*, first: date, last: date) -> dict[str, bytes]:
    """The files of the report on a period, by name; both days are Danish ones and included.

    The text is in the language that is switched on; the tables' files are the same in each.
    """
    numbers = monitoring_queries.evaluation(first=first, last=last)
    paid = monitoring_queries.honoraria(first=first, last=last)
    known = [
        rate
        for rate in monitoring_queries.rates()
        if rate.valid_from <= last and (rate.valid_until is None or rate.valid_until >= first)
    ]
    tables = {
        **monitoring_tables(numbers),
        "table7_costs": money.costs_table(monitoring_queries.costs(first=first, last=last)),
        "table8_rates": money.rates_table(known),
        "fees": money.fees_table(paid, numbers.regions),
    }
    page = render_to_string(
        "reports/evaluation.html", {"first": first, "last": last, "chapters": chapters(numbers, tables, paid)}
    )
    return {
        **{f"{name}.csv": as_csv(rows) for name, rows in tables.items()},
        "report.html": page.encode(),
        "report.css": (Path(settings.BASE_DIR) / STYLE).read_bytes(),
    }
