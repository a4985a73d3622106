"""After a call the guest is asked in the same tab: one that worked, one that failed, and one who never got in."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.asking import CALLS, SHOWN, TEXTS, counted, held, press, tab_to, type_in
from tests.e2e.conftest import PICTURES
from tests.e2e.people import Hub, Someone, host, knock, let_in, window

pytestmark = pytest.mark.e2e

PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 800}
SHOTS = PICTURES / "questionnaire"


def failed_call(hub: Hub, *, guest: bool = True) -> tuple[str, str]:
    """A room in which a guest waited in vain until it was closed: its code, and the guest's cookie."""
    code = hub.room(minutes=0)
    script = f"""
import json, uuid
from rooms import services
from rooms.enums import CloseReason, DeviceKind
from rooms.models import Room
from vdx.lib import clock
now = clock.now()
room = Room.objects.get(short_id={code!r})
token = ""
if {guest}:
    seat, token = services.knock(room_id=room.pk, token=None, device_kind=DeviceKind.BROWSER, now=now)
    services.connect(seat_id=seat.pk, instance=uuid.uuid4().hex, resumed=False, now=now)
services.close_room(room_id=room.pk, reason=CloseReason.ENDED, now=now)
print(json.dumps(token))
"""
    return code, json.loads(hub.server.shell(script))


def sit(patient: Someone, code: str, token: str) -> None:
    """Give the browser the seat's cookie."""
    cookie = {"name": "vdx_seat", "value": token, "url": f"{patient.home}/m/{code}"}
    patient.page.context.add_cookies([cookie])


def choose(page: Page, variable: str, code: int) -> None:
    """Tap an answer."""
    page.locator(f'[name="q-{variable}"][value="{code}"]').check(force=True)


def go(page: Page, way: str = "next") -> None:
    """Næste, Forrige or Afslut; whatever the language."""
    page.locator(f'button[name="go"][value="{way}"]').click()


def at(page: Page, number: int) -> None:
    """On this page of the questionnaire."""
    expect(page).to_have_url(re.compile(rf"/svar/{number}$"))


def kept(hub: Hub) -> list[dict[str, object]]:
    """Every response, without its id."""
    script = """
import json
from surveys.models import FreeText, Invitation, Response
print(json.dumps([dict(state=r.state, answers=r.answers, texts=sorted(r.texts.values_list("text", flat=True)))
    for r in Response.objects.order_by("state")]))
"""
    found: list[dict[str, object]] = json.loads(hub.server.shell(script))
    return found


def added(before: list[dict[str, object]], after: list[dict[str, object]]) -> list[dict[str, object]]:
    """The responses that came meanwhile; others may have come before, an earlier try of the same test among them."""
    left = list(after)
    for each in before:
        left.remove(each)
    return left


