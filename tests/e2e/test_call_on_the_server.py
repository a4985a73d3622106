"""Calls through the hub's own relay: two devices, three, a shared screen, and what dies meanwhile."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.calls import (
    DOCTOR,
    GRETHE,
    HANS,
    call,
    end,
    engine_of,
    enter,
    everybody_sees_everybody,
    leave,
    record_of,
    told_of_outage,
)
from tests.e2e.conftest import PICTURES
from tests.e2e.measure import WATCH, first_after, gap_by_the_call, measured, people, said, sees, until
from tests.e2e.people import PHONE, Hub, window

pytestmark = [pytest.mark.e2e, pytest.mark.alone]
SHOTS = PICTURES / "on-the-server"


def test_two_devices_meet_on_the_relay(browser: Browser, hub: Hub) -> None:
    with call(browser, hub, SHOTS / hub.name) as (doctor, patient):
        assert engine_of(hub, doctor.code) == "relay"
        before = people(doctor.page)[GRETHE], people(patient.page)[DOCTOR]
        time.sleep(5)
        after = people(doctor.page)[GRETHE], people(patient.page)[DOCTOR]
        for early, late in zip(before, after, strict=True):
            grown = late.since(early)
            assert grown.rate > 10
            assert grown.energy > 0
            assert grown.frozen < 0.5
        # One connection there, and one back.
        assert [measured(person.page)["connections"] for person in (doctor, patient)] == [2, 2]
        doctor.seen("two-doctor")
        patient.seen("two-patient")


def test_a_third_comes_and_goes_twice_and_the_others_see_nothing_of_it(browser: Browser, embedded: Hub) -> None:
    with call(browser, embedded, SHOTS) as (doctor, patient):
        begun = time.time()
        before = people(doctor.page)[GRETHE], people(patient.page)[DOCTOR]
        for turn in range(2):
            with window(browser, embedded.url(), SHOTS, size=PHONE, script=WATCH) as relative:
                enter(doctor, relative, HANS)
                everybody_sees_everybody([doctor, patient, relative], [DOCTOR, GRETHE, HANS])
                doctor.seen(f"three-{turn}")
                leave(relative)
                everybody_sees_everybody([doctor, patient], [DOCTOR, GRETHE])
        ended = time.time()
        for person, name, early in ((doctor, GRETHE, before[0]), (patient, DOCTOR, before[1])):
            assert people(person.page)[name].since(early).rate > 10
            assert gap_by_the_call(person.page, name, begun, ended) < 0.5


def test_a_shared_screen_is_a_second_picture(browser: Browser, embedded: Hub) -> None:
    with call(browser, embedded, SHOTS) as (doctor, patient):
        screen = f"{DOCTOR} deler sin skærm"
        doctor.page.get_by_role("button", name="Del skærm").click()
        until(
            "the screen is seen", lambda: people(patient.page).get(screen) and people(patient.page)[screen].frames > 0
        )
        sees_both = people(patient.page)
        assert sees_both[screen].width > 0
        time.sleep(1)
        assert people(patient.page)[DOCTOR].frames > sees_both[DOCTOR].frames
        patient.seen("screen")
        doctor.page.get_by_role("button", name="Stop deling").click()
        until("the screen is gone", lambda: screen not in people(patient.page))
        sees(patient.page, DOCTOR)


def test_a_relay_worker_that_dies_costs_seconds_and_no_seat(browser: Browser, embedded: Hub) -> None:
    with call(browser, embedded, SHOTS) as (doctor, patient):
        killed = time.time()
        embedded.server.kill_relay()
        ways = ((doctor, GRETHE), (patient, DOCTOR))

        def back() -> bool:
            # A picture or two may still have been on its way.
            return all(first_after(person.page, name, killed + 1.0) for person, name in ways)

        until("the pictures are back", back, 30)
        times = [first_after(person.page, name, killed + 1.0) or 0.0 for person, name in ways]
        print(f"pictures back after {max(times) - killed:.1f} s")
        assert max(times) - killed < 20
        everybody_sees_everybody([doctor, patient], [DOCTOR, GRETHE])
        # Back within two seconds, as on a quiet machine, nobody was cut off: that is no sentence and no outage.
        noticed = min(times) - killed > 4
        for person, name in ways:
            if noticed:
                assert any("afbrudt" in words for words in said(person.page, killed)), said(person.page)
            expect(person.page.locator("#people")).to_contain_text(name)
        expect(doctor.page.locator("#knocks li")).to_have_count(0)
        if noticed:
            told_of_outage(embedded, doctor.code)
        end(doctor)
    assert record_of(embedded, doctor.code)["without"] >= noticed


def test_a_web_process_that_dies_costs_no_picture(browser: Browser, service: Hub) -> None:
    with call(browser, service, SHOTS) as (doctor, patient):
        before = people(doctor.page)[GRETHE]
        began = time.time()
        service.server.kill(1)
        time.sleep(3)
        service.server.start(1)
        expect(patient.page.locator("#notice")).to_be_hidden(timeout=20_000)
        time.sleep(2)
        ended = time.time()
        for person, name in ((doctor, GRETHE), (patient, DOCTOR)):
            assert gap_by_the_call(person.page, name, began, ended) < 1.0
        assert people(doctor.page)[GRETHE].since(before).rate > 10
        everybody_sees_everybody([doctor, patient], [DOCTOR, GRETHE])
