"""What happens to a network happens to the call: it goes on by itself, with the same seat, and says so meanwhile."""

from __future__ import annotations

import statistics
import time

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.calls import DOCTOR, GRETHE, call, end, everybody_sees_everybody, record_of, told_of_outage
from tests.e2e.conftest import PICTURES, Far
from tests.e2e.measure import first_after, said, until
from tests.e2e.people import Someone
from tests.support.net import Program

pytestmark = [pytest.mark.e2e, pytest.mark.alone]
SHOTS = PICTURES / "network-change"
# What was on its way, or is decoded late, comes at the latest now.
ON_ITS_WAY = 0.3


def back_after(moment: float, doctor: Someone, patient: Someone, seconds: float = 30.0) -> float:
    """Seconds from a moment until both see each other again."""
    ways = ((doctor, GRETHE), (patient, DOCTOR))
    until("pictures", lambda: all(first_after(one.page, name, moment) for one, name in ways), seconds)
    return max((first_after(one.page, name, moment) or 0.0) - moment for one, name in ways)


def told(person: Someone, since: float) -> bool:
    """Whether words on the page have said that something is cut off."""
    return any("afbrudt" in words or "Forbindelsen er væk" in words for words in said(person.page, since))


def both_told(doctor: Someone, patient: Someone, since: float, seconds: float = 8.0) -> None:
    """Wait until words on both pages say so."""
    until("both are told", lambda: told(doctor, since) and told(patient, since), seconds)


@pytest.mark.parametrize("direct", [False, True], ids=["on the relay", "direct"])
def test_another_network(far: Far, browser: Browser, far_browser: Browser, direct: bool) -> None:
    far.network()
    times = []
    with call([browser, far_browser], far.hub, SHOTS, direct=direct) as (doctor, patient):
        for turn in range(3):
            lost = time.time()
            far.cable.pull_out()
            both_told(doctor, patient, lost)
            time.sleep(max(0.0, lost + 4 - time.time()))
            if turn == 0 and not direct:
                doctor.seen("lost-doctor")
                patient.seen("lost-patient")
            far.cable.move()
            back = time.time()
            far.cable.put_in()
            times.append(back_after(back, doctor, patient))
            everybody_sees_everybody([doctor, patient], [DOCTOR, GRETHE])
            expect(patient.page.locator("#notice")).to_be_hidden(timeout=15_000)
            if turn < 2:
                time.sleep(3)
        print(f"back after {[round(seconds, 1) for seconds in times]} s")
        expect(doctor.page.locator("#knocks li")).to_have_count(0)
        expect(doctor.page.locator("#people li")).to_have_count(2)
        told_of_outage(far.hub, doctor.code, of=10)
        end(doctor)
    assert statistics.median(times) <= 3.0, times
    assert max(times) <= 5.0, times
    # Three times four seconds at least.
    assert record_of(far.hub, doctor.code)["without"] >= 10


def test_a_silent_network_is_noticed_and_comes_back(far: Far, browser: Browser, far_browser: Browser) -> None:
    far.network()
    with call([browser, far_browser], far.hub, SHOTS) as (doctor, patient):
        lost = time.time()
        far.cable.swallow()
        both_told(doctor, patient, lost)
        back = time.time()
        far.cable.deliver()
        print(f"back after {back_after(back, doctor, patient):.1f} s")
        everybody_sees_everybody([doctor, patient], [DOCTOR, GRETHE])


def test_a_browser_that_slept_wakes_into_the_call(
    far: Far, browser: Browser, far_browser: Browser, far_program: Program
) -> None:
    far.network()
    with call([browser, far_browser], far.hub, SHOTS) as (doctor, patient):
        asleep = time.time()
        far_program.sleep()
        try:
            until("the doctor is told", lambda: told(doctor, asleep), 9)
            time.sleep(max(0.0, asleep + 10 - time.time()))
        finally:
            awake = time.time()
            far_program.wake()
        seconds = back_after(awake + ON_ITS_WAY, doctor, patient) + ON_ITS_WAY
        print(f"back after {seconds:.1f} s")
        assert seconds <= 5.0
        everybody_sees_everybody([doctor, patient], [DOCTOR, GRETHE])
        expect(doctor.page.locator("#knocks li")).to_have_count(0)
        expect(doctor.page.locator("#people li")).to_have_count(2)
