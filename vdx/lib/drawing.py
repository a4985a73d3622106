"""Drawing charts with matplotlib: figures as objects, without pyplot and its global state.

Imported by ``vdx.lib.charts`` alone. matplotlib does not promise to be safe in threads, so one chart is drawn at a
time; it takes a tenth of a second.
"""

from __future__ import annotations

import threading
from io import BytesIO
from typing import Any

import matplotlib
from django.utils.formats import number_format
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Rectangle
from matplotlib.textpath import text_to_path
from matplotlib.ticker import MaxNLocator

from vdx.lib.charts import Bars, Chart, Lines

# The colours of static/css/tokens.css (a test compares them).
COLOURS = {
    "paper": "#ffffff",
    "ink": "#1c2326",
    "ink-soft": "#525a5e",
    "edge": "#80786b",
    "line": "#ddd5c8",
    "sand-dark": "#f0eae0",
    "petrol": "#00566b",
    "coral": "#b34524",
    "green": "#256b2f",
    "amber": "#8a5300",
}
# Lines differ in colour, in how they are drawn and in their marks, so that none of the three is needed alone.
STYLES: list[tuple[str, str | tuple[int, tuple[int, ...]], str]] = [
    ("petrol", "-", "o"),
    ("coral", "--", "s"),
    ("green", ":", "^"),
    ("amber", "-.", "D"),
    ("ink", (0, (7, 2)), "v"),
    ("ink-soft", (0, (1, 1)), "P"),
]

MARGIN = 8.0
TEXT, SMALL, HEADING = 15.0, 13.0, 17.0
# From one line of text to the next, in heights of its letters.
LEADING = 1.35
BAR = 20.0
# As many points, and less than twice as many, each have a mark.
MOST_MARKS = 30
PLOT = 260.0
_INCH = 72.0
# matplotlib's own, so that every machine draws the same.
_FAMILY = "DejaVu Sans"

_one_at_a_time = threading.Lock()

matplotlib.rcParams.update(
    {
        "font.family": _FAMILY,
        # Outlines: a picture in a page may load no fonts.
        "svg.fonttype": "path",
        # The same chart is the same file.
        "svg.hashsalt": "vdx",
        # A "$" in a question is a "$", and no formula.
        "text.parse_math": False,
    }
)


def svg(chart: Chart, *, width: int) -> bytes:
    """The chart as an SVG file ``width`` points wide."""
    with _one_at_a_time:
        target = BytesIO()
        # Neither date nor program: nothing that changes from one time to the next.
        metadata = {"Date": None, "Creator": None, "Title": chart.title}
        _figure(chart, float(width)).savefig(target, format="svg", metadata=metadata)
        return target.getvalue()


def png(chart: Chart, *, width: int) -> bytes:
    """The chart as a PNG file twice ``width`` dots wide."""
    with _one_at_a_time:
        target = BytesIO()
        _figure(chart, float(width)).savefig(target, format="png", dpi=2 * _INCH, metadata={"Title": chart.title})
        return target.getvalue()


def _figure(chart: Chart, width: float) -> Figure:
    return _bars(chart, width) if isinstance(chart, Bars) else _lines(chart, width)


class _Sheet:
    """Paper that is written from the top down: everything is placed first, and its height is known last."""

    def __init__(self, width: float) -> None:
        self.width = width
        self.inner = width - 2 * MARGIN
        self.y = MARGIN
        self.texts: list[tuple[float, float, str, float, bool, str]] = []
        self.boxes: list[tuple[float, float, float, str]] = []

    def write(self, text: str, *, size: float = TEXT, bold: bool = False, colour: str = "ink") -> None:
        """Lines of text across the sheet; an empty text takes no room."""
        for line in wrapped(text, self.inner, size, bold=bold):
            self.texts.append((MARGIN, self.y + size, line, size, bold, colour))
            self.y += size * LEADING

    def figure(self) -> Figure:
        """What was placed, on paper as high as it needs."""
        figure = _paper(self.width, self.y + MARGIN)
        axes = _bare(figure, self.width, self.y + MARGIN)
        for x, y, length, colour in self.boxes:
            axes.add_patch(Rectangle((x, y), length, BAR, facecolor=COLOURS[colour], linewidth=0))
        for x, y, text, size, bold, colour in self.texts:
            axes.text(x, y, text, size=size, weight="bold" if bold else "normal", color=COLOURS[colour])
        return figure


def _bars(chart: Bars, width: float) -> Figure:
    sheet = _Sheet(width)
    words = max((_length(bar.shown, TEXT, bold=True) for group in chart.groups for bar in group.bars), default=0.0)
    room = sheet.inner - words - 2 * MARGIN
    if chart.title:
        sheet.write(chart.title, size=HEADING, bold=True)
        sheet.y += 10
    for group in chart.groups:
        if group.heading:
            sheet.write(group.heading, bold=True)
            sheet.y += 4
        for bar in group.bars:
            sheet.write(bar.label)
            sheet.y += 3
            share = 0.0 if bar.value is None else min(max(bar.value / chart.most, 0.0), 1.0)
            sheet.boxes.append((MARGIN, sheet.y, room, "sand-dark"))
            if share:
                sheet.boxes.append((MARGIN, sheet.y, max(room * share, 2.0), "petrol"))
            sheet.texts.append((MARGIN + room + MARGIN, sheet.y + BAR - 5, bar.shown, TEXT, True, "ink"))
            sheet.y += BAR + 8
        sheet.y += 10
    sheet.write(chart.note, size=SMALL, colour="ink-soft")
    return sheet.figure()


