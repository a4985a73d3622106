"""A guest answers page by page, goes back and forth, and goes on."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.test import Client

from rooms.access import SEAT_COOKIE
from surveys import services, tasks
from surveys.access import ANSWERS_COOKIE
from surveys.models import FreeText, Invitation, QuestionnaireVersion, Response
from surveys.services import versions
from tests.surveys.guests import TALKED, Guest, over
from vdx.lib import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def guest() -> Guest:
    return Guest(*over())


def state() -> str:
    return Invitation.objects.get().state


def yesterday() -> date:
    return clock.local_date(clock.now()) - timedelta(days=1)


def test_a_guest_answers_everything(guest: Guest) -> None:
    guest.answer_all()

    response = Response.objects.get()
    expected = {name: answer for answers in TALKED.values() for name, answer in answers.items()}
    texts = {"helped_by_text": "nabo", "comments": "Tak\nfor snakken"}
    codes = {name: int(answer) if name == "birth_year" else answer for name, answer in expected.items()}
    assert response.answers == {
        name: answer for name, answer in codes.items() if name not in {*texts, "usability_comments"}
    }
    assert dict(FreeText.objects.values_list("variable", "text")) == texts
    assert (response.state, response.reached, response.background_only) == ("complete", 7, False)
    assert response.row is not None
    assert set(response.context) == {"region", "practice_kind", "month", "outcome", "device_kind"}
    assert state() == "complete"
    page = guest.client.get(f"{guest.link}/svar/tak").content.decode()
    assert "Tak for dine svar" in page
    assert "Slet mine svar" in page


def test_without_contact_the_way_is_short_and_the_rest_is_not_asked(guest: Guest) -> None:
    guest.begin()
    guest.send(1, TALKED[1])
    why = {"contact": 2, "contact_why": "Der var sort", "device": 2}

    assert guest.send(2, why).url.endswith("/svar/6")
    assert guest.send(6, {"accept_again": 3, "accept_again_why": "Ved ikke"}).url.endswith("/svar/7")
    assert guest.send(7, {"comments": ""}).url.endswith("/svar/tak")

    response = Response.objects.get()
    assert response.answers == {"sex": 2, "birth_year": 1946, "contact": 2, "device": 2, "accept_again": 3}
    assert response.state == "complete"


def test_without_a_script_the_page_comes_again_with_what_the_answer_brought_up(guest: Guest) -> None:
    guest.begin()
    guest.send(1, TALKED[1])
    first = guest.client.get(f"{guest.link}/svar/2").content.decode()
    assert re.search(r'data-question="contact_why"[^>]*hidden disabled', first)

    again = guest.send(2, {"contact": 2, "device": 1})

    assert again.url.endswith("/svar/2")
    page = guest.client.get(again.url).content.decode()
    assert not re.search(r'data-question="contact_why"[^>]*hidden', page)
    assert guest.send(2, {"contact": 2, "contact_why": "", "device": 1}).url.endswith("/svar/6")


def test_going_back_loses_nothing_and_coming_back_finds_everything(guest: Guest) -> None:
    guest.begin()
    for page in (1, 2):
        guest.send(page, TALKED[page])
    assert guest.send(3, TALKED[3], go="back").url.endswith("/svar/2")
    # No contact after all, and then contact all the same.
    assert guest.send(2, {"contact": 2, "contact_why": "Ups", "device": 3}).url.endswith("/svar/6")
    assert guest.send(2, TALKED[2]).url.endswith("/svar/3")

    page = guest.client.get(f"{guest.link}/svar/3")

    assert page.context["form"]["easy_to_use"].value() == 5
    assert page.context["form"]["helped_by_text"].value() == "nabo"
    assert sorted(page.context["form"]["helped_by"].value()) == [1, 4]


def test_what_must_be_answered_is_asked_for_on_the_way_forward_only(guest: Guest) -> None:
    guest.begin()
    guest.send(1, TALKED[1])
    seen = ["contact", "device"]

    refused = guest.send(2, {"device": 1}, seen=seen)

    assert refused.status_code == 400
    assert "Svar på spørgsmålet, før du går videre." in refused.content.decode()
    assert refused.context["form"]["device"].value() == "1"
    assert guest.send(2, {"device": 1}, go="back", seen=seen).url.endswith("/svar/1")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("46", "Skriv et årstal fra 1900 til"),
        ("nitten", "Skriv årstallet med fire tal"),
        ("2999", "Skriv et årstal fra 1900 til"),
        ("-1946", "Skriv årstallet med fire tal"),
        ("٢٠٠٠", "Skriv årstallet med fire tal"),
    ],
)
def test_a_year_that_is_none_gets_a_sentence_beside_it(guest: Guest, typed: str, sentence: str) -> None:
    guest.begin()

    refused = guest.send(1, {"sex": 1, "birth_year": typed})

    assert refused.status_code == 400
    assert sentence in str(refused.context["form"].errors["birth_year"])
    assert refused.context["form"]["birth_year"].value() == typed
    assert not Response.objects.exists()


def test_what_was_not_offered_is_refused(guest: Guest) -> None:
    guest.begin()
    for page in range(1, 7):
        guest.send(page, TALKED[page])

    both = guest.send(7, {"advantages": [7, 1], "drawbacks": [99], "comments": "x" * 4001})

    errors = both.context["form"].errors
    assert "kan ikke vælges sammen" in str(errors["advantages"])
    assert "Vælg et af svarene" in str(errors["drawbacks"])
    assert "højst 4000 tegn" in str(errors["comments"])
    assert Response.objects.get().state == "open"


def test_no_page_can_be_skipped(guest: Guest) -> None:
    guest.begin()

    assert guest.client.get(f"{guest.link}/svar/5").url.endswith("/svar/1")
    assert guest.send(7, TALKED[7]).url.endswith("/svar/1")
    assert not Response.objects.exists()


def test_whoever_has_given_the_first_minute_may_stop_and_still_go_on(guest: Guest) -> None:
    guest.begin()
    assert 'value="stop"' not in guest.client.get(f"{guest.link}/svar/1").content.decode()
    guest.send(1, TALKED[1])
    assert 'value="stop"' in guest.client.get(f"{guest.link}/svar/2").content.decode()

    stopped = guest.send(2, TALKED[2], go="stop")

    assert stopped.url == f"{guest.link}/svar/tak"
    page = guest.client.get(stopped.url).content.decode()
    assert "Tak for dine svar" in page
    assert "Svar på resten" in page
    response = Response.objects.get()
    assert (response.state, response.reached, response.answers["contact"]) == ("open", 2, 1)
    assert guest.client.get(f"{guest.link}/svar").url.endswith("/svar/3")
    # The last page has an end of its own.
    for number in range(3, 7):
        guest.send(number, TALKED[number])
    assert 'value="stop"' not in guest.client.get(f"{guest.link}/svar/7").content.decode()
    guest.send(7, TALKED[7])
    assert "Svar på resten" not in guest.client.get(stopped.url).content.decode()


def test_what_was_wrong_on_the_page_is_said_before_stopping(guest: Guest) -> None:
    guest.begin()
    guest.send(1, TALKED[1])
    guest.send(2, TALKED[2], go="back")

    assert guest.send(1, {"sex": 1, "birth_year": "46"}, go="stop").status_code == 400
    assert guest.send(2, {"device": 1}, go="stop", seen=["contact", "device"]).url.endswith("/svar/tak")
    assert Response.objects.get().reached == 1


def test_the_same_browser_goes_on_where_it_was(guest: Guest) -> None:
    guest.begin()
    for page in (1, 2, 3):
        guest.send(page, TALKED[page])

    assert "Svar færdig" in guest.client.get(f"{guest.link}/tak").content.decode()
    assert guest.client.get(f"{guest.link}/svar").url.endswith("/svar/4")
    assert guest.begin().endswith("/svar/4")


def test_two_tabs_and_a_double_press_are_one_response(guest: Guest) -> None:
    assert guest.begin() == guest.begin() == f"{guest.link}/svar/1"
    for _ in range(2):
        assert guest.send(1, TALKED[1]).url.endswith("/svar/2")
    for page in range(2, 8):
        guest.send(page, TALKED[page])
    row = Response.objects.values().get()

    assert guest.send(7, {"comments": "igen"}).url.endswith("/svar/tak")
    assert Response.objects.values().get() == row
    assert Invitation.objects.count() == 1


def test_another_browser_with_the_same_seat_begins_no_second_response(guest: Guest) -> None:
    guest.begin()
    guest.send(1, TALKED[1])
    other = Client()
    other.cookies[SEAT_COOKIE] = guest.client.cookies[SEAT_COOKIE].value

    assert other.post(f"{guest.link}/svar").url == f"{guest.link}/tak"
    assert ANSWERS_COOKIE not in other.cookies


def test_a_made_up_cookie_opens_nothing(guest: Guest) -> None:
    guest.begin()
    guest.send(1, TALKED[1])
    key = Response.objects.get().pk
    for made_up in ("", key.hex, str(key), f'"{key.hex}":x:y'):
        guest.client.cookies[ANSWERS_COOKIE] = made_up
        assert guest.client.get(f"{guest.link}/svar/1").url == f"{guest.link}/tak"


def test_the_cookies_say_little_and_stay_with_the_room(guest: Guest) -> None:
    guest.begin()

    cookie = guest.client.cookies[ANSWERS_COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", guest.link)
    assert 0 < int(cookie["max-age"]) <= 25 * 3600


def test_when_the_day_is_over_an_unfinished_response_is_partly(guest: Guest) -> None:
    guest.begin()
    for page in (1, 2, 3):
        guest.send(page, TALKED[page])
    Response.objects.update(date=yesterday())
    Invitation.objects.update(updated=yesterday())

    # Before the sweep has come, and after.
    assert guest.send(4, TALKED[4]).url == f"{guest.link}/tak"
    said = [guest.client.get(f"{guest.link}/tak").content.decode()]
    tasks.sweep()
    tasks.sweep()
    said.append(guest.client.get(f"{guest.link}/tak").content.decode())
    # As it is with the browser's own clock, which lets the cookie go at midnight.
    del guest.client.cookies[ANSWERS_COOKIE]
    said.append(guest.client.get(f"{guest.link}/tak").content.decode())
    assert all("Det, du sendte inden da, er gemt. Resten er ikke kommet med." in page for page in said)

    response = Response.objects.get()
    assert (response.state, response.reached) == ("partly", 3)
    assert response.row is not None
    assert -3 in response.row
    assert state() == "partly"
    assert guest.client.get(f"{guest.link}/svar/3").url == f"{guest.link}/tak"


def test_english_pages_ask_in_english(guest: Guest) -> None:
    guest.begin()
    guest.client.post("/sprog", {"language": "en", "next": f"{guest.link}/svar/1"})

    page = guest.client.get(f"{guest.link}/svar/1")

    assert "In what year were you born?" in page.content.decode()


def test_a_change_of_language_keeps_what_was_typed_and_no_answer(guest: Guest) -> None:
    guest.begin()
    guest.client.post("/sprog", {"language": "en", "next": f"{guest.link}/svar/1"})

    page = guest.send(1, {"sex": 2, "birth_year": "46"}, go="show")

    assert page.status_code == 200
    assert "In what year were you born?" in page.content.decode()
    assert 'value="46"' in page.content.decode()
    assert re.search(r'name="q-sex" value="2"[^>]*checked', page.content.decode())
    assert "form-error-message" not in page.content.decode()
    assert not Response.objects.exists()
    assert state() == "opened"


def test_a_change_of_language_keeps_several_answers_at_once(guest: Guest) -> None:
    guest.begin()
    for page in (1, 2):
        guest.send(page, TALKED[page])

    shown = guest.send(3, {"helped": 1, "helped_by": [1, 4], "helped_by_text": ""}, go="show")

    assert shown.context["form"]["helped_by"].value() == ["1", "4"]
    assert Response.objects.get().reached == 2


def test_a_page_of_the_version_before_is_shown_anew_and_not_taken_in(guest: Guest) -> None:
    """The same code may be another answer in the version that was published meanwhile."""
    guest.begin()
    before = guest.client.get(f"{guest.link}/svar/1").context["version"]
    questionnaire = QuestionnaireVersion.objects.get(pk=before).questionnaire_id
    draft = versions.start_version(questionnaire_id=questionnaire, actor=None)
    versions.publish(version_id=draft.pk, actor=None, now=clock.now())
    sent = {"q-sex": 1, "seen": ["sex", "birth_year"], "go": "next"}

    assert guest.client.post(f"{guest.link}/svar/1", {**sent, "version": before}).url.endswith("/svar/1")
    assert not Response.objects.exists()
    assert guest.client.get(f"{guest.link}/svar/1").context["version"] == draft.pk
    assert guest.client.post(f"{guest.link}/svar/1", {**sent, "version": draft.pk}).url.endswith("/svar/2")


def test_the_script_is_told_where_to_go(guest: Guest) -> None:
    guest.begin()

    answer = guest.client.post(
        f"{guest.link}/svar/1",
        {"q-sex": 1, "seen": ["sex", "birth_year"], "go": "next"},
        headers={"X-Requested-With": "fetch"},
    )

    assert answer.json() == {"next": f"{guest.link}/svar/2"}


def test_who_left_the_question_that_decides_open_is_asked_it_before_going_on(guest: Guest) -> None:
    """Without it nobody knows what to ask: neither the way back nor an address typed by hand passes it."""
    guest.begin()
    guest.send(1, TALKED[1])
    guest.send(2, {"device": 1}, go="back", seen=["contact", "device"])

    assert Response.objects.get().reached == 1
    assert guest.client.get(f"{guest.link}/svar").url.endswith("/svar/2")
    assert guest.client.get(f"{guest.link}/svar/6").url.endswith("/svar/2")
    assert guest.send(2, {"device": 1}).url.endswith("/svar/2")
    assert guest.client.get(f"{guest.link}/svar/6").url.endswith("/svar/2")
    assert guest.send(7, {"comments": "Tak"}).url.endswith("/svar/2")
    assert Response.objects.get().state == "open"


def test_nothing_is_complete_without_what_must_be_answered(guest: Guest) -> None:
    """The last page was open in another tab when the answer was taken back."""
    guest.begin()
    guest.send(1, TALKED[1])
    guest.send(2, TALKED[2])
    response = Response.objects.get()
    last = {"study_id": response.pk, "version_id": response.version_id, "context": {}, "today": response.date}
    services.send_page(**last, page=2, answers={}, seen=["contact"], finish=False)

    kept = services.send_page(**last, page=7, answers={"comments": "Tak"}, seen=["comments"], finish=True)

    assert kept == "open"
    assert Response.objects.get().reached == 1
