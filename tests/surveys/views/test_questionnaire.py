"""A guest answers page by page; whoever never got in finds the questions at the same link."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from booking.models import Meeting
from rooms import services as rooms
from rooms.access import SEAT_COOKIE
from rooms.enums import CloseReason
from surveys import services, tasks
from surveys.access import ANSWERS_COOKIE, ASKED_COOKIE
from surveys.models import FreeText, Invitation, QuestionnaireVersion, Response
from tests.factories.accounts import member
from tests.factories.monitoring import booked_meeting, guest_came, held_call, host_came
from vdx.lib import clock

pytestmark = pytest.mark.django_db

# What a guest who talked with the doctor answers, page by page.
TALKED: dict[int, dict[str, Any]] = {
    1: {"sex": 2, "birth_year": "1946"},
    2: {"contact": 1, "times_used": 1, "device": 3},
    3: {"easy_to_use": 5, "quick_to_learn": 4, "information_clear": 6, "helped": 1, "helped_by": [1, 4],
        "helped_by_text": "nabo", "usability_comments": ""},
    4: {"picture": 1, "sound": 2, "sound_prevented": 2, "other_problems": 2},
    5: {"time_preparing": 3, "time_waiting": 4, "time_talking": 3, "transport_important": 1},
    6: {"good_contact": 5, "felt_safe": 5, "would_recommend": 5, "accept_again": 1},
    7: {"advantages": [1, 6], "drawbacks": [6], "comments": "Tak\r\nfor snakken"},
}  # fmt: skip


class Guest:
    """A guest's browser, at a call's link."""

    def __init__(self, meeting: Meeting, token: str = "") -> None:
        self.client = Client()
        self.link = f"/m/{meeting.short_id}"
        if token:
            self.client.cookies[SEAT_COOKIE] = token

    def begin(self) -> str:
        answer = self.client.post(f"{self.link}/svar")
        assert answer.status_code == 302
        return answer.url

    def send(self, page: int, answers: dict[str, Any], *, go: str = "next", seen: list[str] | None = None) -> Any:
        data: dict[str, Any] = {f"q-{name}": value for name, value in answers.items()}
        return self.client.post(f"{self.link}/svar/{page}", {**data, "seen": seen or list(answers), "go": go})

    def answer_all(self) -> None:
        self.begin()
        for page, answers in TALKED.items():
            assert self.send(page, answers).status_code == 302


def over(*, minutes_ago: int = 10) -> tuple[Meeting, str]:
    """A call that a guest was in, and the guest's cookie."""
    doctor = member()
    start = clock.now() - timedelta(minutes=minutes_ago)
    meeting = booked_meeting(doctor, start=start)
    host, _, _ = host_came(meeting, doctor, at=start)
    _, token, _ = guest_came(meeting, at=start, let_in_by=host)
    rooms.close_room(room_id=meeting.room_id, reason=CloseReason.ENDED, now=start + timedelta(minutes=5))
    return meeting, token


@pytest.fixture
def guest() -> Guest:
    return Guest(*over())


def state() -> str:
    return Invitation.objects.get().state


def test_every_guest_of_a_call_is_invited_once_and_no_host() -> None:
    meeting, _ = held_call(member(), start=clock.now() - timedelta(minutes=10), guests=2)

    rows = Invitation.objects.filter(room_uuid=meeting.room.uuid)
    assert sorted(row.seat_key for row in rows) == sorted(
        meeting.room.seats.filter(role="guest").values_list("key", flat=True)
    )
    assert {(row.kind, row.state) for row in rows} == {("seat", "offered")}
    assert services.invite_guests(room_uuids=[meeting.room.uuid], today=clock.local_date(clock.now())) == 0


