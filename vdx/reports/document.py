"""A report as plain values: chapters of paragraphs, lists, tables and charts, which each writer puts down in its way.

The page (``html.py``) and the PDF (``pdf.py``) are written from the same document, so that they cannot differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from vdx.lib.charts import Chart


@dataclass(frozen=True)
class Paragraph:
    """What is said."""

    kind: ClassVar[str] = "paragraph"
    text: str


@dataclass(frozen=True)
class Points:
    """What is said in short lines."""

    kind: ClassVar[str] = "points"
    lines: Sequence[str]


@dataclass(frozen=True)
class Caveat:
    """What the reader must keep in mind of the numbers beside it."""

    kind: ClassVar[str] = "caveat"
    text: str


@dataclass(frozen=True)
class Section:
    """The heading of a part of a chapter; it stands in the contents."""

    kind: ClassVar[str] = "section"
    heading: str


@dataclass(frozen=True)
class Table:
    """A table as it is read. ``name`` is its file's, without ending.

    The first ``texts`` columns are words, the others numbers. ``total``: the last row sums up the others.
    """

    kind: ClassVar[str] = "table"
    name: str
    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    texts: int = 1
    total: bool = False


@dataclass(frozen=True)
class Picture:
    """A chart. ``name`` is that of its file, without ending; the table that says the same follows it."""

    kind: ClassVar[str] = "picture"
    name: str
    title: str
    chart: Chart


Block = Paragraph | Points | Caveat | Section | Table | Picture


@dataclass(frozen=True)
class Chapter:
    """A heading and what stands below it."""

    heading: str
    blocks: Sequence[Block] = field(default_factory=tuple)


@dataclass(frozen=True)
class Document:
    """The whole report. ``language`` is the code of its words."""

    title: str
    period: str
    language: str
    lead: Sequence[Block]
    chapters: Sequence[Chapter]

    @property
    def pictures(self) -> list[Picture]:
        """Every chart, in the order of the document."""
        return [block for chapter in self.chapters for block in chapter.blocks if isinstance(block, Picture)]


def in_parts(header: Sequence[str], rows: Sequence[Sequence[str]], *, most: int) -> list[list[list[str]]]:
    """A table that is too wide, in tables with the same first column and at most so many others; headers first."""
    width = max(len(header) - 1, 1)
    count = -(-width // most)
    # As even as can be: ten columns are five and five.
    each = -(-width // count)
    return [
        [[line[0], *line[1 + start : 1 + start + each]] for line in (header, *rows)] for start in range(0, width, each)
    ]
