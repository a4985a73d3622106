"""Tables of the files as they are read in the report: words in its language, months by name, money in crowns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from vdx.reports import words
from vdx.reports.document import Block, Picture, Table, in_parts
from vdx.reports.pictures import months as months_chart
from vdx.reports.tables import ALL, Rows

# So many months stand beside each other on a page, and one more with the sum.
ACROSS = 12


def by_month(rows: Rows, name: str, title: str) -> list[Block]:
    """A table of regions and months, in as many as are needed beside each other."""
    header = [_("Region"), *(month_of(cell) for cell in rows[0][1:])]
    body = [[words.region(str(row[0])), *map(words.number, row[1:])] for row in rows[1:]]
    total = str(rows[-1][0]) == ALL
    parts = in_parts(header, body, most=ACROSS + 1)
    return [
        Table(name, numbered(title, number, len(parts)), part[0], part[1:], total=total)
        for number, part in enumerate(parts, start=1)
    ]


def month_of(cell: str | int) -> str:
    """The heading of a month's column, or of the sum of all."""
    text = str(cell)
    return _("I alt") if text == "total" else words.month(date.fromisoformat(f"{text}-01"))


def numbered(title: str, number: int, count: int) -> str:
    """The title of one table of several that belong together."""
    return title if count == 1 else _("{title} ({number} af {count})").format(title=title, number=number, count=count)


def two_columns(rows: Rows, name: str, title: str, header: Sequence[str], *, months: bool) -> Table:
    """A table of one number for each month or region."""
    body = [
        [month_of(row[0]) if months else words.region(str(row[0])), *map(words.number, row[1:])] for row in rows[1:]
    ]
    return Table(name, title, header, body)


def regions_chart(rows: Rows, name: str, title: str) -> Picture:
    """A line for each region of a table of regions and months."""
    labels = [month_of(cell) for cell in rows[0][1:] if cell != "total"]
    lines = {words.region(str(row[0])): [int(cell) for cell in row[1 : len(labels) + 1]] for row in rows[1:-1]}
    return months_chart(name, title, labels, lines)


def month_chart(rows: Rows, name: str, title: str, what: str) -> Picture:
    """One line over the months of a table."""
    labels = [month_of(row[0]) for row in rows[1:]]
    return months_chart(name, title, labels, {what: [int(row[1]) for row in rows[1:]]})


def minutes(rows: Rows, kind: str, title: str) -> list[Block]:
    """The minutes of a kind of call, of all regions and months, laid out as the other tables are."""
    found = {(str(month), str(region)): minutes for month, region, of, minutes in rows[1:] if of == kind}
    months = list(dict.fromkeys(month for month, _region in found))
    regions = list(dict.fromkeys(region for _month, region in found))
    table: Rows = [["region", *months], *([region, *(found[month, region] for month in months)] for region in regions)]
    return by_month(table, "minutes", title)
