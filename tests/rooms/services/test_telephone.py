"""A guest asks for the telephone: kept with the seat, for hosts who come later."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rooms import services
from rooms.consumers.writes import connect
from rooms.enums import CloseReason, DeviceKind, SeatRole, SeatState
from rooms.errors import RoomClosed, SeatGone
from rooms.signals import telephone_asked
from tests.factories.rooms import RoomFactory, SeatFactory, instance
from vdx.accounts.models import AuditEntry
from vdx.lib import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def told():
    heard = []
    telephone_asked.connect(lambda **payload: heard.append(payload["seat_key"]), weak=False, dispatch_uid="test")
    yield heard
    telephone_asked.disconnect(dispatch_uid="test")


def test_the_first_time_stands_and_every_time_is_told(told, django_capture_on_commit_callbacks):
    room = RoomFactory.create()
    seat = SeatFactory.create(room=room)
    now = clock.now()
    with django_capture_on_commit_callbacks(execute=True):
        for later in (0, 60):
            services.ask_for_telephone(room_id=room.pk, seat_id=seat.pk, now=now + timedelta(seconds=later))
    seat.refresh_from_db()
    assert seat.telephone_asked_at == now
    assert told == [seat.key, seat.key]
    assert AuditEntry.objects.filter(action="room.telephone_asked").count() == 1


def test_whose_connection_has_just_gone_is_known_to_want_it():
    room = RoomFactory.create()
    now = clock.now()
    seat, _token = services.knock(room_id=room.pk, token=None, device_kind=DeviceKind.BROWSER, now=now)
    host = SeatFactory.create(room=room, host=True)
    connect(seat_id=seat.pk, room_id=room.pk, instance=instance(), resumed=False)
    services.ask_for_telephone(room_id=room.pk, seat_id=seat.pk, now=now)
    _standing, (companion,) = connect(seat_id=host.pk, room_id=room.pk, instance=instance(), resumed=False)
    assert companion.telephone is True


def test_who_knocks_anew_has_not_asked():
    room = RoomFactory.create()
    now = clock.now()
    seat, token = services.knock(room_id=room.pk, token=None, device_kind=DeviceKind.BROWSER, now=now)
    services.ask_for_telephone(room_id=room.pk, seat_id=seat.pk, now=now)
    services.leave(seat_id=seat.pk, now=now)
    services.knock(room_id=room.pk, token=token, device_kind=DeviceKind.BROWSER, now=now)
    seat.refresh_from_db()
    assert (seat.state, seat.telephone_asked_at) == (SeatState.WAITING, None)


@pytest.mark.parametrize("wrong", [{"role": SeatRole.HOST}, {"state": SeatState.LEFT}])
def test_who_is_not_a_guest_who_is_there_cannot_ask(wrong):
    room = RoomFactory.create()
    seat = SeatFactory.create(room=room, **({"state": SeatState.ADMITTED, "admitted_at": clock.now()} | wrong))
    with pytest.raises(SeatGone):
        services.ask_for_telephone(room_id=room.pk, seat_id=seat.pk, now=clock.now())


def test_in_a_closed_room_nobody_asks():
    room = RoomFactory.create()
    seat = SeatFactory.create(room=room)
    services.close_room(room_id=room.pk, reason=CloseReason.ADMIN, now=clock.now())
    with pytest.raises(RoomClosed):
        services.ask_for_telephone(room_id=room.pk, seat_id=seat.pk, now=clock.now())
