"""Reading a file row by row, with the line of each and how far one is."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from monitoring.rules.history import BadCell, Reason, columns

Row = TypeVar("Row")
# A mark at the beginning of the file (as spreadsheets write it) is left out.
ENCODING = "utf-8-sig"
_TELL_EVERY = 5000


@dataclass(frozen=True, order=True)
class BadRow:
    """A row that cannot be taken in: the file's name, its line (1: the header), why, and what it is about."""

    file: str
    line: int
    reason: Reason
    about: tuple[str, ...] = ()


class Bad(list[BadRow]):
    """All rows that cannot be taken in."""

    def add(self, path: Path, line: int, reason: Reason, *about: str) -> None:
        """Note one."""
        self.append(BadRow(path.name, line, reason, about))


Told = Callable[[str, float], None]


def read(
    path: Path,
    needed: Sequence[str],
    make: Callable[[Sequence[str], dict[str, int]], Row],
    bad: Bad,
    *,
    optional: Sequence[str] = (),
    unread: set[str] | None = None,
    told: Told,
) -> Iterator[tuple[int, Row]]:
    """Line and row of every good row; the others go to ``bad``, what stands in their first needed column to ``unread``.

    ``told`` hears the file's name and the share read.

    Lines are counted as an editor counts them. The separator is a comma, or a semicolon where the header has no comma.
    Raises ``OSError`` where the file cannot be opened.
    """
    size = max(path.stat().st_size, 1)
    line = 1
    with path.open("rb") as raw, io.TextIOWrapper(raw, encoding=ENCODING, newline="") as text:
        try:
            head = text.readline()
            separator = ";" if ";" in head and "," not in head else ","
            where = columns(next(csv.reader([head], delimiter=separator), []), needed, optional)
            width = len(next(csv.reader([head], delimiter=separator)))
            rows = csv.reader(text, delimiter=separator, strict=True)
            while True:
                line = rows.line_num + 2
                cells = next(rows, None)
                if cells is None:
                    break
                if not cells:
                    continue
                try:
                    if len(cells) != width:
                        raise BadCell(Reason.LENGTH, str(len(cells)), str(width))
                    yield line, make(cells, where)
                except BadCell as cell:
                    bad.add(path, line, cell.reason, *cell.about)
                    if unread is not None:
                        unread.update(cells[where[needed[0]] :][:1])
                if line % _TELL_EVERY == 0:
                    told(path.name, min(raw.tell() / size, 1))
        except BadCell as cell:
            bad.add(path, 1, cell.reason, *cell.about)
        except (UnicodeDecodeError, csv.Error):
            bad.add(path, line, Reason.UNREADABLE)
    told(path.name, 1)
