"""The day page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from booking import services
from monitoring.access import MACHINE_COOKIE, MachineTest, set_machine_cookie
from rooms.enums import TestVerdict
from rooms.models import Room
from tests.factories.accounts import MembershipFactory, member
from tests.factories.booking import book_meeting
from vdx.accounts.enums import Role
from vdx.accounts.models import AuditEntry
from vdx.lib import clock

pytestmark = pytest.mark.django_db


def shown(response):
    return [card.uuid for card in response.context["page"].meetings]


def test_shows_the_doctors_own_day(as_user, doctor, tomorrow):
    meeting = book_meeting(doctor=doctor, start=tomorrow, subject="Kontrol")
    book_meeting(doctor=doctor, start=tomorrow + timedelta(days=1))

    response = as_user(doctor).get(f"/portal/?dag={clock.local_date(tomorrow)}")

    assert shown(response) == [meeting.uuid]
    page = response.content.decode()
    for words in (
        "10.15",
        "Kontrol",
        "Kopiér besked",
        "QR",
        "Flyt",
        "Forlæng",
        "Aflys",
        "Start nu",
        "Book konsultation",
    ):
        assert words in page
    assert "Gå ind" not in page


def test_offers_the_way_in_once_the_room_is_open(as_user, doctor):
    meeting = book_meeting(doctor=doctor, start=clock.now())

    page = as_user(doctor).get("/portal/").content.decode()

    assert "Gå ind" in page
    assert f'action="/m/{meeting.short_id}/vaert"' in page
    assert "Rummet er åbent" in page


def test_says_how_meetings_ended_and_offers_nothing_more(as_user, doctor, tomorrow):
    meeting = book_meeting(doctor=doctor, start=tomorrow)
    services.cancel(meeting_id=meeting.pk, actor=doctor, now=clock.now())

    page = as_user(doctor).get(f"/portal/?dag={clock.local_date(tomorrow)}").content.decode()

    assert "Aflyst" in page
    assert "Kopiér besked" not in page
    assert meeting.short_id not in page


def test_a_stranger_sees_none_of_it(as_user, doctor, tomorrow):
    meeting = book_meeting(doctor=doctor, start=tomorrow)

    response = as_user(member()).get(f"/portal/?dag={clock.local_date(tomorrow)}&booket={meeting.uuid}")

    assert shown(response) == []
    assert response.context["booked"] is None
    assert meeting.short_id not in response.content.decode()


def test_a_colleague_sees_none_of_it(as_user, practice, doctor, tomorrow):
    book_meeting(doctor=doctor, start=tomorrow)

    assert shown(as_user(member(organisation=practice)).get(f"/portal/?dag={clock.local_date(tomorrow)}")) == []


def test_a_stranger_cannot_choose_the_doctor_by_the_address(as_user, doctor, tomorrow):
    book_meeting(doctor=doctor, start=tomorrow)
    key = doctor.memberships.get().pk

    response = as_user(member(Role.SECRETARY)).get(f"/portal/?dag={clock.local_date(tomorrow)}&laege={key}")

    assert (shown(response), response.context["chosen"]) == ([], None)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.RESEARCHER, Role.MEDCOM])
def test_is_for_those_who_hold_consultations(as_user, practice, role):
    response = as_user(member(role, practice)).get("/portal/")

    # Their work asks for a second factor first; without one they are led to enrol.
    assert response.status_code == 302
    assert response["Location"].startswith("/konto/")


def test_who_has_left_all_practices_has_no_day(as_user, doctor):
    doctor.memberships.update(ended_at=clock.now())

    assert as_user(doctor).get("/portal/").status_code == 403


def test_without_login_one_is_led_to_it(client):
    response = client.get("/portal/?dag=2026-11-23")

    assert response.status_code == 302
    assert response["Location"].startswith("/konto/")
    assert "dag%3D2026-11-23" in response["Location"]


def test_a_secretary_sees_all_and_chooses_one(as_user, practice, doctor, secretary, tomorrow):
    other = member(organisation=practice, name="Ole Vang")
    first = book_meeting(doctor=doctor, start=tomorrow)
    second = book_meeting(doctor=other, start=tomorrow + timedelta(hours=1))
    browser, day = as_user(secretary), clock.local_date(tomorrow)

    everybody = browser.get(f"/portal/?dag={day}")
    chosen = browser.get(f"/portal/?dag={day}&laege={other.memberships.get().pk}")

    assert shown(everybody) == [first.uuid, second.uuid]
    assert shown(chosen) == [second.uuid]
    assert chosen.context["form"]["host"].value() == str(other.memberships.get().pk)


def test_a_secretarys_look_at_the_doctors_meetings_is_written_down_once(as_user, doctor, secretary, tomorrow):
    book_meeting(doctor=doctor, start=tomorrow)
    browser, day = as_user(secretary), clock.local_date(tomorrow)
    AuditEntry.objects.all().delete()

    browser.get(f"/portal/?dag={day}")
    browser.get(f"/portal/?dag={day}")
    as_user(doctor).get(f"/portal/?dag={day}")

    assert list(AuditEntry.objects.values_list("actor", "action", "target_type", "target_id")) == [
        (secretary.pk, "meeting.looked_at", "day", day.isoformat())
    ]


def test_a_practice_without_doctors_says_what_to_do(as_user, secretary):
    response = as_user(secretary).get("/portal/")

    assert response.context["form"] is None
    assert "Bed jeres administrator" in response.content.decode()


@pytest.mark.parametrize("day", ["i morgen", "2026-02-30", "0001-01-01", "9999-12-31", ""])
def test_a_day_that_is_none_is_today(as_user, doctor, day):
    response = as_user(doctor).get("/portal/", {"dag": day})

    assert response.context["page"].day == clock.local_date(clock.now())


@pytest.mark.parametrize("uuid", ["x", "00000000-0000-4000-8000-000000000000"])
def test_a_booking_that_is_none_is_passed_over(as_user, doctor, uuid):
    assert as_user(doctor).get("/portal/", {"booket": uuid}).context["booked"] is None


def test_the_page_takes_as_many_queries_for_three_meetings_as_for_one(as_user, practice, secretary, tomorrow):
    browser, address = as_user(secretary), f"/portal/?dag={clock.local_date(tomorrow)}"

    def queries_for(count):
        while practice.meetings.count() < count:
            later = tomorrow + timedelta(hours=practice.meetings.count())
            book_meeting(doctor=member(organisation=practice), start=later)
        browser.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert len(shown(browser.get(address))) == count
        return len(captured)

    one, three = queries_for(1), queries_for(3)

    assert one == three
    assert one <= 22


def test_counts_who_waits(as_user, doctor):
    meeting = book_meeting(doctor=doctor, start=clock.now())
    room = Room.objects.get(pk=meeting.room_id)
    seat = room.seats.create(key="0123456789ab", token_digest="x", role="guest", state="waiting")
    seat.visits.create(instance="i")

    response = as_user(doctor).get("/portal/")

    assert (response.context["page"].waiting, response.context["page"].meetings[0].state) == (1, "waiting")
    assert "1 venter i venteværelset" in response.content.decode()
    assert "<title>(1 venter)" in " ".join(response.content.decode().split())


def test_a_doctor_of_two_practices_says_which(as_user, doctor):
    MembershipFactory.create(user=doctor)

    form = as_user(doctor).get("/portal/").context["form"]

    assert len(form.fields["host"].choices) == 3
    assert all(label.startswith("Lise Holm, ") for _, label in form.fields["host"].choices[1:])


def test_says_when_this_very_computer_has_not_been_tested(as_user, doctor):
    client = as_user(doctor)
    assert "på denne computer er ikke testet endnu" in client.get("/portal/").content.decode()
    answer = HttpResponse()
    for verdict, words in ((TestVerdict.FAILED, "noget ikke virker"), (TestVerdict.OK, None)):
        set_machine_cookie(answer, MachineTest(verdict, clock.local_date(clock.now())))
        client.cookies[MACHINE_COOKIE] = answer.cookies[MACHINE_COOKIE].value
        page = client.get("/portal/").content.decode()
        assert "ikke testet endnu" not in page
        assert ("Test udstyret på denne computer" in page) is (words is not None)
        assert words is None or words in page
