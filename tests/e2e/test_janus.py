"""Two devices through a real Janus, and back to the relay when no Janus answers."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.e2e.calls import DOCTOR, GRETHE, call, engine_of, everybody_sees_everybody
from tests.e2e.conftest import PICTURES, Prepared
from tests.e2e.measure import measured, people
from tests.e2e.people import PHONE, Hub, window
from tests.e2e.test_device_test import begin, code_on, stored, verdict_of
from tests.support.janus import SECRET, Janus, address
from tests.support.janus import janus as running

pytestmark = [pytest.mark.e2e, pytest.mark.alone]
SHOTS = PICTURES / "janus"


@pytest.fixture(scope="module")
def janus() -> Iterator[Janus]:
    with address() as ice_address, running(ice_address) as server:
        yield server


@pytest.fixture(scope="module")
def outgrown(janus: Janus, prepared: Prepared) -> Iterator[Hub]:
    """A hub with Janus as its media server."""
    settings = {"VDX_MEDIA_ENGINE": "janus", "VDX_JANUS_URLS": janus.url, "VDX_JANUS_SECRET": SECRET}
    with prepared.hub(settings) as hub:
        yield hub


def test_two_devices_meet_on_janus(browser: Browser, outgrown: Hub) -> None:
    with call(browser, outgrown, SHOTS) as (doctor, patient):
        assert engine_of(outgrown, doctor.code) == "janus"
        before = people(doctor.page)[GRETHE], people(patient.page)[DOCTOR]
        time.sleep(5)
        after = people(doctor.page)[GRETHE], people(patient.page)[DOCTOR]
        for early, late in zip(before, after, strict=True):
            grown = late.since(early)
            assert grown.rate > 10
            assert grown.energy > 0
            assert grown.frozen < 0.5
        assert [measured(person.page)["connections"] for person in (doctor, patient)] == [2, 2]
        doctor.seen("two-doctor")


def test_the_device_test_goes_round_by_janus(browser: Browser, outgrown: Hub) -> None:
    with window(browser, outgrown.url(), SHOTS, size=PHONE) as patient:
        begin(patient)
        verdict, _ = verdict_of(patient.page)
        record = stored(outgrown, code_on(patient.page))
    assert verdict in {"ok", "poor"}, record
    assert (record["socket"], record["loop"], record["way"]) == ("ok", "ok", "udp")


def test_a_janus_that_comes_again_is_met_again(browser: Browser, outgrown: Hub, janus: Janus) -> None:
    with call(browser, outgrown, SHOTS) as (doctor, patient):
        janus.kill()
        janus.start()
        everybody_sees_everybody([doctor, patient], [DOCTOR, GRETHE], 40)


def test_without_janus_the_relay_takes_over(browser: Browser, outgrown: Hub, janus: Janus) -> None:
    janus.stop()
    try:
        with call(browser, outgrown, SHOTS, patience=40) as (doctor, _):
            assert engine_of(outgrown, doctor.code) == "relay"
    finally:
        janus.start()
