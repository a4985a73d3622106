"""What goes wrong gets a clear sentence with the next step, and loses nothing."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.conftest import PICTURES
from tests.e2e.people import PHONE, Hub, flowing, host, knock, let_in, window
from vdx.lib import clock

pytestmark = pytest.mark.e2e
SHOTS = PICTURES / "wrong-input"

# Stands in for a device that fails: Chromium's fake ones are always free and always there.
DEVICE_FAILS = """
// An empty page has no devices.
if (navigator.mediaDevices) {
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    if (wanted.%s) throw new DOMException("", "%s");
    return ask(wanted);
  };
}
"""
CAMERA_IN_USE = DEVICE_FAILS % ("video", "NotReadableError")
NO_MICROPHONE = DEVICE_FAILS % ("audio", "NotFoundError")


def test_an_unknown_code_keeps_what_was_typed(browser: Browser, embedded: Hub) -> None:
    with window(browser, embedded.url(), SHOTS, size=PHONE) as patient:
        patient.page.goto(f"{patient.home}/")
        patient.page.get_by_label("Kode").fill("7k3m-9p2q-x4rt")
        patient.page.get_by_role("button", name="Gå til samtalen").click()
        expect(patient.page.get_by_role("main")).to_contain_text(re.compile("ikke", re.IGNORECASE))
        assert patient.page.get_by_label("Kode").input_value() == "7k3m-9p2q-x4rt"
        patient.seen("unknown-code")


def test_a_code_is_taken_as_it_is_read_aloud(browser: Browser, embedded: Hub) -> None:
    code = embedded.room()
    spoken = f" {code[:4]} - {code[4:8]} {code[8:]} ".upper().replace("0", "O").replace("1", "I")
    with window(browser, embedded.url(), SHOTS, size=PHONE) as patient:
        patient.page.goto(f"{patient.home}/")
        patient.page.get_by_label("Kode").fill(spoken)
        patient.page.get_by_role("button", name="Gå til samtalen").click()
        expect(patient.page.get_by_label("Dit navn").first).to_be_visible()


def test_an_expired_room_says_so_kindly(browser: Browser, embedded: Hub) -> None:
    code = embedded.room(minutes=-120)
    with window(browser, embedded.url(), SHOTS, size=PHONE) as patient:
        answer = patient.page.goto(f"{patient.home}/m/{code}")
        assert answer is not None
        assert answer.status == 410
        expect(patient.page.get_by_role("main")).to_contain_text("00 00 00 01")
        patient.seen("expired")


def test_a_room_that_is_not_open_yet_says_when(browser: Browser, embedded: Hub) -> None:
    code = embedded.room(minutes=180)
    with window(browser, embedded.url(), SHOTS, size=PHONE) as patient:
        patient.page.goto(f"{patient.home}/m/{code}")
        opens = clock.local(clock.now() + timedelta(minutes=165))
        expect(patient.page.get_by_role("main")).to_contain_text(re.compile(opens.strftime("%H[.]") + r"\d\d"))
        patient.seen("not-open-yet")


def test_a_full_room_tells_who_comes_late(browser: Browser, embedded: Hub) -> None:
    code = embedded.room(devices=2)
    home = embedded.url()
    with (
        window(browser, home, SHOTS) as doctor,
        window(browser, home, SHOTS, size=PHONE) as patient,
        window(browser, home, SHOTS, size=PHONE) as relative,
    ):
        host(doctor, embedded, code)
        knock(patient, code, "Grethe Sand")
        let_in(doctor, "Grethe Sand")
        flowing(doctor, patient)
        relative.page.goto(f"{home}/m/{code}")
        relative.page.get_by_label("Dit navn").first.fill("Hans Sand")
        relative.page.get_by_role("button", name="Bank på").click()
        expect(relative.page.locator("#knock-error")).to_contain_text("ikke plads til flere")
        assert relative.page.get_by_label("Dit navn").first.input_value() == "Hans Sand"
        relative.seen("full")
        # A place is free again: the same press of the button now works.
        patient.page.get_by_role("button", name="Forlad").click()
        patient.page.get_by_role("button", name="Ja, forlad samtalen").click()
        expect(doctor.page.locator("#people li")).to_have_count(1)
        relative.page.get_by_role("button", name="Bank på").click()
        let_in(doctor, "Hans Sand")
        flowing(doctor, relative)


def test_a_relative_comes_in_with_the_same_link(browser: Browser, embedded: Hub) -> None:
    code = embedded.room()
    home = embedded.url()
    with (
        window(browser, home, SHOTS) as doctor,
        window(browser, home, SHOTS, size=PHONE) as patient,
        window(browser, home, SHOTS, size=PHONE) as relative,
    ):
        host(doctor, embedded, code)
        for person, name in ((patient, "Grethe Sand"), (relative, "Hans Sand")):
            knock(person, code, name)
            let_in(doctor, name)
        flowing(doctor, patient, relative, seconds=25)
        for person in (doctor, patient, relative):
            expect(person.page.locator("#people li")).to_have_count(3)
        doctor.seen("three-devices")


def test_without_camera_and_microphone_one_still_comes_in(poor_browser: Browser, embedded: Hub) -> None:
    why = poor_browser.why  # type: ignore[attr-defined]
    code = embedded.room()
    with window(poor_browser, embedded.url(), SHOTS, size=PHONE) as patient:
        patient.page.goto(f"{patient.home}/m/{code}")
        patient.page.get_by_role("button", name="Tænd kamera og mikrofon").click()
        told = "ikke lov til at bruge" if why == "refused" else "kan ikke finde et kamera"
        expect(patient.page.locator("#device-problem")).to_contain_text(told)
        expect(patient.page.get_by_role("button", name="Prøv igen").first).to_be_visible()
        patient.seen(f"camera-{why}")
        knock(patient, code, "Grethe Sand")


@pytest.mark.parametrize(
    ("script", "told", "name"),
    [
        (CAMERA_IN_USE, "Et andet program bruger", "camera-in-use"),
        (NO_MICROPHONE, "finde en mikrofon", "no-microphone"),
    ],
)
def test_with_one_device_missing_the_other_is_used(
    browser: Browser, embedded: Hub, script: str, told: str, name: str
) -> None:
    code = embedded.room()
    with (
        window(browser, embedded.url(), SHOTS) as doctor,
        window(browser, embedded.url(), SHOTS, size=PHONE, script=script) as patient,
    ):
        host(doctor, embedded, code)
        patient.page.goto(f"{patient.home}/m/{code}")
        patient.page.get_by_label("Dit navn").first.fill("Grethe Sand")
        opener = patient.page.get_by_role("button", name="Tænd kamera og mikrofon")
        if opener.is_visible():
            opener.click()
        expect(patient.page.locator("#device-problem")).to_contain_text(told)
        patient.seen(name)
        patient.page.get_by_role("button", name="Bank på").click()
        let_in(doctor, "Grethe Sand")
        flowing(patient)
        expect(doctor.page.locator("#people li")).to_have_count(2)
        heard = doctor.received()
        assert heard["connections"] == 1


def test_a_second_tab_asks_first_and_takes_the_seat_over(browser: Browser, embedded: Hub) -> None:
    code = embedded.room()
    with (
        window(browser, embedded.url(), SHOTS) as doctor,
        window(browser, embedded.url(), SHOTS, size=PHONE) as patient,
    ):
        host(doctor, embedded, code)
        knock(patient, code, "Grethe Sand")
        let_in(doctor, "Grethe Sand")
        flowing(doctor, patient)
        first = patient.page
        patient.page = first.context.new_page()
        patient.page.goto(f"{patient.home}/m/{code}")
        expect(patient.page.get_by_role("heading", name="Du er allerede med i et andet vindue")).to_be_visible()
        patient.seen("second-tab")
        patient.page.get_by_role("button", name="Brug dette vindue").first.click()
        expect(first.get_by_role("heading", name="Samtalen er flyttet til et andet vindue")).to_be_visible()
        flowing(doctor, patient)
        expect(doctor.page.locator("#people li")).to_have_count(2)
        expect(doctor.page.locator("#people")).to_contain_text("Grethe Sand")


def test_the_back_button_does_not_lose_the_call(browser: Browser, embedded: Hub) -> None:
    code = embedded.room()
    with (
        window(browser, embedded.url(), SHOTS) as doctor,
        window(browser, embedded.url(), SHOTS, size=PHONE) as patient,
    ):
        host(doctor, embedded, code)
        patient.page.goto(f"{patient.home}/")
        knock(patient, code, "Grethe Sand")
        let_in(doctor, "Grethe Sand")
        flowing(doctor, patient)
        patient.page.evaluate("history.back()")
        expect(patient.page.locator("#leave-dialog")).to_be_visible()
        patient.seen("back-button")
        patient.page.get_by_role("button", name="Nej, bliv her").click()
        flowing(doctor, patient)


def test_the_booking_form_says_what_is_wrong_and_keeps_the_rest(browser: Browser, embedded: Hub) -> None:
    today = clock.local_date(clock.now())
    with window(browser, embedded.url(), SHOTS) as doctor:
        doctor.comes_back(embedded, "doctor")
        doctor.page.goto(f"{doctor.home}/portal/")
        submit = doctor.page.get_by_role("main").get_by_role("button", name="Book konsultation")
        doctor.page.get_by_label("Dato").fill((today - timedelta(days=1)).isoformat())
        doctor.page.get_by_label("Fra klokken").fill("10:00")
        doctor.page.get_by_label("Til klokken").fill("10:20")
        submit.click()
        expect(doctor.page.get_by_role("main")).to_contain_text("Tidspunktet er passeret")
        assert doctor.page.get_by_label("Til klokken").input_value() == "10:20"
        doctor.seen("booking-in-the-past")

        later = (today + timedelta(days=2)).isoformat()
        doctor.page.get_by_label("Dato").fill(later)
        doctor.page.get_by_label("Til klokken").fill("09:45")
        submit.click()
        expect(doctor.page.get_by_role("main")).to_contain_text("Sluttiden skal ligge efter starttiden")
        doctor.seen("end-before-start")

        for _ in range(2):
            doctor.page.goto(f"{doctor.home}/portal/?dag={later}")
            doctor.page.get_by_label("Dato").fill(later)
            doctor.page.get_by_label("Fra klokken").fill("10:00")
            doctor.page.get_by_label("Til klokken").fill("10:20")
            submit.click()
            expect(doctor.page.get_by_role("button", name="Kopiér besked").first).to_be_visible()
        expect(doctor.page.get_by_role("main")).to_contain_text("en anden konsultation på samme tid")
        doctor.seen("overlap")
