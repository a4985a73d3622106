"""A call on a network that loses packets or is narrow: sign language goes on, and sound before picture."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright, expect

from tests.e2e.calls import DOCTOR, GRETHE, call
from tests.e2e.conftest import GIVEN, PICTURES, Far, launch
from tests.e2e.measure import Seen, people, said, until
from tests.e2e.people import CAMERA_WIDTH, Someone

pytestmark = [pytest.mark.e2e, pytest.mark.alone]
SHOTS = PICTURES / "poor-network"


@pytest.fixture
def quick_browser(playwright: Playwright) -> Iterator[Browser]:
    """A Chromium whose fake camera gives thirty pictures a second."""
    flags = [flag for flag in GIVEN if "fake-device" not in flag]
    chromium = launch(playwright, [*flags, "--use-fake-device-for-media-stream=fps=30"])
    yield chromium
    chromium.close()


@pytest.fixture(autouse=True)
def _good_again(far: Far) -> Iterator[None]:
    far.network()
    yield
    far.network()


def over(seconds: float, doctor: Someone, patient: Someone) -> list[Seen]:
    """What each received of the other in that time."""
    before = people(doctor.page)[GRETHE], people(patient.page)[DOCTOR]
    time.sleep(seconds)
    after = people(doctor.page)[GRETHE], people(patient.page)[DOCTOR]
    return [late.since(early) for early, late in zip(before, after, strict=True)]


def test_five_percent_lost_both_ways_is_hardly_seen(far: Far, browser: Browser) -> None:
    with call(browser, far.hub, SHOTS) as (doctor, patient):
        time.sleep(3)
        good = over(10, doctor, patient)
        far.network(loss=0.05)
        time.sleep(2)
        poor = over(10, doctor, patient)
        for without, with_loss in zip(good, poor, strict=True):
            print(f"{without.rate:.1f} frames/s, with loss {with_loss.rate:.1f}, freezes {with_loss.freezes}")
            assert with_loss.rate >= 0.9 * without.rate
            assert with_loss.freezes <= 1
            assert with_loss.energy > 0


def test_sound_alone_by_choice_and_back(far: Far, browser: Browser) -> None:
    with call(browser, far.hub, SHOTS) as (doctor, patient):
        patient.page.get_by_role("button", name="Kun lyd").click()
        again = patient.page.get_by_role("button", name="Vis billeder igen")
        expect(again).to_be_visible()
        time.sleep(2)
        for seen in over(3, doctor, patient):
            assert seen.frames == 0
            assert seen.energy > 0
        expect(patient.page.locator("#call-stage")).to_contain_text("Du har valgt kun lyd")
        patient.seen("sound-alone-by-choice")
        doctor.seen("sound-alone-by-choice-of-the-other")
        again.click()
        until("the pictures are back", lambda: min(seen.frames for seen in over(1, doctor, patient)) > 3)


def test_sound_alone_on_a_line_too_weak_and_back_when_it_is_better(far: Far, browser: Browser) -> None:
    with call(browser, far.hub, SHOTS) as (doctor, patient):
        weak = time.time()
        far.network(kbps=90)
        until(
            "a sentence says so",
            lambda: all(any("Din forbindelse er svag" in w for w in said(one.page, weak)) for one in (doctor, patient)),
            40,
        )
        time.sleep(5)
        heard = over(3, doctor, patient)
        assert min(seen.energy for seen in heard) > 0
        patient.seen("sound-alone")
        better = time.time()
        far.network()
        until("the pictures are back", lambda: min(seen.frames for seen in over(1, doctor, patient)) > 3, 60)
        print(f"sound alone after {better - weak:.0f} s at most, pictures back after {time.time() - better:.0f} s")


def test_frames_are_kept_before_size(far: Far, quick_browser: Browser) -> None:
    with call(quick_browser, far.hub, SHOTS) as (doctor, patient):
        time.sleep(6)
        good = over(4, doctor, patient)
        far.network(kbps=350)
        ways = ((doctor, GRETHE), (patient, DOCTOR))
        until("smaller", lambda: all(people(one.page)[name].width < CAMERA_WIDTH for one, name in ways), 20)
        time.sleep(5)
        narrow = over(8, doctor, patient)
        for wide, tight in zip(good, narrow, strict=True):
            print(f"{wide.width} px at {wide.rate:.1f} frames/s, on 350 kbit/s {tight.width} px at {tight.rate:.1f}")
            assert wide.rate >= 20
            assert tight.rate >= 20
            assert tight.width < CAMERA_WIDTH
            assert tight.width <= wide.width
