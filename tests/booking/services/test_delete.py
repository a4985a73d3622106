"""Deleting, as a record system does: nothing is left to find it by."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from booking import services
from booking.errors import MeetingHasBegun
from booking.models import Meeting, MeetingAdditionalInformation, MeetingLabel, MeetingTombstone
from rooms.models import Room
from tests.factories.booking import book_meeting

pytestmark = [pytest.mark.django_db, pytest.mark.service]


def test_leaves_a_bare_tombstone():
    meeting = book_meeting(subject="Emne", labels=["a"], additional_information=[("k", "v")], external_id="x")
    room = meeting.room

    services.delete(meeting_id=meeting.pk, actor=None, actor_kind="api")

    stone = MeetingTombstone.objects.get()
    assert (stone.organisation_id, stone.outcome) == (meeting.organisation_id, "cancelled")
    assert (stone.start_time, stone.end_time) == (meeting.start_time, meeting.end_time)
    assert stone.created_time == meeting.created_time
    assert not Meeting.objects.exists()
    assert not Room.objects.filter(pk=room.pk).exists()
    assert (MeetingLabel.objects.count(), MeetingAdditionalInformation.objects.count()) == (0, 0)


def test_uuid_and_external_id_are_free_again():
    meeting = book_meeting(external_id="x")
    services.delete(meeting_id=meeting.pk, actor=None, actor_kind="api")

    again = book_meeting(organisation=meeting.organisation, external_id="x", uuid=meeting.uuid)

    assert (again.uuid, again.external_id) == (meeting.uuid, "x")
    assert again.start_time - meeting.start_time < timedelta(minutes=1)


def test_a_meeting_that_has_begun_stays():
    meeting = book_meeting()
    Room.objects.filter(pk=meeting.room_id).update(opened_at=timezone.now())

    with pytest.raises(MeetingHasBegun):
        services.delete(meeting_id=meeting.pk, actor=None, actor_kind="api")

    assert Meeting.objects.count() == 1
