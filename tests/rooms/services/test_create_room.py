"""Making rooms and taking them away."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from rooms import services
from rooms.enums import RoomState
from rooms.models import Room, Seat, Visit
from rooms.services import RoomSettings
from rooms.signals import room_closed
from tests.factories.accounts import OrganisationFactory
from tests.factories.rooms import RoomFactory, SeatFactory, visit
from vdx.accounts.models import AuditEntry
from vdx.lib import clock, ids
from vdx.lib.errors import NotFound

pytestmark = [pytest.mark.django_db, pytest.mark.service]

START = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def make(**changes: Any) -> Room:
    values: dict[str, Any] = {
        "uuid": uuid4(),
        "organisation": OrganisationFactory(),
        "settings": RoomSettings(),
        "starts_at": START,
        "ends_at": START + timedelta(minutes=15),
        "host_label": "Lise Holm",
        "host_phone": "",
        "host_pin": None,
        "guest_pin": None,
        "created_by": None,
        "now": START,
    }
    return services.create_room(**values | changes)


def test_a_room_has_a_code_and_a_window() -> None:
    room = Room.objects.get(pk=make().pk)
    assert room.state == RoomState.PLANNED
    assert room.short_id is not None
    assert ids.normalise_short_id(room.short_id) == room.short_id
    assert room.opens_at == START - timedelta(minutes=15)
    assert room.closes_at == START + timedelta(minutes=30)


def test_it_copies_its_settings() -> None:
    room = make(settings=RoomSettings(vmr_available_before=5, end_meeting_on_end_time=True, max_participants=3))
    assert room.opens_at == START - timedelta(minutes=5)
    assert room.closes_at == START + timedelta(minutes=15)
    assert room.max_participants == 3


def test_past_times_and_an_end_before_the_start_are_taken() -> None:
    room = make(starts_at=START - timedelta(days=400), ends_at=START - timedelta(days=401))
    assert room.closes_at == START - timedelta(days=401) + timedelta(minutes=15)


def test_a_room_without_times_has_neither_code_nor_window() -> None:
    room = make(starts_at=None, ends_at=None)
    assert (room.short_id, room.opens_at, room.closes_at) == (None, None, None)


def test_a_code_that_is_taken_is_the_callers_to_draw_again(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = make().short_id
    monkeypatch.setattr(ids, "short_id", lambda: taken)
    with pytest.raises(IntegrityError), transaction.atomic():
        make()


def test_a_uuid_that_is_taken_is_the_callers_to_explain() -> None:
    room = make()
    with pytest.raises(IntegrityError), transaction.atomic():
        make(uuid=room.uuid)


def test_it_is_written_down_without_code_or_pin() -> None:
    room = make(host_pin=4711, guest_pin=4712)
    entry = AuditEntry.objects.get(action="room.created")
    assert (entry.target_type, entry.target_id, entry.detail) == ("room", str(room.uuid), {})


def test_renaming_the_host() -> None:
    room = make()
    services.rename_host(room_id=room.pk, host_label="Ole Bro", host_phone="00 00 00 02")
    room.refresh_from_db()
    assert (room.host_label, room.host_phone) == ("Ole Bro", "00 00 00 02")


def test_deleting_frees_uuid_and_code_and_tells_who_waits(django_capture_on_commit_callbacks: Any) -> None:
    told: list[Any] = []

    def hear(**payload: Any) -> None:
        told.append((payload["room_uuid"], payload["reason"]))

    room_closed.connect(hear, weak=False)
    room = RoomFactory()
    visit(SeatFactory(room=room), clock.now(), None)
    with django_capture_on_commit_callbacks(execute=True):
        services.delete_room(room_id=room.pk)
    room_closed.disconnect(hear)
    assert told == [(room.uuid, "cancelled")]
    assert (Room.objects.count(), Seat.objects.count(), Visit.objects.count()) == (0, 0, 0)
    make(uuid=room.uuid)
    with pytest.raises(NotFound):
        services.delete_room(room_id=room.pk)
