"""Charts are pictures that open anywhere, fit a phone, load nothing, and cost the hub's start nothing."""

from __future__ import annotations

import re
import struct
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.conf import settings

from vdx.lib import charts
from vdx.lib.charts import Bar, Bars, Group, Lines, Series, Width

SVG = "{http://www.w3.org/2000/svg}"
ANSWERS = [Bar("Ja", 84, "84 % (140)"), Bar("Nej", 16, "16 % (26)"), Bar("Ved ikke", 0, "0 % (0)")]
ONE = charts.bars(ANSWERS, title="Blev samtalen gennemført?", note="166 af 170 svarede.")
GROUPED = Bars([Group(ANSWERS, "God lyd"), Group([Bar("Ja", None, "–")], "Dårlig lyd")], title="Lyd og gennemført")
WEEKS = Lines(
    [f"{day}. okt." for day in range(1, 15)],
    [Series("Patienter", [30, None, *range(12)]), Series("Læger", [20] * 14)],
    title="Uge for uge",
    note="Procent af de spurgte.",
    most=100,
    unit=" %",
)
CHARTS = [ONE, GROUPED, WEEKS, charts.funnel([("Tilbudt", 40, "40"), ("Besvaret", 13, "13 (33 %)")])]


@pytest.mark.parametrize("width", Width)
@pytest.mark.parametrize("chart", CHARTS, ids=["bars", "groups", "lines", "funnel"])
def test_an_svg_is_a_picture_by_itself(chart: charts.Chart, width: Width) -> None:
    data = charts.svg(chart, width=width)

    root = ElementTree.fromstring(data)
    assert root.tag == f"{SVG}svg"
    assert root.attrib["viewBox"].split()[2] == str(width.value)
    names = {element.tag.removeprefix(SVG) for element in root.iter()}
    # Nothing that runs, and no letters that ask for a font of the reader's.
    assert not names & {"script", "foreignObject", "image", "text"}
    links = [value for element in root.iter() for name, value in element.attrib.items() if name.endswith("href")]
    assert all(link.startswith("#") for link in links)


@pytest.mark.parametrize("chart", CHARTS, ids=["bars", "groups", "lines", "funnel"])
def test_a_png_has_two_dots_a_pixel(chart: charts.Chart) -> None:
    data = charts.png(chart, width=Width.NARROW)

    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">I", data[16:20])[0] == 2 * Width.NARROW.value


def test_the_same_chart_is_the_same_file_and_tells_no_time() -> None:
    first = charts.svg(ONE)

    assert charts.svg(ONE) == first
    assert b"<dc:date>" not in first
    assert charts.svg(GROUPED) != first


def test_many_at_once_draw_what_one_alone_draws() -> None:
    alone = [charts.svg(chart) for chart in CHARTS]

    with ThreadPoolExecutor(8) as people:
        drawn = list(people.map(charts.svg, CHARTS * 4))

    assert drawn == alone * 4


def test_bars_are_as_long_as_their_numbers_say() -> None:
    data = charts.svg(charts.bars([Bar("a", 100, "x"), Bar("b", 50, "x"), Bar("c", 0, "x"), Bar("d", None, "x")]))

    petrol = re.findall(r'd="M ([\d.]+) [\d.]+ \nL ([\d.]+)[^"]*" [^>]*fill: #00566b', data.decode())
    lengths = [float(right) - float(left) for left, right in petrol]
    assert len(lengths) == 2
    assert lengths[0] == pytest.approx(2 * lengths[1], rel=1e-3)


def test_a_funnel_of_nobody_has_no_bars() -> None:
    assert b"#00566b" not in charts.svg(charts.funnel([("Tilbudt", 0, "0"), ("Besvaret", 0, "0")]))


def test_a_chart_of_nothing_can_be_drawn() -> None:
    for chart in (Bars([]), Lines([], []), Lines(["uge 1"], [Series("Svar", [None])])):
        assert charts.svg(chart)
        assert charts.png(chart)


def test_of_very_many_points_some_are_marked() -> None:
    def marks(values: list[float | None]) -> int:
        return charts.svg(Lines([str(day) for day in range(len(values))], [Series("Samtaler", values)])).count(b"<use ")

    # Ticks are drawn by the same sign. Where values are missing, one alone would not be seen without a mark.
    assert marks([7.0] * 360) < 200 < marks([None, *[7.0] * 359])


def test_long_texts_break_and_no_sign_is_a_formula() -> None:
    from vdx.lib.drawing import wrapped

    text = "Brugte du mere tid på videosamtalen end på en almindelig konsultation, og kostede det $5 eller $6?"
    lines = wrapped(text, 300, 15)
    assert len(lines) > 2
    assert " ".join(lines) == text
    word = "speciallægepraksisadministrationssystemleverandørsammenslutning"
    assert "".join(wrapped(word, 100, 15)) == word
    assert wrapped("", 100, 15) == []
    assert charts.svg(charts.bars([Bar(text, 5, "5 %")]), width=Width.NARROW)


def test_the_colours_are_the_products() -> None:
    from vdx.lib.drawing import COLOURS

    tokens = (settings.BASE_DIR / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
    ours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", tokens))
    assert {name: ours[name] for name in COLOURS} == COLOURS


def test_the_hub_starts_without_the_drawing() -> None:
    program = (
        "import sys, django; django.setup(); import vdx.urls, vdx.lib.charts; "
        "print([name for name in sys.modules if name.startswith('matplotlib') or name == 'vdx.lib.drawing'])"
    )
    environment = {"DJANGO_SETTINGS_MODULE": "tests.settings", "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(settings.BASE_DIR),
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"
