"""Four devices: everybody has a place, nobody lies over anybody, and who interprets is held large."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.calls import GRETHE, HANS, IDA, call
from tests.e2e.conftest import PICTURES
from tests.e2e.people import DESKTOP, PHONE, Hub, Someone

pytestmark = [pytest.mark.e2e, pytest.mark.alone]
SHOTS = PICTURES / "many"

PLACES = """() => [...document.querySelectorAll("#call-stage .call__remote, #self")]
  .filter((figure) => figure.checkVisibility())
  .map((figure) => { const {x, y, width, height} = figure.getBoundingClientRect(); return {x, y, width, height}; })"""
STAGE = "() => { const {x, y, width, height} = document.querySelector('#call-stage').getBoundingClientRect(); " + (
    "return {x, y, width, height}; }"
)


def overlap(one: dict[str, float], other: dict[str, float]) -> bool:
    """More than a rounding."""

    def along(start: str, length: str) -> float:
        return min(one[start] + one[length], other[start] + other[length]) - max(one[start], other[start])

    return along("x", "width") > 1 and along("y", "height") > 1


def check(someone: Someone, name: str) -> None:
    """Four places inside the stage, apart from each other, and large enough to see a face."""
    places = someone.page.evaluate(PLACES)
    stage = someone.page.evaluate(STAGE)
    assert len(places) == 4
    for place in places:
        assert place["x"] >= stage["x"] - 1
        assert place["y"] >= stage["y"] - 1
        assert place["x"] + place["width"] <= stage["x"] + stage["width"] + 1
        assert place["y"] + place["height"] <= stage["y"] + stage["height"] + 1
        assert min(place["width"], place["height"]) >= 64
    pairs = [(one, other) for at, one in enumerate(places) for other in places[at + 1 :]]
    assert [pair for pair in pairs if overlap(*pair)] == []
    someone.seen(name)


def test_four_devices_have_a_place_each_and_one_can_be_held_large(browser: Browser, embedded: Hub) -> None:
    with call(browser, embedded, SHOTS, guests=(GRETHE, HANS, IDA), patience=40) as everybody:
        doctor, patient = everybody[0], everybody[1]
        check(doctor, "four-desktop")
        check(patient, "four-phone")
        patient.page.set_viewport_size({"width": PHONE["height"], "height": PHONE["width"]})
        check(patient, "four-phone-on-its-side")
        patient.page.set_viewport_size({"width": 320, "height": 640})
        check(patient, "four-small-phone")

        # The interpreter, held large by keyboard: as large as all the others together.
        doctor.page.set_viewport_size(DESKTOP)
        pin = doctor.page.get_by_role("button", name=f"Vis stort: {IDA}")
        pin.focus()
        pin.press("Enter")
        expect(doctor.page.get_by_role("button", name="Vis alle", exact=True)).to_be_visible()
        check(doctor, "four-interpreter-large")
        places = doctor.page.evaluate(PLACES)
        areas = sorted(place["width"] * place["height"] for place in places)
        assert areas[-1] > 2 * areas[-2]
        expect(doctor.page.locator("#people")).to_contain_text(GRETHE)
