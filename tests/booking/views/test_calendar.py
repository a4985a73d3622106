"""The doctor's own calendar, and one meeting as a file."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from icalendar import Calendar

from booking import services
from booking.models import CalendarFeed, Meeting
from tests.factories.accounts import member
from tests.factories.booking import book_meeting
from vdx.accounts.enums import Role
from vdx.accounts.models import AuditEntry, Membership
from vdx.lib import clock

pytestmark = pytest.mark.django_db


def open_feed(browser) -> str:
    page = browser.post("/portal/kalender/ny").content.decode()
    found = re.search(r"/portal/kalender/[\w-]{43}\.ics", page)
    assert found
    return found[0]


def events(address, browser=None) -> list:
    response = (browser or Client()).get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    return list(Calendar.from_ical(response.content).walk("VEVENT"))


@pytest.fixture
def meeting(doctor, tomorrow):
    return book_meeting(doctor=doctor, start=tomorrow, subject="Karen Jensen", description="knæ", guest_pin=4711)


def test_the_feed_shows_when_and_nothing_about_anybody(as_user, doctor, practice, meeting):
    address = open_feed(as_user(doctor))
    text = Client().get(address).content.decode()
    [event] = events(address)
    assert str(event["UID"]).startswith(str(meeting.uuid))
    assert str(event["LOCATION"]) == practice.name
    assert event.decoded("DTSTART") == meeting.start_time
    for word in ("Karen", "knæ", "4711", meeting.short_id):
        assert word not in text.replace("\r\n ", "")


def test_only_the_own_meetings_stand_there(as_user, doctor, practice, meeting):
    book_meeting(doctor=member(organisation=practice), start=meeting.start_time)
    book_meeting(start=meeting.start_time)
    assert len(events(open_feed(as_user(doctor)))) == 1


def test_moving_and_calling_off_are_seen(as_user, doctor, meeting):
    address = open_feed(as_user(doctor))
    [before] = events(address)
    start = meeting.start_time + timedelta(hours=1)
    services.move(meeting_id=meeting.pk, start=start, end=start + timedelta(minutes=15), actor=doctor, now=clock.now())
    [moved] = events(address)
    services.cancel(meeting_id=meeting.pk, actor=doctor, now=clock.now())
    [cancelled] = events(address)

    assert len({str(event["UID"]) for event in (before, moved, cancelled)}) == 1
    assert [event["SEQUENCE"] for event in (before, moved, cancelled)] == [0, 1, 2]
    assert (str(moved["STATUS"]), str(cancelled["STATUS"])) == ("CONFIRMED", "CANCELLED")
    assert str(cancelled["SUMMARY"]) == "Aflyst: Videokonsultation"


def test_the_secret_is_shown_once_and_kept_as_a_fingerprint(as_user, doctor, meeting):
    browser = as_user(doctor)
    address = open_feed(browser)
    secret = address.removesuffix(".ics").rpartition("/")[2]
    assert secret not in browser.get("/portal/kalender").content.decode()
    assert secret not in CalendarFeed.objects.get().secret_digest
    assert secret not in str(list(AuditEntry.objects.values()))


def test_a_renewed_closed_or_invented_address_is_not_found(as_user, doctor, meeting):
    browser = as_user(doctor)
    old = open_feed(browser)
    new = open_feed(browser)
    assert Client().get(old).status_code == 404
    assert Client().get(new).status_code == 200
    browser.post("/portal/kalender/luk")
    assert Client().get(new).status_code == 404
    assert Client().get("/portal/kalender/x.ics").status_code == 404


@pytest.mark.parametrize("how", ["no longer active", "works there no longer"])
def test_who_has_left_has_no_calendar(as_user, doctor, meeting, how):
    address = open_feed(as_user(doctor))
    if how == "no longer active":
        doctor.is_active = False
        doctor.save()
    else:
        Membership.objects.update(ended_at=clock.now())
    assert Client().get(address).status_code == 404


@pytest.mark.usefixtures("clock_stands")
def test_guessing_is_slowed():
    answers = [Client().get(f"/portal/kalender/{number}.ics").status_code for number in range(55)]
    assert answers[0] == 404
    assert answers[-1] == 429


@pytest.mark.usefixtures("clock_stands")
def test_a_program_that_asks_all_the_time_is_told_to_wait(as_user, doctor):
    address = open_feed(as_user(doctor))
    answers = {Client().get(address).status_code for _ in range(40)}
    assert answers == {200, 429}


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_does_not_depend_on_the_meetings(
    as_user, doctor, tomorrow, count, django_assert_num_queries
):
    for number in range(count):
        book_meeting(doctor=doctor, start=tomorrow + timedelta(hours=number))
    address = open_feed(as_user(doctor))
    # The feed with its owner, where the owner works, the meetings.
    with django_assert_num_queries(3):
        assert Client().get(address).status_code == 200


def test_looking_writes_nothing_and_needs_no_login(as_user, doctor, meeting):
    address = open_feed(as_user(doctor))
    before = AuditEntry.objects.count()
    assert Client().head(address).status_code == 200
    assert Client().post(address).status_code == 405
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.ADMINISTRATOR, Role.RESEARCHER])
def test_only_doctors_have_a_calendar(as_user, role):
    assert as_user(member(role)).post("/portal/kalender/ny").status_code in {302, 403, 404}
    assert not CalendarFeed.objects.exists()


def test_one_meeting_as_a_file(as_user, doctor, secretary, meeting):
    for person in (doctor, secretary):
        [event] = events(f"/portal/moede/{meeting.uuid}/konsultation.ics", as_user(person))
        assert str(event["UID"]).startswith(str(meeting.uuid))
        assert "Karen" not in str(event)


@pytest.mark.parametrize("role", list(Role))
def test_a_stranger_gets_no_file(as_user, meeting, role):
    response = as_user(member(role)).get(f"/portal/moede/{meeting.uuid}/konsultation.ics")
    assert response.status_code in {302, 404}


def test_the_profile_leads_a_doctor_there(as_user, doctor, secretary):
    assert "/portal/kalender" in as_user(doctor).get("/konto/profil").content.decode()
    assert "/portal/kalender" not in as_user(secretary).get("/konto/profil").content.decode()
    assert Meeting.objects.count() == 0
