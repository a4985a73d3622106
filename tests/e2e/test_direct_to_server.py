"""From browser to browser, and on to the media server: without a gap when a third comes, and when direct is no way."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright

from tests.e2e.calls import DOCTOR, GRETHE, HANS, call, engine_of, enter, everybody_sees_everybody
from tests.e2e.conftest import GIVEN, PICTURES, Far, launch
from tests.e2e.measure import WATCH, gap_by_the_call, measured, until
from tests.e2e.people import PHONE, Hub, window
from tests.support.net import network, program

pytestmark = [pytest.mark.e2e, pytest.mark.alone]
SHOTS = PICTURES / "direct-to-server"


def test_a_third_moves_the_call_and_nobody_is_without_picture(browser: Browser, service: Hub) -> None:
    shots = SHOTS / service.name
    with (
        call(browser, service, shots, direct=True) as (doctor, patient),
        window(browser, service.url(), shots, size=PHONE, script=WATCH) as relative,
    ):
        assert engine_of(service, doctor.code) == ""
        assert [measured(person.page)["connections"] for person in (doctor, patient)] == [1, 1]
        begun = time.time()
        enter(doctor, relative, HANS)
        everybody_sees_everybody([doctor, patient, relative], [DOCTOR, GRETHE, HANS])
        # The direct connection is taken down once nobody needs it.
        until("direct is over", lambda: [measured(p.page)["connections"] for p in (doctor, patient)] == [2, 2])
        time.sleep(1)
        ended = time.time()
        gaps = {
            name: gap_by_the_call(one.page, name, begun, ended) for one, name in ((doctor, GRETHE), (patient, DOCTOR))
        }
        print(f"{service.name}: longest without a new picture {gaps}")
        assert max(gaps.values()) <= 0.5
        assert engine_of(service, doctor.code) == "relay"


@pytest.fixture
def apart_browser(playwright: Playwright, far: Far) -> Iterator[Browser]:
    """A Chromium on another cable, which reaches the hub and not the first cable's far end."""
    with network() as cable:
        cable.reach(far.cable.near)
        with program(cable) as made:
            chromium = launch(playwright, [*GIVEN, far.by_cable], made.path)
            yield chromium
            chromium.close()


def test_two_who_cannot_reach_each_other_meet_on_the_server(
    far: Far, far_browser: Browser, apart_browser: Browser
) -> None:
    far.network()
    began = time.monotonic()
    with call([far_browser, apart_browser], far.hub, SHOTS, direct=True, patience=60) as (doctor, patient):
        print(f"on the server after {time.monotonic() - began:.0f} s")
        assert engine_of(far.hub, doctor.code) == "relay"
        assert [measured(person.page)["connections"] for person in (doctor, patient)] == [2, 2]
        doctor.seen("unreachable")
