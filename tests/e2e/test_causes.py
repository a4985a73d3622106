"""Every call that fails or goes poorly ends with its outcome and its cause; and nobody is left without a way on."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.e2e.calls import DOCTOR, GRETHE, call, cause_of, close, end, enter
from tests.e2e.conftest import GIVEN, PICTURES, REFUSED, Far, Prepared, launch
from tests.e2e.measure import WATCH, sees, until
from tests.e2e.people import PHONE, Hub, host, window
from tests.support.net import network, program

pytestmark = [pytest.mark.e2e, pytest.mark.alone]
SHOTS = PICTURES / "causes"
# From the beginning of the trouble to the offer, and what a slow machine adds to a look at the page.
OFFERED = 20
SLACK = 8


def offered(page: Page, since: float) -> None:
    """Wait for the box; it comes within 20 seconds."""
    expect(page.locator("#rescue")).to_be_visible(timeout=(OFFERED + SLACK) * 1000)
    print(f"help was offered after {time.time() - since:.0f} s")
    assert time.time() - since < OFFERED + SLACK


def test_camera_and_microphone_refused(playwright: Playwright, browser: Browser, embedded: Hub) -> None:
    code = embedded.room(organiser="secretary")
    refusing = launch(playwright, REFUSED)
    try:
        with (
            window(browser, embedded.url(), SHOTS, script=WATCH) as doctor,
            window(refusing, embedded.url(), SHOTS, size=PHONE, script=WATCH) as patient,
        ):
            doctor.code = code
            host(doctor, embedded, code)
            enter(doctor, patient, GRETHE)
            offered(patient.page, time.time())
            patient.seen("refused")
            # The other side is offered the same.
            expect(doctor.page.locator("#rescue")).to_be_visible()
            end(doctor)
    finally:
        refusing.close()
    judged = cause_of(embedded, code)
    assert judged.cause == "patient_permission", judged
    assert judged.confidence == "high", judged
    assert judged.outcome == "technical_failure", judged


def test_the_doctors_line_is_pulled_out(far: Far, browser: Browser, far_browser: Browser) -> None:
    far.network()
    # The doctor sits at the far end of the cable.
    with call([far_browser, browser], far.hub, SHOTS) as (doctor, patient):
        gone = time.time()
        far.cable.pull_out()
        try:
            offered(patient.page, gone)
            offered(doctor.page, gone)
            doctor.picture("line-doctor")
            patient.picture("line-patient")
        finally:
            far.cable.put_in()
        # It works again: the offer is withdrawn.
        sees(patient.page, DOCTOR, seconds=40)
        expect(patient.page.locator("#rescue")).to_be_hidden(timeout=20_000)
        expect(doctor.page.locator("#rescue")).to_be_hidden(timeout=20_000)
        end(doctor)
    judged = cause_of(far.hub, doctor.code)
    assert judged.cause == "doctor_network", judged
    assert judged.poor, judged
    # Nobody talked for long, before or after.
    assert judged.outcome in {"carried_out", "technical_failure"}, judged


@pytest.fixture
def barred_browser(playwright: Playwright, far: Far) -> Iterator[Browser]:
    """A Chromium behind a wall that lets no UDP out."""
    with network() as cable:
        cable.reach(far.cable.near)
        cable.block_udp()
        with program(cable) as made:
            chromium = launch(playwright, [*GIVEN, far.by_cable], made.path)
            yield chromium
            chromium.close()


def test_media_is_barred_on_the_patients_way(far: Far, browser: Browser, barred_browser: Browser) -> None:
    far.network()
    code = far.hub.room(direct=False, organiser="secretary")
    with (
        window(browser, far.hub.url(), SHOTS, script=WATCH) as doctor,
        window(barred_browser, far.hub.url(), SHOTS, size=PHONE, script=WATCH) as patient,
    ):
        doctor.code = code
        host(doctor, far.hub, code)
        enter(doctor, patient, GRETHE)
        begun = time.time()
        offered(patient.page, begun)
        offered(doctor.page, begun)
        until("the hub is told", lambda: "ice_failed" in " ".join(_troubles(far.hub, code)), 30)
        end(doctor)
    judged = cause_of(far.hub, code)
    assert judged.cause == "firewall", judged
    assert judged.outcome == "technical_failure", judged


@pytest.fixture
def alone(prepared: Prepared) -> Iterator[Hub]:
    """A hub whose media server nobody starts again."""
    with prepared.hub(relay="media.engines.relay.worker") as hub:
        yield hub


def test_the_media_server_dies_for_good(browser: Browser, alone: Hub) -> None:
    hub = alone
    with call(browser, hub, SHOTS) as (doctor, patient):
        hub.server.kill_relay()
        killed = time.time()
        offered(patient.page, killed)
        offered(doctor.page, killed)
        doctor.page.locator("#rescue-telephone").click()
        doctor.page.get_by_role("button", name="Vi fortsætter på telefon").click()
        expect(patient.page.get_by_role("heading", name="I fortsætter på telefon")).to_be_visible()
        patient.seen("on-the-telephone")
    judged = cause_of(hub, doctor.code)
    assert judged.cause == "media_server", judged
    assert judged.outcome == "moved_to_telephone", judged


def test_the_patient_asks_for_the_telephone_and_the_doctor_says_yes(browser: Browser, embedded: Hub) -> None:
    with call(browser, embedded, SHOTS, direct=True) as (doctor, patient):
        patient.page.get_by_role("button", name="Virker det ikke?").click()
        patient.page.get_by_role("button", name="Fortsæt på telefon").click()
        expect(patient.page.locator("#rescue-heard")).to_contain_text("Lægen kan se, at du gerne vil tale i telefon")
        patient.seen("asks-patient")
        expect(doctor.page.locator("#rescue-asked")).to_contain_text("Patienten vil gerne fortsætte på telefon")
        doctor.seen("asks-doctor")
        doctor.page.get_by_role("button", name="Fortsæt på telefon").click()
        doctor.page.get_by_role("button", name="Vi fortsætter på telefon").click()
        expect(patient.page.get_by_role("heading", name="I fortsætter på telefon")).to_be_visible()
        expect(doctor.page).to_have_url(re.compile("/postkort"))
    assert cause_of(embedded, doctor.code).outcome == "moved_to_telephone"


def test_nobody_opened_it_and_the_doctor_corrects_it(browser: Browser, embedded: Hub) -> None:
    code = embedded.room()
    with window(browser, embedded.url(), SHOTS) as doctor:
        host(doctor, embedded, code)
        doctor.page.goto("about:blank")
        close(embedded, code)
        judged = cause_of(embedded, code)
        assert (judged.outcome, judged.cause) == ("no_show_patient", "human_never_opened"), judged
        assert judged.evidence == ["patient_never_opened"]
        doctor.page.goto(f"{doctor.home}/portal/")
        card = doctor.page.locator(".meeting", has_text="Patienten kom ikke").first
        card.get_by_text("Hvordan gik det?").click()
        doctor.seen("correct")
        card.get_by_role("button", name="Flyttet til telefon").click()
        expect(doctor.page.locator(".meeting", has_text="Flyttet til telefon").first).to_be_visible()


def _troubles(hub: Hub, code: str) -> list[str]:
    told = hub.server.shell(f"""
from monitoring.models import Trouble
from rooms.models import Room
print(*Trouble.objects.filter(room_uuid=Room.objects.get(short_id={code!r}).uuid).values_list("what", flat=True))
""")
    return told.split()
