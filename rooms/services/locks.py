"""What the services of this package share: locked rows, the audit's target, and what hangs on a visit's end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Q, QuerySet

from rooms import hosts
from rooms.enums import RoomState, SeatRole, SeatState
from rooms.errors import HostOnly, RoomClosed, RoomFull, RoomNotOpen
from rooms.models import CallPlace, Room, Seat, Visit
from rooms.rules import capacity, lines
from rooms.rules.stays import end_of
from rooms.rules.window import WindowState, window_state
from rooms.signals import call_ended
from vdx.accounts import services as accounts
from vdx.lib.errors import NotFound

if TYPE_CHECKING:
    from vdx.accounts.models import User


def locked(room_id: int) -> Room:
    """The room, held until the transaction ends. Raises :class:`NotFound`."""
    try:
        return Room.objects.select_for_update().get(pk=room_id)
    except Room.DoesNotExist:
        raise NotFound from None


def locked_by_seat(seat_id: int) -> tuple[Room, Seat]:
    """The seat and its room, the room held. Raises :class:`NotFound`."""
    room_id = Seat.objects.filter(pk=seat_id).values_list("room_id", flat=True).first()
    if room_id is None:
        raise NotFound
    room = locked(room_id)
    return room, Seat.objects.get(pk=seat_id)


def require_not_closed(room: Room) -> None:
    """Raise :class:`RoomClosed` for a room that is."""
    if room.state == RoomState.CLOSED:
        raise RoomClosed


def require_open(room: Room, now: datetime) -> None:
    """Raise :class:`RoomClosed` or :class:`RoomNotOpen` outside the window, whether the sweep has been there or not."""
    require_not_closed(room)
    window = window_state(now=now, opens=room.opens_at, closes=room.closes_at)
    if window is WindowState.CLOSED:
        raise RoomClosed
    if window is WindowState.BEFORE:
        raise RoomNotOpen


def host_of(room: Room, seat_id: int) -> Seat:
    """The seat, if it is a host of this very room now, and its login still may be. Raises :class:`HostOnly`."""
    hosts = Seat.objects.select_related("user").filter(room=room, role=SeatRole.HOST, state=SeatState.ADMITTED)
    seat = hosts.filter(pk=seat_id).first()
    if seat is None or not still_may_host(room, seat):
        raise HostOnly
    return seat


def still_may_host(room: Room, seat: Seat) -> bool:
    """Whether the login behind a host's seat still has the right. A host who typed the pin has none to lose."""
    return seat.user is None or hosts.may_host(seat.user, room)


def require_place(room: Room, *, beside: Seat | None, now: datetime) -> None:
    """Raise :class:`RoomFull` unless one more device has a place. Call with the room locked."""
    others = Seat.objects.filter(room=room, state=SeatState.ADMITTED)
    if beside is not None:
        others = others.exclude(pk=beside.pk)
    kept = now - capacity.PLACE_KEPT
    present = others.filter(
        Q(visits__ended_at__isnull=True, visits__isnull=False)
        | Q(visits__ended_at__gte=kept)
        | Q(visits__isnull=True, admitted_at__gte=kept)
    )
    most = capacity.limit(max_participants=room.max_participants, hub_limit=settings.VDX_MAX_PARTICIPANTS)
    if not capacity.has_place(others=present.distinct().count(), limit=most):
        raise RoomFull


def write_down(
    action: str, room: Room, *, actor: User | None = None, seat: Seat | None = None, **detail: object
) -> None:
    """Audit entry about a room. Where a seat acts, the login behind it is the actor, if there is one."""
    kind = "user"
    if seat is not None:
        actor = seat.user
        if actor is None:
            kind = "host-pin" if seat.role == SeatRole.HOST else "guest"
    accounts.audit(
        action=action,
        target_type="room",
        target_id=str(room.uuid),
        organisation=room.organisation,
        actor=actor,
        actor_kind=kind,
        detail=detail,
    )


def devices_here(room: Room) -> QuerySet[Visit]:
    """The open visits of let-in devices: one a device."""
    return Visit.objects.filter(seat__room=room, ended_at__isnull=True, admitted_at__isnull=False)


def leave_place(room: Room, *, devices: int, now: datetime) -> None:
    """So many devices are connected now: with fewer than two the call's place in the hub is kept for a minute.

    It is given back at once where nobody is left to go on with: connections get lost, but whoever leaves has left.
    Room locked.
    """
    if devices >= 2:
        return
    place = CallPlace.objects.filter(room=room)
    if room.state == RoomState.CLOSED or Seat.objects.filter(room=room, state=SeatState.ADMITTED).count() < 2:
        place.delete()
    else:
        place.filter(kept_until=None).update(kept_until=now + lines.CALL_KEPT)


def end_visits(room: Room, visits: Iterable[Visit], now: datetime) -> int:
    """End these open visits of the room, and tell the call's end when the last device went. Room locked.

    A room that is closed gives its place back by itself (``services.close``).
    """
    took_part = False
    count = 0
    for visit in visits:
        visit.ended_at = max(end_of(seen_at=visit.seen_at, now=now), visit.started_at)
        visit.save(update_fields=["ended_at"])
        took_part = took_part or visit.admitted_at is not None
        count += 1
    if took_part and room.state != RoomState.CLOSED:
        devices = devices_here(room).count()
        leave_place(room, devices=devices, now=now)
        if devices == 0:
            call_ended.tell(room_uuid=room.uuid, is_final=False)
    return count