def _lines(chart: Lines, width: float) -> Figure:
    head, foot = _Sheet(width), _Sheet(width)
    if chart.title:
        head.write(chart.title, size=HEADING, bold=True)
        head.y += 10
    foot.y = 0
    foot.write(chart.note, size=SMALL, colour="ink-soft")
    # Below the plot: the dates, then one line for each name.
    names = SMALL * 2.4 + len(chart.series) * TEXT * LEADING
    height = head.y + PLOT + names + foot.y + 2 * MARGIN
    figure = _paper(width, height)
    sheet = _bare(figure, width, height)
    shift = height - foot.y - MARGIN
    for part, down in ((head, 0.0), (foot, shift)):
        for x, y, text, size, bold, colour in part.texts:
            sheet.text(x, y + down, text, size=size, weight="bold" if bold else "normal", color=COLOURS[colour])

    values = [value for series in chart.series for value in series.values if value is not None]
    top = chart.most if chart.most is not None else max([*values, 1.0]) * 1.08
    left = _length(_on_scale(top, chart, places=int(chart.least > 0)), SMALL) + 3 * MARGIN
    # The last date stands in the middle below the last point.
    right = max((_length(label, SMALL) for label in chart.labels), default=0.0) / 2 + MARGIN
    box = (left / width, 1 - (head.y + PLOT) / height, (width - left - right) / width, PLOT / height)
    plot = figure.add_axes(box)
    for number, series in enumerate(chart.series):
        colour, dashes, mark = STYLES[number % len(STYLES)]
        places = range(len(series.values))
        gaps = [float("nan") if value is None else value for value in series.values]
        # Of very many points some are marked, to tell the lines apart; one that stands alone always is.
        marked = 1 if None in series.values else max(1, len(gaps) // MOST_MARKS)
        look: dict[str, Any] = {"color": COLOURS[colour], "linestyle": dashes, "linewidth": 2, "clip_on": False}
        plot.plot(places, gaps, marker=mark, markevery=marked, **look)
        y = head.y + PLOT + SMALL * 2.4 + (number + 1) * TEXT * LEADING
        sheet.plot([MARGIN, MARGIN + 32], [y - 5, y - 5], color=COLOURS[colour], linestyle=dashes, linewidth=2)
        sheet.plot([MARGIN + 16], [y - 5], color=COLOURS[colour], marker=mark)
        sheet.text(MARGIN + 42, y, series.name, size=TEXT, color=COLOURS["ink"])
    _scale(plot, chart, top, width - left - right)
    return figure


def _scale(plot: Axes, chart: Lines, top: float, room: float) -> None:
    """Quiet lines across, whole numbers but where they lie close, and as many labels as there is room for."""
    plot.set_ylim(chart.least, top)
    close = top - chart.least < 3 and chart.least > 0
    plot.set_xlim(-0.3, max(len(chart.labels) - 0.7, 0.3))
    plot.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=not close))
    plot.yaxis.set_major_formatter(lambda value, _place: _on_scale(value, chart, places=int(close)))
    longest = max((_length(label, SMALL) for label in chart.labels), default=1.0) + 2 * MARGIN
    step = max(1, -(-len(chart.labels) * int(longest) // int(room)))
    places = list(range(len(chart.labels) - 1, -1, -step))[::-1]
    plot.set_xticks(places, [chart.labels[place] for place in places])
    plot.tick_params(labelsize=SMALL, labelcolor=COLOURS["ink"], color=COLOURS["edge"])
    plot.grid(axis="y", color=COLOURS["line"], linewidth=1)
    plot.set_axisbelow(True)
    for side, spine in plot.spines.items():
        spine.set_visible(side == "bottom")
        spine.set_color(COLOURS["edge"])


def _on_scale(value: float, chart: Lines, *, places: int) -> str:
    """A number as the reader's language writes it, as in the table beside the chart."""
    # Django cuts decimals off, and a mark at 99.8 may be 99.79999.
    return f"{number_format(round(value, places), places, force_grouping=True)}{chart.unit}"


def wrapped(text: str, room: float, size: float, *, bold: bool = False) -> list[str]:
    """The text in lines that are no longer than ``room`` points; a word that is longer by itself is cut."""
    lines: list[str] = []
    for word in text.split():
        if lines and _length(f"{lines[-1]} {word}", size, bold=bold) <= room:
            lines[-1] = f"{lines[-1]} {word}"
            continue
        while _length(word, size, bold=bold) > room and len(word) > 1:
            fits = next(n for n in range(len(word) - 1, 0, -1) if n == 1 or _length(word[:n], size, bold=bold) <= room)
            lines.append(word[:fits])
            word = word[fits:]
        lines.append(word)
    return lines


def _length(text: str, size: float, *, bold: bool = False) -> float:
    font = FontProperties(family=_FAMILY, size=size, weight="bold" if bold else "normal")
    return float(text_to_path.get_text_width_height_descent(text, font, False)[0])


def _paper(width: float, height: float) -> Figure:
    return Figure(figsize=(width / _INCH, height / _INCH), dpi=_INCH, facecolor=COLOURS["paper"])


def _bare(figure: Figure, width: float, height: float) -> Axes:
    """All of the paper, measured in points from its upper left corner."""
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, width)
    axes.set_ylim(height, 0)
    axes.axis("off")
    return axes