def test_a_call_that_worked_is_asked_about_in_the_same_tab(browser: Browser, embedded: Hub) -> None:
    code, before = embedded.room(minutes=0), kept(embedded)
    with (
        window(browser, embedded.url(), SHOTS) as doctor,
        window(browser, embedded.url(), SHOTS, size=PHONE) as patient,
    ):
        host(doctor, embedded, code)
        knock(patient, code, "Grethe Sand")
        let_in(doctor, "Grethe Sand")
        expect(patient.page.locator("#screen-call")).to_be_visible()
        doctor.page.get_by_role("button", name="Afslut for alle").click()
        doctor.page.get_by_role("button", name="Ja, afslut for alle").click()

        page = patient.page
        expect(page).to_have_url(re.compile("/tak$"))
        patient.seen("01-offer")
        page.get_by_role("button", name="Ja, jeg vil gerne svare").click()
        at(page, 1)
        choose(page, "sex", 2)
        page.get_by_label("Hvilket år er du født?").fill("46")
        patient.seen("02-background")
        go(page)
        expect(page.locator(".form-error-message")).to_contain_text("Skriv et årstal")
        patient.seen("03-wrong-year")
        page.get_by_label("Hvilket år er du født?").fill("1946")
        go(page)
        at(page, 2)

        # A question comes and goes with the answer above it.
        why = page.locator("#question-contact_why")
        choose(page, "contact", 2)
        expect(why).to_be_visible()
        patient.seen("04-no-contact")
        choose(page, "contact", 1)
        expect(why).to_be_hidden()
        choose(page, "times_used", 1)
        choose(page, "device", 2)
        go(page)
        at(page, 3)
        patient.seen("05-usability")
        choose(page, "easy_to_use", 5)
        choose(page, "helped", 1)
        choose(page, "helped_by", 4)
        page.locator('[name="q-helped_by_text"]').fill("nabo")
        go(page, "back")
        at(page, 2)
        go(page)
        at(page, 3)
        expect(page.locator('[name="q-helped_by_text"]')).to_have_value("nabo")

        # The connection goes: the page says so and keeps what stands on it.
        page.context.set_offline(True)
        go(page)
        expect(page.locator("#survey-offline")).to_be_visible()
        patient.seen("06-offline")
        expect(page.locator('[name="q-helped_by_text"]')).to_have_value("nabo")
        page.context.set_offline(False)
        go(page)
        at(page, 4)

        # The tab is closed, and the link opened once more: the same browser goes on.
        page.goto(f"{patient.home}/m/{code}")
        patient.seen("07-go-on")
        page.get_by_role("link", name="Svar færdig").click()
        at(page, 4)
        choose(page, "picture", 1)
        for number in (4, 5, 6):
            at(page, number)
            go(page)
        at(page, 7)
        choose(page, "advantages", 1)
        choose(page, "advantages", 7)
        expect(page.locator('[name="q-advantages"][value="1"]')).not_to_be_checked()
        patient.seen("08-last")
        expect(page.get_by_role("button", name="Afslut")).to_be_visible()
        go(page)
        expect(page.get_by_role("heading", name="Tak for dine svar")).to_be_visible()
        patient.seen("09-done")
    [response] = added(before, kept(embedded))
    assert response["state"] == "complete"
    assert response["texts"] == ["nabo"]
    assert response["answers"] == {
        "sex": 2, "birth_year": 1946, "contact": 1, "times_used": 1, "device": 2, "easy_to_use": 5, "helped": 1,
        "helped_by": [4], "picture": 1, "advantages": [7],
    }  # fmt: skip


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("kind", CALLS)
def test_each_kind_of_call_is_asked_its_own_questions_by_keyboard(
    browser: Browser, embedded: Hub, kind: str, language: str
) -> None:
    call, before = CALLS[kind], kept(embedded)
    code, token, other = held(embedded, call)
    with window(browser, embedded.url(), SHOTS, size=PHONE) as patient:
        page = patient.page
        page.context.add_cookies([{"name": "django_language", "value": language, "url": patient.home}])
        sit(patient, code, token)
        page.goto(f"{patient.home}/m/{code}/tak")
        expect(page.locator("html")).to_have_attribute("lang", language)
        patient.seen(f"{kind}-{language}-offer")
        press(page, ".offer form:first-of-type button")
        numbers = list(call.pages)
        for place, (number, (answers, asked)) in enumerate(call.pages.items()):
            at(page, number)
            for variable, value in answers.items():
                type_in(page, variable, value)
            assert page.locator("[data-question]").evaluate_all(SHOWN) == asked
            words = page.locator("#survey-form").inner_text()
            assert [name for name in asked if TEXTS[name][language] not in words] == []
            patient.accessible()
            if place == 2:
                # Back and forth: everything stands as it was.
                press(page, 'button[value="back"]')
                at(page, numbers[1])
                contact = call.pages[numbers[1]][0]["contact"]
                expect(page.locator(f'[name="q-contact"][value="{contact}"]')).to_be_checked()
                press(page, 'button[value="next"]')
                at(page, number)
                assert page.locator("[data-question]").evaluate_all(SHOWN) == asked
            press(page, 'button[value="next"]')
            if place == 2:
                # The tab is closed, and the link opened once more: the same browser goes on.
                at(page, numbers[3])
                page.goto(f"{patient.home}/m/{code}")
                press(page, ".offer a")
        expect(page).to_have_url(re.compile("/svar/tak$"))
        patient.seen(f"{kind}-{language}-done")

        # The other guest says no.
        page.context.clear_cookies()
        page.context.add_cookies([{"name": "django_language", "value": language, "url": patient.home}])
        sit(patient, code, other)
        page.goto(f"{patient.home}/m/{code}/tak")
        press(page, ".offer form:nth-of-type(2) button")
        expect(page.locator(".offer form")).to_have_count(0)
        expect(page.locator("#offer-heading")).to_be_visible()
        patient.accessible()
    [response] = added(before, kept(embedded))
    given = {name: value for answers, _asked in call.pages.values() for name, value in answers.items()}
    texts = sorted(value for name, value in given.items() if isinstance(value, str) and name != "birth_year")
    several = {"helped_by", "advantages", "drawbacks"}
    assert (response["state"], response["texts"]) == ("complete", texts)
    assert response["answers"] == {
        name: [value] if name in several else int(value) for name, value in given.items() if value not in texts
    }
    assert counted(embedded, code) == ["complete", "declined"]


