"""What a host orders in the call, and the call handed to another device."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Browser, WebSocket, expect

from tests.e2e.calls import DOCTOR, GRETHE, HANS, call, end, everybody_sees_everybody, record_of
from tests.e2e.conftest import PICTURES
from tests.e2e.people import DESKTOP, PHONE, Hub, Someone, flowing, knock, let_in, window

pytestmark = [pytest.mark.e2e, pytest.mark.alone]
SHOTS = PICTURES / "call-orders"


def participants(host: Someone) -> None:
    """Open the list of those who take part."""
    host.page.get_by_role("button", name="Deltagere").click()
    expect(host.page.get_by_role("heading", name="Deltagere")).to_be_visible()


def back(someone: Someone) -> None:
    """Close it."""
    someone.page.get_by_role("button", name="Tilbage til samtalen").filter(visible=True).click()


def test_mute_lock_and_remove(browser: Browser, service: Hub) -> None:
    shots = SHOTS / service.name
    with (
        call(browser, service, shots, direct=True) as (doctor, patient),
        window(browser, service.url(1), shots, size=PHONE) as stranger,
    ):
        expect(patient.page.locator("#own-heard")).to_have_text(f"{DOCTOR} kan høre dig")
        expect(doctor.page.locator("#own-heard")).to_have_text(f"{GRETHE} kan høre dig")
        participants(doctor)
        row = doctor.page.locator("#people-list li").filter(has_text=GRETHE)
        expect(row).to_contain_text("god forbindelse")
        doctor.seen("1-participants")
        row.get_by_role("button", name="Sluk mikrofonen").click()
        expect(patient.page.locator("#notice")).to_contain_text(f"{DOCTOR} har slukket din mikrofon")
        expect(patient.page.get_by_role("button", name="Tænd mikrofon")).to_be_visible()
        expect(row).to_contain_text("mikrofonen er slukket")
        patient.seen("2-muted")
        doctor.page.get_by_role("button", name="Lås rummet", exact=True).click()
        expect(doctor.page.locator("#lock-words")).to_contain_text("Rummet er låst")
        back(doctor)
        expect(patient.page.locator("#room-locked")).to_be_visible()
        doctor.seen("3-locked")
        stranger.page.goto(f"{stranger.home}/m/{doctor.code}")
        stranger.page.get_by_label("Dit navn").first.fill(HANS)
        stranger.page.get_by_role("button", name="Bank på").click()
        expect(stranger.page.locator("#knock-error")).to_contain_text("Lægen har låst rummet. Ring til")
        stranger.seen("4-locked-out")
        # Who is in comes back through the locked door.
        patient.page.reload()
        expect(patient.page.locator("#screen-call")).to_be_visible()
        everybody_sees_everybody([doctor, patient], [DOCTOR, GRETHE])
        participants(doctor)
        doctor.page.get_by_role("button", name=re.compile(f"Fjern: {GRETHE}")).click()
        expect(doctor.page.get_by_role("heading", name=f"Vil du fjerne {GRETHE}")).to_be_visible()
        doctor.seen("5-remove")
        doctor.page.get_by_role("button", name="Ja, fjern fra samtalen").click()
        expect(patient.page.get_by_role("heading", name="Lægen har taget dig ud af samtalen")).to_be_visible()
        patient.seen("6-removed")
        expect(doctor.page.locator("#people-list li")).to_have_count(1)
        assert patient.received()["connections"] == 0
        patient.page.get_by_role("button", name="Bank på igen").click()
        patient.page.get_by_label("Dit navn").first.fill(GRETHE)
        patient.page.get_by_role("button", name="Bank på").click()
        expect(patient.page.locator("#knock-error")).to_contain_text("Lægen har låst rummet")
        doctor.page.get_by_role("button", name="Lås rummet op").click()
        back(doctor)
        expect(doctor.page.locator("#room-locked")).to_be_hidden()
        knock(patient, doctor.code, GRETHE)
        let_in(doctor, GRETHE)
        flowing(doctor, patient)
        end(doctor)


def code_of(someone: Someone) -> str:
    """Ask for a code; its six digits."""
    someone.page.get_by_role("button", name="Skift enhed").click()
    digits = someone.page.locator("#handover-digits")
    expect(digits).to_have_text(re.compile(r"^\d{3} \d{3}$"))
    return digits.inner_text()


def heard_by(someone: Someone) -> list[dict[str, object]]:
    """All that the hub says to this window from now on."""
    heard: list[dict[str, object]] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: heard.append(json.loads(frame)))

    someone.page.on("websocket", listen)
    someone.page.reload()
    expect(someone.page.locator("#screen-call")).to_be_visible()
    return heard


def test_the_call_goes_on_at_another_device(browser: Browser, service: Hub) -> None:
    shots = SHOTS / service.name
    with (
        call(browser, service, shots, direct=True) as (doctor, patient),
        window(browser, service.url(1), shots, size=PHONE) as phone,
        window(browser, service.url(1), shots, size=DESKTOP) as tablet,
    ):
        # The patient's other device reads the QR code.
        heard = heard_by(patient)
        code_of(patient)
        patient.seen("handover-1-code")
        offer = next(message for message in heard if message["type"] == "handover")
        secret = str(offer["url"]).partition("#")[2]
        dots = patient.page.locator("#handover-qr path").get_attribute("d") or ""
        assert dots.count("M") == "".join(offer["qr"]).count("1") > 200  # type: ignore[arg-type]
        asked: list[str] = []
        phone.page.on("request", lambda request: asked.append(request.url))
        phone.page.goto(f"{phone.home}/m/{doctor.code}/haandover#{secret}")
        expect(phone.page.locator("#handover-wait")).to_contain_text("Se på den anden enhed")
        phone.seen("handover-2-wait")
        expect(patient.page.get_by_role("heading", name="Er det dig?")).to_be_visible()
        patient.seen("handover-3-asked")
        patient.page.get_by_role("button", name="Ja, flyt samtalen").click()
        expect(phone.page.locator("#screen-call")).to_be_visible()
        expect(patient.page.get_by_role("heading", name="Samtalen er flyttet")).to_be_visible()
        flowing(doctor, phone)
        assert [url for url in asked if secret in url] == []
        expect(doctor.page.locator("#people li")).to_have_count(2)
        expect(doctor.page.locator("#people")).to_contain_text(GRETHE)
        expect(doctor.page.locator("#knocks li")).to_have_count(0)
        # The doctor's other device gets the digits, wrong ones first; no is no.
        digits = code_of(doctor)
        doctor.seen("handover-4-code")
        tablet.page.goto(f"{tablet.home}/m/{doctor.code}/haandover")
        field = tablet.page.get_by_label("De 6 tal")
        field.fill("12")
        tablet.page.get_by_role("button", name="Flyt samtalen hertil").click()
        expect(tablet.page.locator("#handover-error")).to_contain_text("Skriv de 6 tal")
        field.fill("000000" if digits != "000 000" else "111111")
        tablet.page.get_by_role("button", name="Flyt samtalen hertil").click()
        expect(tablet.page.locator("#handover-error")).to_contain_text("Koden virker ikke")
        tablet.seen("handover-5-wrong")
        field.fill(digits)
        tablet.page.get_by_role("button", name="Flyt samtalen hertil").click()
        expect(doctor.page.get_by_role("heading", name="Er det dig?")).to_be_visible()
        doctor.page.get_by_role("button", name="Nej, bliv på denne enhed").click()
        expect(tablet.page.locator("#handover-error")).to_contain_text("Samtalen blev ikke flyttet")
        field.fill(code_of(doctor))
        tablet.page.get_by_role("button", name="Flyt samtalen hertil").click()
        doctor.page.get_by_role("button", name="Ja, flyt samtalen").click()
        expect(tablet.page.locator("#screen-call")).to_be_visible()
        expect(doctor.page.get_by_role("heading", name="Samtalen er flyttet")).to_be_visible()
        flowing(tablet, phone)
        expect(tablet.page.locator("#people")).to_contain_text(DOCTOR)
        end(tablet)
        expect(phone.page.locator("#screen-call")).to_be_hidden()
    assert record_of(service, doctor.code)["devices"] == 2
