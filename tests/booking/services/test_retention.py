"""Texts of a meeting are gone 30 days after its end, and the meeting after five years."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from booking import services, tasks
from booking.models import Meeting, MeetingTombstone
from rooms.models import Room
from tests.factories.accounts import member
from tests.factories.booking import book_meeting
from tests.support.database import failing_on

pytestmark = [pytest.mark.django_db, pytest.mark.service]

END = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)


def written(**also):
    return book_meeting(
        start=END - timedelta(minutes=15),
        end=END,
        subject="Emne",
        description="Beskrivelse",
        project_code="P1",
        labels=["mærke"],
        additional_information=[("k", "v")],
        external_id=also.pop("external_id", "ekstern"),
        **also,
    )


def texts(meeting):
    kept = Meeting.objects.get(pk=meeting.pk)
    return (
        kept.subject,
        kept.description,
        kept.project_code,
        kept.labels.count(),
        kept.additional_information.count(),
    )


def test_erases_every_text_and_keeps_the_meeting():
    meeting = written()

    erased = services.erase_texts(now=END + timedelta(days=30))

    assert erased == 1
    assert texts(meeting) == ("", None, None, 0, 0)
    kept = Meeting.objects.get(pk=meeting.pk)
    assert (kept.external_id, kept.end_time) == (None, END)


def test_waits_until_30_days_have_passed():
    meeting = written()

    assert services.erase_texts(now=END + timedelta(days=30) - timedelta(seconds=1)) == 0
    assert texts(meeting) == ("Emne", "Beskrivelse", "P1", 1, 1)


def test_runs_twice_without_harm():
    written()

    assert [services.erase_texts(now=END + timedelta(days=31)) for _ in range(2)] == [1, 0]


def test_erases_again_what_was_written_afterwards():
    doctor = member()
    meeting = written(doctor=doctor)
    services.erase_texts(now=END + timedelta(days=31))
    services.update(
        meeting_id=meeting.pk, changes={"subject": "Nyt"}, editor_email=doctor.email, actor=doctor,
        now=END + timedelta(days=32),
    )  # fmt: skip

    assert services.erase_texts(now=END + timedelta(days=33)) == 1
    assert texts(meeting)[0] == ""


def test_the_sweep_does_it():
    meeting = written()

    tasks.sweep()

    assert texts(meeting) == ("", None, None, 0, 0)


FIVE_YEARS = timedelta(days=5 * 365)


def test_meetings_go_with_their_rooms_after_five_years():
    old = written(now=END)
    young = book_meeting(now=END, start=END, end=END + timedelta(seconds=1))

    assert services.forget_meetings(now=END + FIVE_YEARS) == 1
    assert services.forget_meetings(now=END + FIVE_YEARS) == 0

    assert list(Meeting.objects.all()) == [young]
    assert list(Room.objects.all()) == [young.room]
    assert not Room.objects.filter(uuid=old.uuid).exists()


def test_one_meeting_that_cannot_be_forgotten_stops_no_other(caplog):
    stuck, other = written(now=END), written(now=END, external_id="anden")

    with failing_on('DELETE FROM "booking_meeting"', stuck.pk):
        assert services.forget_meetings(now=END + FIVE_YEARS) == 1

    assert f"meeting {stuck.pk} could not" in caplog.text
    assert list(Meeting.objects.all()) == [stuck]
    assert not Room.objects.filter(uuid=other.room.uuid).exists()


def test_a_meeting_booked_about_the_distant_past_stays_as_long():
    meeting = written(now=END + FIVE_YEARS)

    services.forget_meetings(now=END + FIVE_YEARS)

    assert list(Meeting.objects.all()) == [meeting]


def test_tombstones_go_after_five_years():
    meeting = written(now=END)
    services.delete(meeting_id=meeting.pk, actor=None, actor_kind="api")

    services.forget_meetings(now=END + FIVE_YEARS - timedelta(seconds=1))
    assert MeetingTombstone.objects.count() == 1

    services.forget_meetings(now=END + FIVE_YEARS)
    assert MeetingTombstone.objects.count() == 0
