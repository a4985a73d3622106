"""A figure: a chart, the table that says the same, and its numbers as a file.

All of them are made of one tally, so that page, picture and file can never tell different numbers.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib import import_module
from io import BytesIO
from typing import Any

from csp.decorators import csp as policy
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.formats import date_format
from django.utils.translation import get_language

from vdx.lib import charts
from vdx.lib.charts import Chart, Width
from vdx.lib.errors import NotFound
from vdx.lib.spreadsheet import harmless

#: One line of a file. Texts stand as they are: whoever writes the file makes them harmless.
Line = Sequence[str | int | float]
#: The formats that a figure is taken away in, numbers first.
FORMATS = ("csv", "xlsx", "svg", "png")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# An SVG that is opened by itself is a page of its own. It may bring its own colours, and do nothing at all.
_PICTURE_POLICY: dict[str, Any] = {"default-src": ["'none'"], "style-src": ["'unsafe-inline'"], "sandbox": [True]}


def short_month(month: date, *, year: str = "y") -> str:
    """As it stands below a chart: ``sep 19``, in English ``Sep 19``. ``year`` as Django's format characters have it."""
    name = date_format(month, "b" if get_language() == "da" else "M")[:3]
    return f"{name} {date_format(month, year)}"


@dataclass(frozen=True)
class Row:
    """A line of a table: its heading, perhaps with a link, and the numbers."""

    heading: str
    cells: Sequence[str]
    url: str = ""


@dataclass(frozen=True)
class Table:
    """A table. ``last`` are the lines below it: all together, or those who are not in it."""

    corner: str
    columns: Sequence[str]
    rows: Sequence[Row]
    last: Sequence[Row] = ()


@dataclass(frozen=True)
class Figure:
    """A chart with the table that says the same, and the sentence above them. ``lines``: the file, header first.

    Empty: there is nothing to show.
    """

    title: str
    lead: str
    table: Table
    chart: Chart
    lines: Sequence[Line]
    empty: bool = False
    # What is to be known of the numbers, below the table.
    note: str = ""


def picture(request: HttpRequest, figure: Figure) -> HttpResponseBase:
    """The chart in a page, as wide as the page asks for; what stands around it there is left out."""
    chart = replace(figure.chart, title="", note="")
    width = Width.NARROW if request.GET.get("bredde") == "smal" else Width.WIDE
    return _harmless(request, HttpResponse(charts.svg(chart, width=width), content_type="image/svg+xml"))


def attachment(request: HttpRequest, figure: Figure, *, name: str, kind: str) -> HttpResponseBase:
    """The figure as a file to keep, with title and source. Raises NotFound for other formats."""
    if kind in {"csv", "xlsx"}:
        return _harmless(request, file_of(figure.lines, name=name, kind=kind, title=figure.title))
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    if kind == "svg":
        response = HttpResponse(charts.svg(figure.chart), content_type="image/svg+xml", headers=headers)
    elif kind == "png":
        response = HttpResponse(charts.png(figure.chart), content_type="image/png", headers=headers)
    else:
        raise NotFound
    return _harmless(request, response)


def file_of(lines: Iterable[Line], *, name: str, kind: str, title: str = "") -> HttpResponse:
    """Lines as a file, ``csv`` or ``xlsx``. Raises NotFound for other formats."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    if kind == "csv":
        response = HttpResponse(content_type="text/csv; charset=utf-8", headers=headers)
        csv.writer(response).writerows(
            [harmless(cell) if isinstance(cell, str) else cell for cell in line] for line in lines
        )
        return response
    if kind == "xlsx":
        return HttpResponse(xlsx(lines, title=title), content_type=XLSX, headers=headers)
    raise NotFound


def xlsx(lines: Iterable[Line], *, title: str = "") -> bytes:
    """Lines as a workbook with one sheet, the first line its header. Texts are texts, whatever they begin with.

    Each line leaves memory as it is written, so that a long file costs no more than a short one.
    """
    # Here and not above: the hub starts without the library, and few ever ask for a workbook.
    workbook: Any = import_module("xlsxwriter").Workbook
    target = BytesIO()
    with workbook(target, {"constant_memory": True}) as book:
        book.set_properties({"title": title, "author": "VDX"})
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        sheet.set_column(0, 30, 16)
        sheet.freeze_panes(1, 0)
        for number, line in enumerate(lines):
            for column, cell in enumerate(line):
                if isinstance(cell, str):
                    sheet.write_string(number, column, cell, bold if number == 0 else None)
                else:
                    sheet.write_number(number, column, cell)
    return target.getvalue()


def _harmless(request: HttpRequest, response: HttpResponse) -> HttpResponseBase:
    return policy(_PICTURE_POLICY)(lambda _request: response)(request)
