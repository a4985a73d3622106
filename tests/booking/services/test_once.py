"""A double click books once."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from booking import services
from booking.models import Meeting
from rooms import services as rooms
from rooms.enums import CloseReason
from tests.factories.accounts import OrganisationFactory, member
from tests.factories.booking import book_meeting
from vdx.accounts.enums import Role
from vdx.lib import clock

pytestmark = [pytest.mark.django_db, pytest.mark.service]


def send(key, doctor, *, hour=1, actor=None):
    start = clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=hour)
    return services.book_once(
        key=key,
        organisation=doctor.memberships.get().organisation,
        organiser=doctor,
        actor=actor or doctor,
        subject="",
        start=start,
        end=start + timedelta(minutes=15),
        guest_pin_required=False,
        now=clock.now(),
    )


def send_instant(key, doctor, *, now=None):
    return services.book_instant_once(
        key=key,
        organisation=doctor.memberships.get().organisation,
        organiser=doctor,
        actor=doctor,
        now=now or clock.now(),
    )


def test_the_same_form_sent_twice_books_one_meeting():
    doctor, key = member(), uuid4()

    assert send(key, doctor).pk == send(key, doctor).pk
    assert Meeting.objects.count() == 1


def test_the_form_found_again_and_sent_with_another_time_is_another_meeting():
    doctor, key = member(), uuid4()

    assert send(key, doctor).pk != send(key, doctor, hour=2).pk
    assert Meeting.objects.count() == 2


def test_somebody_elses_uuid_as_key_shows_nothing_of_theirs():
    theirs = book_meeting()
    doctor = member()

    mine = send(theirs.uuid, doctor)

    assert (mine.organisation_id, mine.uuid != theirs.uuid) == (doctor.memberships.get().organisation_id, True)


def test_the_key_of_a_colleagues_booking_does_not_swallow_the_own():
    practice = OrganisationFactory.create()
    doctor = member(organisation=practice)
    secretary = member(Role.SECRETARY, practice)
    key = uuid4()

    assert send(key, doctor).pk != send(key, doctor, actor=secretary).pk


def test_start_now_twice_leads_to_one_room():
    doctor, key = member(), uuid4()

    assert send_instant(key, doctor).pk == send_instant(key, doctor).pk


def test_start_now_again_after_the_first_was_ended_makes_a_new_room():
    doctor, key = member(), uuid4()
    first = send_instant(key, doctor)
    rooms.close_room(room_id=first.room_id, reason=CloseReason.ENDED, now=clock.now())

    assert send_instant(key, doctor).pk != first.pk


def test_start_now_from_an_old_page_makes_a_new_room():
    doctor, key = member(), uuid4()
    first = send_instant(key, doctor)

    assert send_instant(key, doctor, now=clock.now() + timedelta(minutes=3)).pk != first.pk