@pytest.mark.parametrize("reason", [CloseReason.ENDED, CloseReason.EXPIRED, CloseReason.TELEPHONE])
def test_who_waited_in_vain_is_invited_too(reason: CloseReason) -> None:
    meeting = booked_meeting(member(), start=clock.now())
    _, token, _ = guest_came(meeting, at=clock.now())
    rooms.close_room(room_id=meeting.room_id, reason=reason, now=clock.now())

    assert state() == "offered"
    assert "Ja, jeg vil gerne svare" in Guest(meeting, token).client.get(f"/m/{meeting.short_id}/tak").content.decode()


def test_nobody_is_asked_about_a_test_call_or_a_meeting_called_off() -> None:
    for field, reason in (("is_test", CloseReason.ENDED), ("", CloseReason.CANCELLED)):
        meeting = booked_meeting(member(), start=clock.now())
        if field:
            Meeting.objects.filter(pk=meeting.pk).update(is_test=True)
        _, token, _ = guest_came(meeting, at=clock.now())
        rooms.close_room(room_id=meeting.room_id, reason=reason, now=clock.now())
        browser = Guest(meeting, token)
        assert "svare" not in browser.client.get(f"{browser.link}").content.decode()
        assert browser.client.post(f"{browser.link}/svar").status_code == 404
    assert not Invitation.objects.exists()


def test_the_offer_says_what_it_is_for_and_looking_changes_nothing(guest: Guest) -> None:
    before = list(Invitation.objects.values())

    text = guest.client.get(f"{guest.link}/tak").content.decode()

    assert "Vil du fortælle, hvordan det gik?" in text
    assert "Nej tak" in text
    assert list(Invitation.objects.values()) == before


def test_no_thanks_is_counted_and_not_asked_again(guest: Guest) -> None:
    assert guest.client.post(f"{guest.link}/svar/nej-tak").url == f"{guest.link}/tak"

    assert state() == "declined"
    assert "Ja, jeg vil gerne svare" not in guest.client.get(f"{guest.link}/tak").content.decode()
    assert guest.begin() == f"{guest.link}/tak"


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
    assert set(response.context) == {"region", "month", "outcome", "device_kind"}
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


def test_erasing_takes_everything_also_after_the_end(guest: Guest) -> None:
    guest.answer_all()
    assert "Vil du slette" in guest.client.get(f"{guest.link}/svar/slet").content.decode()
    assert Response.objects.exists()

    assert guest.client.post(f"{guest.link}/svar/slet").url == f"{guest.link}/svar/slettet"

    assert not Response.objects.exists()
    assert not FreeText.objects.exists()
    assert state() == "declined"
    assert guest.client.cookies[ANSWERS_COOKIE].value == ""


def test_a_tab_left_open_cannot_bring_erased_answers_back(guest: Guest) -> None:
    guest.begin()
    guest.send(1, TALKED[1])
    cookie = guest.client.cookies[ANSWERS_COOKIE].value
    guest.client.post(f"{guest.link}/svar/slet")
    guest.client.cookies[ANSWERS_COOKIE] = cookie

    guest.send(1, TALKED[1])

    assert not Response.objects.exists()


def test_when_the_day_is_over_an_unfinished_response_is_partly(guest: Guest) -> None:
    guest.begin()
    for page in (1, 2, 3):
        guest.send(page, TALKED[page])
    yesterday = clock.local_date(clock.now()) - timedelta(days=1)
    Response.objects.update(date=yesterday)
    Invitation.objects.update(updated=yesterday)

    # Before the sweep has come, and after.
    assert guest.send(4, TALKED[4]).url == f"{guest.link}/tak"
    tasks.sweep()
    tasks.sweep()

    response = Response.objects.get()
    assert (response.state, response.reached) == ("partly", 3)
    assert response.row is not None
    assert -3 in response.row
    assert state() == "partly"
    assert guest.client.get(f"{guest.link}/svar/3").url == f"{guest.link}/tak"


