"""Moving, extending and cancelling, and what a record system may change."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from booking import services, tasks
from booking.errors import AdditionalInformationTwice, CprRefused, MeetingOver
from booking.models import Meeting
from booking.signals import meeting_concluded
from rooms import services as rooms
from rooms.enums import CloseReason, RoomState
from rooms.models import Room
from tests.factories.accounts import member
from tests.factories.booking import book_meeting
from tests.support.database import failing_on
from vdx.accounts.models import AuditEntry
from vdx.lib import clock

pytestmark = [pytest.mark.django_db, pytest.mark.service]


@pytest.fixture
def doctor():
    return member()


@pytest.fixture
def meeting(doctor):
    return book_meeting(doctor=doctor, subject="Kontrol", labels=["gammel"], additional_information=[("k", "v")])


@pytest.fixture
def heard():
    """What was told about meetings that ended."""
    told = []

    def listen(**payload):
        told.append({name: payload[name] for name in meeting_concluded.provides})

    meeting_concluded.connect(listen, weak=False)
    yield told
    meeting_concluded.disconnect(listen)


def change(meeting, doctor, **changes):
    return services.update(
        meeting_id=meeting.pk, changes=changes, editor_email=doctor.email, actor=doctor, now=clock.now()
    )


def test_moving_takes_the_room_along_and_keeps_the_link(meeting, doctor):
    start = meeting.start_time + timedelta(days=1)
    code = meeting.short_id

    services.move(meeting_id=meeting.pk, start=start, end=start + timedelta(minutes=30), actor=doctor, now=clock.now())

    kept = Meeting.objects.select_related("room").get(pk=meeting.pk)
    assert (kept.start_time, kept.end_time) == (start, start + timedelta(minutes=30))
    assert (kept.room.starts_at, kept.room.ends_at) == (kept.start_time, kept.end_time)
    assert kept.room.opens_at == start - timedelta(minutes=15)
    assert kept.short_id == code
    assert AuditEntry.objects.get(action="meeting.moved").actor == doctor


def test_a_meeting_whose_room_is_closed_cannot_be_moved(meeting, doctor):
    rooms.close_room(room_id=meeting.room_id, reason=CloseReason.ENDED, now=clock.now())

    with pytest.raises(MeetingOver):
        services.move(
            meeting_id=meeting.pk, start=meeting.start_time, end=meeting.end_time + timedelta(hours=1), actor=doctor,
            now=clock.now(),
        )  # fmt: skip


def test_an_end_that_is_now_closes_the_room_at_once(meeting, doctor):
    now = clock.now().replace(microsecond=0)

    services.update(meeting_id=meeting.pk, changes={"end": now}, editor_email=doctor.email, actor=doctor, now=now)

    meeting.room.refresh_from_db()
    assert meeting.room.state == RoomState.CLOSED


def test_an_end_still_to_come_leaves_the_room_open(meeting, doctor):
    change(meeting, doctor, end=meeting.end_time - timedelta(minutes=5))

    meeting.room.refresh_from_db()
    assert meeting.room.state == RoomState.PLANNED


def test_changes_what_is_given_and_nothing_else(meeting, doctor):
    change(meeting, doctor, description="Ny", labels=["ny"])

    kept = Meeting.objects.get(pk=meeting.pk)
    assert (kept.subject, kept.description) == ("Kontrol", "Ny")
    assert list(kept.labels.values_list("label", flat=True)) == ["ny"]
    assert list(kept.additional_information.values_list("key", flat=True)) == ["k"]
    assert kept.updated_by.email == doctor.email
    assert kept.updated_time is not None


def test_none_and_an_empty_list_clear(meeting, doctor):
    change(meeting, doctor, description=None, labels=[], additional_information=[])

    kept = Meeting.objects.get(pk=meeting.pk)
    assert (kept.description, kept.labels.count(), kept.additional_information.count()) == (None, 0, 0)


def test_asking_for_a_guest_pin_draws_one_and_asking_no_more_takes_it_away(meeting, doctor):
    change(meeting, doctor, guest_pin_required=True)
    drawn = Room.objects.get(meeting=meeting).guest_pin
    change(meeting, doctor, guest_pin_required=True, subject="Andet")
    kept = Room.objects.get(meeting=meeting).guest_pin
    change(meeting, doctor, guest_pin_required=False)

    assert drawn is not None
    assert kept == drawn
    assert Room.objects.get(meeting=meeting).guest_pin is None
    entries = AuditEntry.objects.filter(action="room.guest_pin_changed")
    assert [entry.actor for entry in entries] == [doctor, doctor]
    assert str(drawn) not in "".join(str(entry.detail) for entry in entries)


def test_a_guest_pin_that_was_given_stays_when_one_is_asked_for(doctor):
    meeting = book_meeting(doctor=doctor, guest_pin=4711)

    change(meeting, doctor, guest_pin_required=True)

    assert Room.objects.get(meeting=meeting).guest_pin == 4711


def test_a_new_organiser_is_the_one_whom_the_patient_reads(meeting, doctor):
    colleague = member(organisation=meeting.organisation, name="Ole Vang")

    change(meeting, doctor, organiser_email=colleague.email)

    meeting.refresh_from_db()
    meeting.room.refresh_from_db()
    assert meeting.organized_by.email == colleague.email
    assert meeting.room.host_label == "Ole Vang"


def test_a_refused_change_changes_nothing(meeting, doctor):
    with pytest.raises(AdditionalInformationTwice):
        change(meeting, doctor, subject="Andet", additional_information=[("a", "1"), ("a", "2")])
    with pytest.raises(CprRefused):
        change(meeting, doctor, subject="010203-1234")

    kept = Meeting.objects.get(pk=meeting.pk)
    assert (kept.subject, kept.additional_information.count(), kept.updated_time) == ("Kontrol", 1, None)


def test_extending_moves_the_end_of_room_and_meeting(meeting, doctor, django_capture_on_commit_callbacks):
    end = meeting.end_time

    with django_capture_on_commit_callbacks(execute=True):
        services.extend(meeting_id=meeting.pk, minutes=10, actor=doctor, now=clock.now())

    kept = Meeting.objects.select_related("room").get(pk=meeting.pk)
    assert kept.end_time == kept.room.ends_at == end + timedelta(minutes=10)


def test_extending_from_inside_the_room_moves_the_meetings_end_too(meeting, doctor, django_capture_on_commit_callbacks):
    end = meeting.end_time

    with django_capture_on_commit_callbacks(execute=True):
        rooms.extend_room(room_id=meeting.room_id, minutes=20, now=clock.now(), actor=doctor)

    meeting.refresh_from_db()
    assert meeting.end_time == end + timedelta(minutes=20)


def test_an_old_word_of_a_new_end_does_not_undo_a_later_change(meeting, doctor, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as told:
        rooms.extend_room(room_id=meeting.room_id, minutes=20, now=clock.now(), actor=doctor)
    start = meeting.start_time + timedelta(days=1)
    end = start + timedelta(minutes=30)
    services.move(meeting_id=meeting.pk, start=start, end=end, actor=doctor, now=clock.now())

    for tell in told:
        tell()

    meeting.refresh_from_db()
    assert meeting.end_time == end


def test_a_meeting_follows_its_room_though_the_word_was_lost(meeting, doctor):
    other = book_meeting(doctor=doctor)
    end = meeting.end_time
    rooms.extend_room(room_id=meeting.room_id, minutes=20, now=clock.now(), actor=doctor)

    tasks.follow()
    tasks.follow()

    meeting.refresh_from_db()
    assert meeting.end_time == end + timedelta(minutes=20)
    followed = AuditEntry.objects.get(action="meeting.end_followed")
    assert followed.target_id == str(meeting.pk)
    assert Meeting.objects.get(pk=other.pk).end_time == other.end_time


def test_one_meeting_that_cannot_follow_stops_no_other(meeting, doctor, caplog):
    meetings = [meeting, book_meeting(doctor=doctor)]
    # No number but the meeting's own id is like it.
    Meeting.objects.update(sequence=1000)
    for each in meetings:
        rooms.extend_room(room_id=each.room_id, minutes=20, now=clock.now(), actor=doctor)

    with failing_on('UPDATE "booking_meeting"', meeting.pk):
        assert services.follow_rooms() == 1

    assert f"meeting {meeting.pk} could not" in caplog.text
    assert Meeting.objects.get(pk=meetings[1].pk).end_time == meetings[1].end_time + timedelta(minutes=20)


def test_a_closed_meeting_cannot_be_extended(meeting, doctor):
    rooms.close_room(room_id=meeting.room_id, reason=CloseReason.ENDED, now=clock.now())

    with pytest.raises(MeetingOver):
        services.extend(meeting_id=meeting.pk, minutes=10, actor=doctor, now=clock.now())


def test_cancelling_closes_the_room_and_tells_it_once(meeting, doctor, heard, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        services.cancel(meeting_id=meeting.pk, actor=doctor, now=clock.now())
    with django_capture_on_commit_callbacks(execute=True):
        services.cancel(meeting_id=meeting.pk, actor=doctor, now=clock.now())

    meeting.refresh_from_db()
    meeting.room.refresh_from_db()
    assert (meeting.outcome, meeting.concluded_at is not None) == ("cancelled", True)
    assert (meeting.room.state, meeting.room.close_reason) == (RoomState.CLOSED, CloseReason.CANCELLED)
    assert heard == [
        {
            "meeting_uuid": meeting.uuid,
            "room_uuid": meeting.room.uuid,
            "organisation_id": meeting.organisation_id,
            "outcome": "cancelled",
        }
    ]


def test_a_meeting_that_has_ended_cannot_be_cancelled(meeting, doctor):
    rooms.close_room(room_id=meeting.room_id, reason=CloseReason.ENDED, now=clock.now())

    with pytest.raises(MeetingOver):
        services.cancel(meeting_id=meeting.pk, actor=doctor, now=clock.now())


def test_a_meeting_that_ends_while_it_is_cancelled_stays_as_it_was_held(meeting, doctor, heard):
    """Another closes the room after the meeting was read, and before the room is locked."""

    def close_first(execute, sql, params, many, context):
        rows = execute(sql, params, many, context)
        if 'FROM "booking_meeting"' in sql and not closed:
            closed.append(True)
            rooms.close_room(room_id=meeting.room_id, reason=CloseReason.ENDED, now=clock.now())
        return rows

    closed: list[bool] = []
    with connection.execute_wrapper(close_first), pytest.raises(MeetingOver):
        services.cancel(meeting_id=meeting.pk, actor=doctor, now=clock.now())

    meeting.refresh_from_db()
    assert (closed, meeting.outcome) == ([True], "")


def test_the_outcome_is_told_when_it_is_judged_and_when_it_is_judged_anew(
    meeting, heard, django_capture_on_commit_callbacks
):
    for outcome in ("technical_failure", "technical_failure", "carried_out"):
        with django_capture_on_commit_callbacks(execute=True):
            services.record_outcome(room_uuid=meeting.room.uuid, outcome=outcome, now=clock.now())

    meeting.refresh_from_db()
    assert meeting.outcome == "carried_out"
    assert [told["outcome"] for told in heard] == ["technical_failure", "carried_out"]


def test_a_cancelled_meeting_stays_cancelled(meeting, doctor):
    services.cancel(meeting_id=meeting.pk, actor=doctor, now=clock.now())

    services.record_outcome(room_uuid=meeting.room.uuid, outcome="never_opened", now=clock.now())

    meeting.refresh_from_db()
    assert meeting.outcome == "cancelled"


def test_a_meeting_moved_after_a_persons_word_is_judged_anew(meeting, doctor):
    Meeting.objects.filter(pk=meeting.pk).update(outcome="sound_only", outcome_by="person", cause="firewall")
    later = clock.now() + timedelta(days=1)
    services.move(meeting_id=meeting.pk, start=later, end=later + timedelta(minutes=15), actor=doctor, now=clock.now())

    meeting.refresh_from_db()
    assert (meeting.outcome, meeting.outcome_by, meeting.cause) == ("", "", "")
    services.record_outcome(room_uuid=meeting.room.uuid, outcome="carried_out", now=clock.now())
    meeting.refresh_from_db()
    assert (meeting.outcome, meeting.outcome_by) == ("carried_out", "rule")


def test_a_room_without_a_meeting_has_no_outcome():
    assert services.record_outcome(room_uuid=uuid4(), outcome="carried_out", now=clock.now()) is None
