"""Who else is in a room, as the database knows it: what a connection or a desk starts from."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from rooms.enums import DeviceKind, SeatRole, SeatState
from rooms.live import Companion
from rooms.models import Visit
from rooms.queries import hosts_name, since
from rooms.rules.capacity import PLACE_KEPT

# Of a visit: its seat waits, and has asked to be rung.
_TO_BE_RUNG = Q(seat__state=SeatState.WAITING, seat__push_address__isnull=False)


def company(*, room_id: int, without: int, now: datetime) -> list[Companion]:
    """The other seats that are connected or wait to be rung, and devices that went less than a minute ago.

    One query.
    """
    seats = Q(seat__state=SeatState.WAITING, ended_at__isnull=True) | Q(seat__state=SeatState.ADMITTED)
    recent = Q(ended_at__gte=now - PLACE_KEPT) | Q(ended_at__isnull=True, seen_at__gte=now - PLACE_KEPT)
    visits = _visits().filter(seats & recent | _TO_BE_RUNG, seat__room_id=room_id)
    return _companions(visits.exclude(seat_id=without))


def to_be_rung(room_uuids: Collection[str]) -> dict[str, list[Companion]]:
    """Who waits to be rung, by the room's uuid in hexadecimal, whether or not the page is awake; one query."""
    visits = list(_visits().filter(_TO_BE_RUNG, seat__room__uuid__in=[UUID(uuid) for uuid in room_uuids]))
    rooms = {visit.seat.room.uuid.hex for visit in visits}
    return {room: _companions(visit for visit in visits if visit.seat.room.uuid.hex == room) for room in sorted(rooms)}


def _visits() -> QuerySet[Visit]:
    return Visit.objects.select_related("seat__user", "seat__room__organisation", "seat__push_address").order_by("pk")


def _companions(visits: Iterable[Visit]) -> list[Companion]:
    """By the newest visit of each seat."""
    latest = {visit.seat_id: visit for visit in visits}
    return [
        Companion(
            seat=visit.seat.key,
            visit=visit.pk,
            instance=visit.instance,
            role=SeatRole(visit.seat.role),
            state=SeatState(visit.seat.state),
            kind=DeviceKind(visit.seat.device_kind),
            name=hosts_name(visit.seat.user, visit.seat.room) if visit.seat.role == SeatRole.HOST else "",
            since=since(visit.seat),
            connected=visit.ended_at is None,
            test=visit.seat.test_verdict,
            telephone=visit.seat.telephone_asked_at is not None,
            rings=visit.seat.state == SeatState.WAITING and hasattr(visit.seat, "push_address"),
        )
        for visit in latest.values()
    ]
