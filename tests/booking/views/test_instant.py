"""Start nu: one request, and the doctor stands in the room."""

from __future__ import annotations

from uuid import uuid4

import pytest

from booking.models import Meeting
from booking.rules.instant import is_instant
from rooms.models import Seat
from tests.factories.accounts import member
from tests.factories.booking import book_meeting

pytestmark = pytest.mark.django_db


def sent(doctor, **other):
    return {"key": str(uuid4()), "host": str(doctor.memberships.get().pk)} | other


def test_books_takes_the_hosts_seat_and_leads_into_the_room(as_user, doctor):
    browser = as_user(doctor)

    response = browser.post("/portal/straks", sent(doctor))

    meeting = Meeting.objects.select_related("room").get()
    assert is_instant(meeting.start_time, meeting.created_time)
    assert (response.status_code, response["Location"]) == (302, f"/m/{meeting.short_id}")
    seat = Seat.objects.get()
    assert (seat.room_id, seat.role, seat.user) == (meeting.room_id, "host", doctor)
    cookie = response.cookies["vdx_seat"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (f"/m/{meeting.short_id}", True, "Lax")
    page = browser.get(response["Location"])
    assert page.status_code == 200
    assert meeting.short_id in page.content.decode()


def test_a_double_click_leads_to_one_room_and_one_seat(as_user, doctor):
    browser, fields = as_user(doctor), sent(doctor)

    first, second = browser.post("/portal/straks", fields), browser.post("/portal/straks", fields)

    assert first["Location"] == second["Location"]
    assert (Meeting.objects.count(), Seat.objects.count()) == (1, 1)


def test_a_secretary_starts_for_the_doctor_chosen(as_user, practice, doctor, secretary):
    member(organisation=practice)

    as_user(secretary).post("/portal/straks", sent(doctor))

    meeting = Meeting.objects.get()
    assert (meeting.organized_by.email, meeting.created_by.email) == (doctor.email, secretary.email)
    assert Seat.objects.get().user == secretary


def test_a_secretary_who_chose_nobody_is_asked_to_and_nothing_is_lost(as_user, practice, doctor, secretary):
    member(organisation=practice)

    response = as_user(secretary).post("/portal/straks", sent(doctor, host="", subject="Kontrol", start="10:15"))

    assert not Meeting.objects.exists()
    assert response.context["refused"] == "Vælg den læge, som konsultationen er hos."
    assert response.context["form"]["subject"].value() == "Kontrol"


def test_what_else_stands_in_the_form_does_not_matter(as_user, doctor):
    as_user(doctor).post("/portal/straks", sent(doctor, day="", start="x", end="", subject="010203-1234"))

    assert Meeting.objects.get().subject == ""


def test_nobody_starts_for_a_stranger(as_user, doctor):
    as_user(member()).post("/portal/straks", sent(doctor))

    assert not Meeting.objects.exists()


def test_the_key_of_somebody_elses_meeting_leads_into_a_room_of_ones_own(as_user, doctor):
    theirs = book_meeting()

    response = as_user(doctor).post("/portal/straks", sent(doctor, key=str(theirs.uuid)))

    assert theirs.short_id not in response["Location"]
    assert not Seat.objects.filter(room_id=theirs.room_id).exists()
