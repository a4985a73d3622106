"""The evaluation report: which files it is made of."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from django.conf import settings

from vdx.lib import charts
from vdx.reports import data, html, pdf
from vdx.reports.chapters import document
from vdx.reports.files import as_csv, with_manifest
from vdx.reports.tables import Rows

STYLE = Path("static") / "css" / "report.css"


def report_tables(*, first: date, last: date) -> dict[str, Rows]:
    """Every table of the report, by the name of its file; both days are Danish ones and included."""
    return data.read(first=first, last=last).tables


def report_files(*, first: date, last: date) -> dict[str, bytes]:
    """The files of the report on a period, by name; both days are Danish ones and included.

    The text and the charts are in the language that is switched on; the tables' files are the same in each. The same
    data gives the same bytes.
    """
    found = data.read(first=first, last=last)
    report = document(found)
    style = (Path(settings.BASE_DIR) / STYLE).read_text(encoding="utf-8")
    drawn = {picture.name: charts.svg(picture.chart) for picture in report.pictures}
    dots = {picture.name: charts.png(picture.chart) for picture in report.pictures}
    return with_manifest(
        {
            "report.html": html.page(report, drawn=drawn, style=style),
            "report.pdf": pdf.pdf(report, drawn=dots, written=last),
            "report.css": style.encode(),
            **{f"{name}.csv": as_csv(rows) for name, rows in found.tables.items()},
            **{f"{name}.svg": picture for name, picture in drawn.items()},
        }
    )
