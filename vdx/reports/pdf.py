"""The report as a PDF: titled, tagged, with bookmarks, contents and page numbers, and a font of its own in it.

The same document gives the same bytes. It is written twice: the first time tells on which pages the headings lie.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import cast

import matplotlib
from django.utils.translation import gettext as _
from fpdf.enums import Align, MethodReturnValue, XPos, YPos
from fpdf.fonts import TTFFont
from fpdf.prefs import ViewerPreferences
from fpdf.structure_tree import StructElem

from vdx.reports.document import Block, Caveat, Document, Paragraph, Picture, Points, Section, Table
from vdx.reports.tags import Tagged

# DejaVu, which comes with matplotlib: free, and it has the letters of every European language.
_FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
_FAMILY = "DejaVu"
# A line for each table of a font that is made smaller says nothing to whoever makes a report.
logging.getLogger("fontTools.subset").setLevel(logging.WARNING)
_INK, _SOFT, _LINE, _PETROL, _SAND, _AMBER = "#1c2326", "#525a5e", "#bfb8ab", "#00566b", "#f0eae0", "#8a5300"
# Millimetres and points.
_MARGIN, _FOOT = 20.0, 18.0
_TEXT, _SMALL, _CELL = 10.0, 8.0, 8.0
_LEADING = 1.4
# So wide a chart has letters as large as the text beside it.
_CHART = 150.0
_PAD, _ABOVE = 1.4, 1.0
# No column of numbers is narrower.
_NUMBERS = 13.0
_POINT = 25.4 / 72


def pdf(document: Document, *, drawn: Mapping[str, bytes], written: date) -> bytes:
    """The document as the bytes of a PDF. ``drawn`` are its charts as PNG, by name; ``written`` is its date."""
    with closing(_Writer(document, drawn, written)) as first:
        first.write()
        with closing(_Writer(document, drawn, written, known=first)) as second:
            second.write()
            return bytes(second.file.output())


class _File(Tagged):
    """A4, with a line at the foot of every page but the first."""

    def __init__(self, foot: str, count: int) -> None:
        super().__init__()
        self._foot, self._count = foot, count

    def footer(self) -> None:
        """Title, period and the number of the page."""
        if self.page == 1:
            return
        with self.artifact():
            self.set_y(-_FOOT + 4)
            self.set_font(_FAMILY, size=_SMALL)
            self.set_text_color(_SOFT)
            page = _("Side {page} af {count}").format(page=self.page, count=self._count)
            self.cell(self.epw - 35, 4, self._foot)
            self.cell(35, 4, page, align=Align.R)


class _Writer:
    """Puts a document down. ``known``: the writer that did it before, and so knows where everything stands."""

    def __init__(
        self, document: Document, drawn: Mapping[str, bytes], written: date, *, known: _Writer | None = None
    ) -> None:
        self.document, self.drawn, self.known = document, drawn, known
        # The page of each heading, by the number of its chapter and its own.
        self.headings: dict[str, int] = {}
        # How texts are broken: by text, width, and font.
        self.broken: dict[tuple[str, float, str, float], list[str]] = known.broken if known else {}
        file = _File(f"{document.title}, {document.period}", known.file.page if known else 0)
        self.file: _File = file
        for style, name in (("", "DejaVuSans.ttf"), ("B", "DejaVuSans-Bold.ttf")):
            file.add_font(_FAMILY, style, _FONTS / name)
        file.set_margins(_MARGIN, _MARGIN)
        file.c_margin = 0
        # Every break is ours: nothing that is marked as one may be cut in two.
        file.set_auto_page_break(False)
        file.set_title(f"{document.title}, {document.period}")
        file.set_author("MedCom VDX")
        file.set_creator("VDX")
        file.set_lang(document.language)
        # A reader shows the title and not the file's name.
        file.viewer_preferences = ViewerPreferences(display_doc_title=True)
        file.set_creation_date(datetime(written.year, written.month, written.day, tzinfo=UTC))

    def close(self) -> None:
        """Let go of the fonts' files."""
        for font in self.file.fonts.values():
            if isinstance(font, TTFFont):
                font.close()

    def write(self) -> None:
        """Front page, contents, chapters."""
        file = self.file
        file.add_page()
        file.set_y(45)
        self.text(self.document.title, tag="H1", size=24, bold=True, colour=_PETROL)
        self.text(self.document.period, size=14, after=8)
        for block in self.document.lead:
            self.block(block)
        file.add_page()
        self.contents()
        for number, chapter in enumerate(self.document.chapters, start=1):
            file.add_page()
            self.heading(f"{number}. {chapter.heading}", str(number), level=0)
            sections = 0
            for place, block in enumerate(chapter.blocks):
                if isinstance(block, Section):
                    sections += 1
                    # A heading stands with what it is of.
                    self.room(16 + self.first_height(chapter.blocks[place + 1 :]))
                    self.heading(block.heading, f"{number}.{sections}", level=1)
                    continue
                following = chapter.blocks[place + 1] if place + 1 < len(chapter.blocks) else None
                if isinstance(block, Picture):
                    self.picture(block, following)
                else:
                    self.block(block)

    def contents(self) -> None:
        """Every heading with its page."""
        self.text(_("Indhold"), tag="H1", size=18, bold=True, colour=_PETROL, after=5)
        whole = self.file.group("TOC")
        for number, chapter in enumerate(self.document.chapters, start=1):
            self.entry(whole, f"{number}. {chapter.heading}", str(number), bold=True)
            sections = [block for block in chapter.blocks if isinstance(block, Section)]
            for place, section in enumerate(sections, start=1):
                self.entry(whole, section.heading, f"{number}.{place}", bold=False)

    def entry(self, parent: StructElem, text: str, key: str, *, bold: bool) -> None:
        """A line of the contents."""
        file, height = self.file, 5.4
        if bold:
            file.set_y(file.y + 1.5)
        if self.room(height):
            parent = file.group("TOC")
        self.font(_TEXT, bold=bold)
        page = self.known.headings[key] if self.known else 1
        link = file.add_link(page=page)
        with file.marked("TOCI", parent):
            file.set_x(_MARGIN + (0 if bold else 6))
            file.cell(file.epw - (14 if bold else 20), height, self.shortened(text, file.epw - 22), link=link)
            file.cell(14, height, str(page), align=Align.R, link=link, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def shortened(self, text: str, room: float) -> str:
        """A text that fits on a line."""
        while self.file.get_string_width(text) > room and len(text) > 2:
            text = f"{text[:-2].rstrip()}…"
        return text

    def heading(self, text: str, key: str, *, level: int) -> None:
        """A heading, its bookmark, and where it stands."""
        if level:
            self.file.set_y(self.file.y + 4)
        self.headings[key] = self.file.page
        self.file.start_section(text, level)
        size, after = ((18.0, 5.0), (13.0, 2.5))[level]
        self.text(text, tag="H1" if level == 0 else "H2", size=size, bold=True, colour=_PETROL, after=after)

    def block(self, block: Block) -> None:
        """Anything but headings and charts."""
        match block:
            case Paragraph(text):
                self.text(text)
            case Caveat(text):
                self.caveat(text)
            case Points(lines):
                self.points(lines)
            case Table():
                self.table(block)
            case _:
                raise TypeError(block)

    def font(self, size: float, *, bold: bool = False, colour: str = _INK) -> None:
        """What is written next."""
        self.file.set_font(_FAMILY, "B" if bold else "", size)
        self.file.set_text_color(colour)

    def room(self, height: float) -> bool:
        """Go on to a new page where so many millimetres are not left on this one; whether it did."""
        if self.file.y + height <= self.file.h - _FOOT - 2:
            return False
        self.file.add_page()
        return True

    def lines(self, text: str, width: float) -> list[str]:
        """The text as it is broken in a width."""
        key = (text, width, self.file.font_style, self.file.font_size_pt)
        if key not in self.broken:
            found = self.file.multi_cell(width, 5, text, dry_run=True, output=MethodReturnValue.LINES, align=Align.L)
            self.broken[key] = cast("list[str]", found) or [""]
        return self.broken[key]

    def text(
        self,
        text: str,
        *,
        tag: str = "P",
        size: float = _TEXT,
        bold: bool = False,
        colour: str = _INK,
        after: float = 2.5,
    ) -> None:
        """A paragraph, whole on one page."""
        self.font(size, bold=bold, colour=colour)
        leading = size * _POINT * _LEADING
        self.room(len(self.lines(text, self.file.epw)) * leading)
        self.font(size, bold=bold, colour=colour)
        with self.file.marked(tag):
            self.file.multi_cell(self.file.epw, leading, text, align=Align.L, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.file.set_y(self.file.y + after)

    def points(self, lines: Sequence[str]) -> None:
        """A list."""
        leading = _TEXT * _POINT * _LEADING
        whole: StructElem | None = None
        for line in lines:
            self.font(_TEXT)
            if self.room(len(self.lines(line, self.file.epw - 5)) * leading) or whole is None:
                whole = self.file.group("L")
            self.font(_TEXT)
            item = self.file.group("LI", whole)
            with self.file.marked("Lbl", item):
                self.file.cell(5, leading, "•")
            with self.file.marked("LBody", item):
                self.file.multi_cell(
                    self.file.epw - 5, leading, line, align=Align.L, new_x=XPos.LMARGIN, new_y=YPos.NEXT
                )
            self.file.set_y(self.file.y + 0.8)
        self.file.set_y(self.file.y + 2)

    def caveat(self, text: str) -> None:
        """A note on sand, with a line beside it."""
        file = self.file
        self.font(_TEXT)
        leading = _TEXT * _POINT * _LEADING
        height = len(self.lines(text, file.epw - 8)) * leading + 4
        self.room(height)
        top = file.y
        with file.artifact():
            file.set_fill_color(_SAND)
            file.rect(_MARGIN, top, file.epw, height, style="F")
            file.set_fill_color(_AMBER)
            file.rect(_MARGIN, top, 1.2, height, style="F")
        file.set_xy(_MARGIN + 5, top + 2)
        self.font(_TEXT)
        with file.marked("P"):
            file.multi_cell(file.epw - 8, leading, text, align=Align.L, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        file.set_y(top + height + 4)

    def size(self, picture: Picture) -> tuple[float, float]:
        """Width and height of a chart: across the page, or as high as a page can take."""
        data = self.drawn[picture.name]
        width_of, height_of = int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
        width = min(_CHART, (self.file.h - _MARGIN - _FOOT - 24) * width_of / height_of)
        return width, width * height_of / width_of

    def first_height(self, blocks: Sequence[Block]) -> float:
        """How much of what follows a heading must stand on its page."""
        height = 0.0
        for block in blocks[:2]:
            if isinstance(block, Picture):
                return height + self.size(block)[1] + 30
            height += 20
        return height

    def picture(self, picture: Picture, following: Block | None) -> None:
        """A chart, together with the head of its table where that fits."""
        file = self.file
        data, (width, height) = self.drawn[picture.name], self.size(picture)
        most = file.h - _MARGIN - _FOOT - 4
        table = 0.0
        if isinstance(following, Table):
            table = min(6.0 * (len(following.rows) + 2), 30.0)
        self.room(height + table if height + table <= most else height)
        alt = _("Diagram: {title} Tallene står i tabellen nedenfor.").format(title=picture.title)
        with file.marked("Figure", alt=alt):
            if self.known:
                file.image(BytesIO(data), x=_MARGIN, y=file.y, w=width, h=height)
        file.set_y(file.y + height + 2)

    def table(self, table: Table) -> None:
        """A table; where it goes on to a new page, its head stands there again."""
        file = self.file
        widths = self.widths(table)
        self.font(_CELL, bold=True)
        head = self.row_height(table.header, widths)
        self.font(_CELL)
        first = self.row_height(table.rows[0], widths) if table.rows else 0.0
        title = len(self.lines(table.title, file.epw)) * 5.2
        short = head + title + sum(self.row_height(row, widths) for row in table.rows) + 6
        # A table that fits on a page is not cut in two for a few rows.
        self.room(short if short <= 70 else title + head + first + 12)
        self.font(9.5, bold=True)
        with file.marked("P"):
            file.multi_cell(file.epw, 5.2, table.title, align=Align.L, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.font(7, colour=_SOFT)
        with file.marked("P"):
            file.cell(file.epw, 4, f"{table.name}.csv", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        whole = file.group("Table")
        self.row(whole, table.header, widths, table.texts, height=head, head=True)
        for place, cells in enumerate(table.rows):
            last = table.total and place == len(table.rows) - 1
            self.font(_CELL, bold=last)
            height = self.row_height(cells, widths)
            if self.room(height):
                whole = file.group("Table")
                self.row(whole, table.header, widths, table.texts, height=head, head=True)
            self.row(whole, cells, widths, table.texts, height=height, bold=last)
        file.set_y(file.y + 5)

    def widths(self, table: Table) -> list[float]:
        """How wide the columns are: as their contents ask, and together no wider than the page.

        Numbers are never broken; words are, where there is no room for them.
        """
        needed, least = [], []
        for place in range(len(table.header)):
            self.font(_CELL, bold=True)
            texts = [row[place] for row in [table.header, *table.rows]]
            whole = max(self.file.get_string_width(text) for text in texts)
            words = max(self.file.get_string_width(word) for text in texts for word in (text.split() or [""]))
            numbers = max((self.file.get_string_width(row[place]) for row in table.rows), default=0.0)
            pad = 2 * _PAD + 0.4
            needed.append(whole + pad)
            least.append(max(words, numbers, _NUMBERS - pad) + pad if place >= table.texts else min(words, 45.0) + pad)
            needed[-1] = max(needed[-1], least[-1])
        room = self.file.epw
        if sum(needed) <= room:
            return needed
        if sum(least) >= room:
            return [width * room / sum(least) for width in least]
        # What is left is shared by what each column lacks.
        lacking = [want - have for want, have in zip(needed, least, strict=True)]
        spare = (room - sum(least)) / sum(lacking)
        return [have + lack * spare for have, lack in zip(least, lacking, strict=True)]

    def row_height(self, cells: Sequence[str], widths: Sequence[float]) -> float:
        """How high a row is in the font that is chosen."""
        most = max(len(self.lines(text, width - 2 * _PAD)) for text, width in zip(cells, widths, strict=True))
        return most * _CELL * _POINT * 1.25 + 2 * _ABOVE

    def row(
        self,
        table: StructElem,
        cells: Sequence[str],
        widths: Sequence[float],
        texts: int,
        *,
        height: float,
        head: bool = False,
        bold: bool = False,
    ) -> None:
        """A row, with the line below it."""
        file, top, left = self.file, self.file.y, _MARGIN
        row = file.group("TR", table)
        for place, (text, width) in enumerate(zip(cells, widths, strict=True)):
            self.font(_CELL, bold=head or bold)
            file.set_xy(left + _PAD, top + _ABOVE)
            with file.marked("TH" if head or not place else "TD", row):
                file.multi_cell(
                    width - 2 * _PAD,
                    _CELL * _POINT * 1.25,
                    text,
                    align=Align.L if place < texts else Align.R,
                    padding=0,
                )
            left += width
        with file.artifact():
            file.set_draw_color(_INK if head else _LINE)
            file.set_line_width(0.4 if head else 0.15)
            file.line(_MARGIN, top + height, left, top + height)
        file.set_xy(_MARGIN, top + height)