def test_the_language_changes_in_the_middle_and_the_answers_can_be_erased(browser: Browser, embedded: Hub) -> None:
    before = len(kept(embedded))
    code, token = failed_call(embedded)
    with window(browser, embedded.url(), SHOTS, size=DESKTOP) as patient:
        sit(patient, code, token)
        page, keys = patient.page, patient.page.keyboard
        page.goto(f"{patient.home}/m/{code}/tak")
        press(page, ".offer form:first-of-type button")
        at(page, 1)
        tab_to(page, '[name="q-sex"]')
        keys.press("ArrowDown")
        tab_to(page, '[name="q-birth_year"]')
        keys.type("1950")
        # Written in the middle of it, and the language is changed: nothing is lost, and nothing kept.
        page.locator('button[name="language"][value="en"]').press("Enter")
        expect(page.locator("html")).to_have_attribute("lang", "en")
        expect(page.locator('[name="q-birth_year"]')).to_have_value("1950")
        press(page, 'button[value="next"]')
        at(page, 2)
        type_in(page, "contact", 2)
        # That was the first minute, and enough.
        page.get_by_role("button", name="Send and stop here").press("Enter")
        expect(page).to_have_url(re.compile("/svar/tak$"))
        expect(page.get_by_role("link", name="Answer the rest")).to_be_visible()
        patient.seen("14-stopped-english")
        assert len(kept(embedded)) == before + 1

        # And erased again.
        page.get_by_role("main").get_by_role("link", name="Delete my answers").press("Enter")
        patient.seen("15-erase")
        page.get_by_role("main").get_by_role("button").press("Enter")
        expect(page).to_have_url(re.compile("/slettet$"))
    assert len(kept(embedded)) == before


def test_who_never_got_in_finds_it_at_the_link_and_may_say_no(browser: Browser, embedded: Hub) -> None:
    code, _ = failed_call(embedded, guest=False)
    with window(browser, embedded.url(), SHOTS, size=PHONE) as patient:
        page = patient.page
        page.goto(f"{patient.home}/m/{code}")
        patient.seen("21-never-in")
        page.get_by_role("button", name="Nej tak").click()
        expect(page.get_by_role("heading", name="Det er helt i orden")).to_be_visible()
        patient.seen("22-declined")
        page.goto(f"{patient.home}/m/{code}")
        expect(page.get_by_role("button", name="Ja, jeg vil gerne svare")).to_have_count(0)
    script = """
from surveys.models import Invitation
print(list(Invitation.objects.filter(kind="never_in").values_list("state", flat=True)))
"""
    assert embedded.server.shell(script).strip() == "['declined']"
