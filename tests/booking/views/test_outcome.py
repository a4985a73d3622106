"""A doctor says how a consultation went: one tap, on the own practice's meetings alone."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from booking.models import Meeting
from rooms import services as rooms
from rooms.enums import CloseReason
from tests.factories.accounts import member
from tests.factories.booking import book_meeting
from vdx.accounts.enums import Role
from vdx.accounts.models import AuditEntry
from vdx.lib import clock

pytestmark = pytest.mark.django_db


def over(doctor, count=1):
    """Meetings whose rooms are closed."""
    meetings = [book_meeting(doctor=doctor, start=clock.now()) for _ in range(count)]
    for meeting in meetings:
        rooms.close_room(room_id=meeting.room_id, reason=CloseReason.ENDED, now=clock.now())
    return meetings


def address(meeting):
    return f"/portal/moede/{meeting.uuid}/udfald"


def test_one_tap_and_it_stands(as_user, doctor):
    [meeting] = over(doctor)
    answer = as_user(doctor).post(address(meeting), {"outcome": "no_show_patient", "back": "day"}, follow=True)
    assert answer.redirect_chain[0][0].startswith("/portal/?dag=")
    assert "Det står nu som" in answer.content.decode()
    kept = Meeting.objects.get()
    assert (kept.outcome, kept.outcome_by) == ("no_show_patient", "person")
    entry = AuditEntry.objects.get(action="meeting.outcome_corrected")
    assert (entry.actor, entry.detail["outcome"]) == (doctor, "no_show_patient")


def test_the_same_tap_twice_is_one(as_user, doctor):
    [meeting] = over(doctor)
    client = as_user(doctor)
    for _ in range(2):
        client.post(address(meeting), {"outcome": "carried_out"})
    assert AuditEntry.objects.filter(action="meeting.outcome_corrected").count() == 1


def test_a_secretary_says_it_for_the_doctor(as_user, doctor, secretary):
    [meeting] = over(doctor)
    as_user(secretary).post(address(meeting), {"outcome": "moved_to_telephone"})
    assert Meeting.objects.get().outcome == "moved_to_telephone"


@pytest.mark.parametrize("role", list(Role))
def test_a_stranger_changes_nothing(as_user, doctor, role):
    [meeting] = over(doctor)
    before = Meeting.objects.values().get()
    answer = as_user(member(role)).post(address(meeting), {"outcome": "carried_out"})
    # Those whose work asks for a second factor are led to it first.
    assert answer.status_code == (302 if role in {Role.MEDCOM, Role.ADMINISTRATOR, Role.RESEARCHER} else 404)
    assert Meeting.objects.values().get() == before


def test_a_colleague_who_holds_no_consultations_changes_nothing(as_user, doctor, practice):
    [meeting] = over(doctor)
    before = Meeting.objects.values().get()
    as_user(member(Role.ADMINISTRATOR, practice)).post(address(meeting), {"outcome": "carried_out"})
    assert Meeting.objects.values().get() == before


def test_nobody_without_a_login_changes_anything(client, doctor):
    [meeting] = over(doctor)
    before = Meeting.objects.values().get()
    answer = client.post(address(meeting), {"outcome": "carried_out"})
    assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/konto/log-ind")
    assert Meeting.objects.values().get() == before


def test_the_address_alone_changes_nothing(as_user, doctor):
    [meeting] = over(doctor)
    before = Meeting.objects.values().get()
    assert as_user(doctor).get(address(meeting)).status_code == 302
    assert Meeting.objects.values().get() == before


@pytest.mark.parametrize("word", ["", "cancelled", "perfect"])
def test_only_the_words_to_choose_from_are_taken(as_user, doctor, word):
    [meeting] = over(doctor)
    before = Meeting.objects.values().get()
    assert as_user(doctor).post(address(meeting), {"outcome": word}).status_code == 409
    assert Meeting.objects.values().get() == before


def test_what_is_not_over_has_no_outcome_yet(as_user, doctor):
    meeting = book_meeting(doctor=doctor, start=clock.now())
    assert as_user(doctor).post(address(meeting), {"outcome": "carried_out"}).status_code == 409
    assert Meeting.objects.get().outcome == ""


def test_the_buttons_cost_the_same_for_one_and_three_and_so_does_the_tap(as_user, doctor):
    client = as_user(doctor)
    counts = []
    for more in (1, 2):
        meetings = over(doctor, more)
        client.get("/portal/")
        with CaptureQueriesContext(
            connection,
        ) as looked:
            page = client.get("/portal/").content.decode()
        assert page.count("/udfald") == Meeting.objects.count()
        with CaptureQueriesContext(connection) as tapped:
            client.post(address(meetings[0]), {"outcome": "carried_out"})
        counts.append((len(looked), len(tapped)))
    assert counts[0] == counts[1]
