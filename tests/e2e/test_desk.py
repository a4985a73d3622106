"""The doctor's desk: all who wait across today's meetings, live over two web processes, and the next one in a click."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.e2e.conftest import PICTURES
from tests.e2e.people import DESKTOP, PHONE, Hub, Someone, knock, right_one, window

pytestmark = [pytest.mark.e2e, pytest.mark.alone]

GRETHE, HANS = "Grethe Sand", "Hans Sand"
SMALL = {"width": 360, "height": 740}


@pytest.fixture
def people(browser: Browser, service: Hub) -> Iterator[list[Someone]]:
    """The doctor, and two patients who come by the other web process than the doctor, and by the same."""
    with ExitStack() as stack:
        yield [
            stack.enter_context(window(browser, service.url(0), PICTURES / "desk")),
            stack.enter_context(window(browser, service.url(1), PICTURES / "desk", size=PHONE)),
            stack.enter_context(window(browser, service.url(0), PICTURES / "desk", size=PHONE)),
        ]


def row(doctor: Someone, name: str) -> Locator:
    """Where the desk shows somebody."""
    return doctor.page.locator("#desk-list > li").filter(has_text=name)


def let_in(doctor: Someone, name: str) -> None:
    row(doctor, name).get_by_role("button", name=f"Luk ind: {name}").click()


def test_the_doctor_takes_two_patients_one_after_the_other(service: Hub, people: list[Someone]) -> None:
    doctor, grethe, hans = people
    first, second = service.room(minutes=2), service.room(minutes=8)
    knock(grethe, first, GRETHE)

    # She was there before the desk: asked, she says so.
    doctor.comes_back(service, "doctor")
    doctor.page.goto(f"{doctor.home}/portal/vente")
    expect(row(doctor, GRETHE)).to_contain_text(re.compile("Kom lige nu|Har ventet"))
    expect(row(doctor, GRETHE)).to_contain_text("Udstyret er ikke testet")
    expect(doctor.page).to_have_title(re.compile(r"^\(1\) Venteværelse"))
    knock(hans, second, HANS)
    expect(row(doctor, HANS)).to_be_visible()
    expect(doctor.page).to_have_title(re.compile(r"^\(2\) "))
    doctor.seen("desk-two-wait")
    doctor.page.set_viewport_size(SMALL)
    doctor.seen("desk-phone")
    doctor.page.set_viewport_size(DESKTOP)

    # The guard: the safe answer has the focus, one key more, and nobody is let in.
    let_in(doctor, GRETHE)
    guard = doctor.page.get_by_role("dialog", name="Er det den rigtige?")
    expect(guard).to_contain_text(GRETHE)
    expect(guard).to_contain_text("Aftale kl.")
    doctor.seen("desk-guard")
    doctor.page.keyboard.press("Enter")
    expect(guard).to_be_hidden()
    expect(row(doctor, GRETHE)).to_contain_text("Sendt: Vent venligst lidt endnu.")
    expect(grethe.page.locator("#told")).to_contain_text("Vent venligst lidt endnu.")

    # How late it gets, and a ready sentence.
    doctor.page.get_by_role("button", name="10 min.").click()
    expect(doctor.page.locator("#delay-said")).to_contain_text("10 minutter forsinket")
    for patient in (grethe, hans):
        expect(patient.page.locator("#host-presence")).to_contain_text("10 minutter")
    row(doctor, HANS).get_by_text("Send en besked").click()
    row(doctor, HANS).get_by_role("button", name="Du er næste.").click()
    expect(hans.page.locator("#told")).to_contain_text("Du er næste.")
    row(doctor, HANS).get_by_role("button", name=f"Kald ind: {HANS}").click()
    expect(hans.page.locator("#ringing")).to_be_visible()

    # In with the first, by one click and a yes.
    let_in(doctor, GRETHE)
    right_one(doctor, GRETHE)
    expect(doctor.page.locator("#screen-call")).to_be_visible()
    expect(grethe.page.locator("#screen-call")).to_be_visible()
    expect(doctor.page.locator("#people")).to_contain_text(GRETHE)
    expect(hans.page.locator("#host-presence")).to_contain_text("taler med en anden")

    # The next one: the call here ends, and the guard asks for the one who waits.
    doctor.page.get_by_role("button", name="Næste patient").click()
    doctor.page.get_by_role("button", name="Ja, og afslut for alle her").click()
    expect(grethe.page.locator("#screen-call")).to_be_hidden()
    right_one(doctor, HANS)
    expect(doctor.page.locator("#people")).to_contain_text(HANS)
    expect(hans.page.locator("#screen-call")).to_be_visible()
