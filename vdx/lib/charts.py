"""Charts as pictures: bars, bars in groups, funnels and lines, as SVG and as PNG.

A chart says every number in words beside its bar, so that nobody has to tell colours apart, and always comes with a
table on its page. It is drawn in two widths, for a phone and for a screen, with letters of the same size in both.

The drawing itself (``vdx.lib.drawing``, on matplotlib) is imported when the first chart is asked for: the hub starts
without it.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from importlib import import_module
from typing import TYPE_CHECKING, cast

from django.conf import settings

if TYPE_CHECKING:
    from typing import Protocol

    class Drawing(Protocol):
        """What ``vdx.lib.drawing`` offers."""

        def svg(self, chart: Chart, *, width: int) -> bytes: ...

        def png(self, chart: Chart, *, width: int) -> bytes: ...


class Width(Enum):
    """How wide a chart is drawn, in CSS pixels at its natural size."""

    NARROW = 340
    WIDE = 760


@dataclass(frozen=True)
class Bar:
    """One bar: what it stands for, how long it is, and the number in words. None: there is nothing to measure."""

    label: str
    value: float | None
    shown: str


@dataclass(frozen=True)
class Group:
    """Bars that belong together, below a heading where there is one."""

    bars: Sequence[Bar]
    heading: str = ""


@dataclass(frozen=True)
class Bars:
    """Horizontal bars. ``most`` is the value of a full bar: 100 where the values are per cent."""

    groups: Sequence[Group]
    title: str = ""
    note: str = ""
    most: float = 100


@dataclass(frozen=True)
class Series:
    """One line: its name, and a value for each label (None: a gap)."""

    name: str
    values: Sequence[float | None]


@dataclass(frozen=True)
class Lines:
    """Lines over labels in their order. ``most`` is the top of the scale; None: the highest value. ``least``: where
    it begins; elsewhere than at 0 only where all that counts lies near the top.
    """

    labels: Sequence[str]
    series: Sequence[Series]
    title: str = ""
    note: str = ""
    most: float | None = None
    least: float = 0
    unit: str = ""


Chart = Bars | Lines


def bars(answers: Sequence[Bar], *, title: str = "", note: str = "", most: float = 100) -> Bars:
    """A chart of one group."""
    return Bars(groups=[Group(answers)], title=title, note=note, most=most)


def funnel(steps: Sequence[tuple[str, int, str]], *, title: str = "", note: str = "") -> Bars:
    """How many came how far: label, number and the number in words for each step. The first is the whole."""
    whole = max((number for _, number, _ in steps), default=0)
    return bars(
        [Bar(label, number if whole else None, shown) for label, number, shown in steps],
        title=title,
        note=note,
        most=whole or 1,
    )


def svg(chart: Chart, *, width: Width = Width.WIDE) -> bytes:
    """The chart as an SVG file. Letters are outlines, so that it looks alike wherever it is opened."""
    return _drawing().svg(chart, width=width.value)


def png(chart: Chart, *, width: Width = Width.WIDE) -> bytes:
    """The chart as a PNG file, with two dots a pixel for print and sharp screens."""
    return _drawing().png(chart, width=width.value)


def _drawing() -> Drawing:
    # Where matplotlib keeps its list of fonts: in our own folder, for a service may have no home to write in.
    os.environ.setdefault("MPLCONFIGDIR", str(settings.VAR_DIR / "matplotlib"))
    return cast("Drawing", import_module("vdx.lib.drawing"))
