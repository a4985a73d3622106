"""Texts of a meeting are gone 30 days after its end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from booking import services, tasks
from booking.models import Meeting
from tests.factories.accounts import member
from tests.factories.booking import book_meeting

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
    assert (kept.external_id, kept.end_time) == ("ekstern", END)


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
