"""Reading a file row by row, with the line of each and how far one is."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from monitoring.rules.history import BadCell, Reason, columns

Row = TypeVar("Row")
# A mark at the beginning of the file (as spreadsheets write it) is left out.
ENCODING = "utf-8-sig"
_TELL_EVERY = 5000
MOST_NAMED = 1000
# What stands for a byte that cannot be read.
_BROKEN = re.compile("[\udc80-\udcff]")


@dataclass(frozen=True, order=True)
class BadRow:
    """A row that cannot be taken in: the file's name, its line (1: the header), why, and what it is about."""

    file: str
    line: int
    reason: Reason
    about: tuple[str, ...] = ()


class Bad(list[BadRow]):
    """The rows that cannot be taken in: as many as somebody can read, and of the others how many."""

    def __init__(self) -> None:
        super().__init__()
        self.more = 0
        # Of these files not all rows are known, so who names one that is not there may do no wrong.
        self.unsure: set[Path] = set()

    def add(self, path: Path, line: int, reason: Reason, *about: str) -> None:
        """Note one."""
        if len(self) < MOST_NAMED:
            self.append(BadRow(path.name, line, reason, about))
        else:
            self.more += 1


Make = Callable[[Sequence[str], dict[str, int]], Row]
Told = Callable[[str, float], None]


class _Lines:
    """The lines of a text, counted, and the numbers of those with bytes that are no UTF-8 or no text at all."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self.text = text
        self.count = 0
        self.broken: list[int] = []

    def __iter__(self) -> Iterator[str]:
        for line in self.text:
            self.count += 1
            if "\0" in line or not (line.isascii() or _BROKEN.search(line) is None):
                self.broken.append(self.count)
            yield line


def read(
    path: Path,
    needed: Sequence[str],
    make: Make[Row],
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
    with path.open("rb") as raw, io.TextIOWrapper(raw, ENCODING, "surrogateescape", newline="") as text:
        lines = _Lines(text)
        try:
            head = next(iter(lines), "")
            if lines.broken:
                raise BadCell(Reason.UNREADABLE)
            separator = ";" if ";" in head and "," not in head else ","
            where = columns(next(csv.reader([head], delimiter=separator), []), needed, optional)
            width = len(next(csv.reader([head], delimiter=separator)))
            rows = csv.reader(lines, delimiter=separator, strict=True)
            while True:
                line = lines.count + 1
                cells = next(rows, None)
                if cells is None:
                    break
                if not cells:
                    continue
                try:
                    if lines.broken:
                        line = lines.broken[0]
                        lines.broken.clear()
                        raise BadCell(Reason.UNREADABLE)
                    if len(cells) != width:
                        raise BadCell(Reason.LENGTH, str(len(cells)), str(width))
                    yield line, make(cells, where)
                except BadCell as cell:
                    bad.add(path, line, cell.reason, *cell.about)
                    name = "".join(cells[where[needed[0]] :][:1])
                    if _BROKEN.search(name):
                        bad.unsure.add(path)
                    elif unread is not None:
                        unread.add(name.strip())
                if line % _TELL_EVERY == 0:
                    told(path.name, min(raw.tell() / size, 1))
        except BadCell as cell:
            bad.add(path, 1, cell.reason, *cell.about)
            bad.unsure.add(path)
        except csv.Error:
            bad.add(path, line, Reason.UNREADABLE)
            bad.unsure.add(path)
    told(path.name, 1)