def test_who_never_got_in_finds_the_questions_at_the_link() -> None:
    meeting, _ = over()
    stranger = Guest(meeting)

    page = stranger.client.get(stranger.link)
    assert page.status_code == 410
    assert f'data-shown="{stranger.link}/svar/vist"' in page.content.decode()
    for _ in range(2):
        assert stranger.client.post(f"{stranger.link}/svar/vist").status_code == 204
    never_in = Invitation.objects.get(kind="never_in")
    assert (never_in.state, never_in.seat_key) == ("offered", "")
    assert stranger.client.cookies[ASKED_COOKIE].value == never_in.browser

    stranger.begin()
    stranger.send(1, TALKED[1])

    never_in.refresh_from_db()
    assert never_in.state == "begun"
    assert Response.objects.get().context["device_kind"] == "unknown"


def test_who_never_got_in_may_answer_without_a_script_having_run() -> None:
    meeting, _ = over()
    stranger = Guest(meeting)

    stranger.begin()
    stranger.send(1, TALKED[1])

    assert Invitation.objects.get(kind="never_in").state == "begun"
    assert Response.objects.count() == 1


@pytest.mark.parametrize("who", ["host", "staff"])
def test_staff_are_not_asked(who: str) -> None:
    doctor = member()
    meeting, token = held_call(doctor, start=clock.now() - timedelta(minutes=10))
    browser = Guest(meeting, token if who == "host" else "")
    if who == "staff":
        browser.client.force_login(doctor)

    assert "svare" not in browser.client.get(browser.link).content.decode()
    assert browser.client.post(f"{browser.link}/svar").status_code == 404
    assert browser.client.post(f"{browser.link}/svar/nej-tak").status_code == 404


def test_a_week_later_nobody_is_asked() -> None:
    meeting, token = over(minutes_ago=8 * 24 * 60)
    for browser in (Guest(meeting, token), Guest(meeting)):
        assert browser.client.post(f"{browser.link}/svar").status_code == 404
        assert "svare" not in browser.client.get(browser.link).content.decode()


def test_while_the_room_is_open_a_browser_without_a_seat_is_not_asked() -> None:
    meeting = booked_meeting(member(), start=clock.now())

    assert Guest(meeting).client.post(f"/m/{meeting.short_id}/svar").status_code == 404


def test_without_a_published_version_nobody_is_asked() -> None:
    QuestionnaireVersion.objects.filter(questionnaire__key="patients").update(state="closed", closed_at=timezone.now())
    meeting, token = over()
    browser = Guest(meeting, token)

    assert not Invitation.objects.exists()
    assert "svare" not in browser.client.get(f"{browser.link}/tak").content.decode()
    assert browser.begin() == f"{browser.link}/tak"
    assert browser.client.post(f"{browser.link}/svar/nej-tak").status_code == 404


def test_after_a_week_an_invitation_leads_to_no_call_any_more() -> None:
    meeting, _ = over(minutes_ago=8 * 24 * 60)
    Invitation.objects.update(updated=clock.local_date(clock.now()) - timedelta(days=8))
    before = Invitation.objects.get()

    tasks.sweep()
    tasks.sweep()

    after = Invitation.objects.get()
    assert after.room_uuid != meeting.room.uuid
    assert after.seat_key.startswith("-")
    assert after.state == "expired"
    assert (after.week, after.region_code, after.organisation_id) == (
        before.week, before.region_code, before.organisation_id
    )  # fmt: skip


def test_english_pages_ask_in_english(guest: Guest) -> None:
    guest.begin()
    guest.client.post("/sprog", {"language": "en", "next": f"{guest.link}/svar/1"})

    page = guest.client.get(f"{guest.link}/svar/1")

    assert "In what year were you born?" in page.content.decode()


def test_the_script_is_told_where_to_go(guest: Guest) -> None:
    guest.begin()

    answer = guest.client.post(
        f"{guest.link}/svar/1",
        {"q-sex": 1, "seen": ["sex", "birth_year"], "go": "next"},
        headers={"X-Requested-With": "fetch"},
    )

    assert answer.json() == {"next": f"{guest.link}/svar/2"}
