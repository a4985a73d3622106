"""The hub's places for calls: who may begin one, who keeps the one it has, and what is said when there is none.

A call needs a place from the moment its second device would be there. Calls that could begin at the same time, in
whatever process, are counted one after the other: PostgreSQL holds them up by a lock until the transaction ends, and
SQLite writes one transaction at a time anyway. That lock is the last thing a transaction asks for, and nobody who
holds it waits for a room.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q, QuerySet

from rooms.enums import Trouble
from rooms.errors import HubFull
from rooms.models import CallPlace, Room, Seat
from rooms.rules import lines
from rooms.services.locks import devices_here, leave_place, locked
from rooms.services.trouble import report_trouble
from rooms.signals import call_refused, call_started, capacity_passed
from vdx.lib.database import wait_for_turn
from vdx.lib.errors import NotFound

log = logging.getLogger(__name__)


def begin_call(room: Room, seat: Seat, *, now: datetime, by: str, goes_on: bool = False) -> None:
    """If this let-in device makes a call of the room: take a place for it, and tell that it has begun. Room locked.

    Call it last in the transaction. ``by``: the role of who asks for it, for the words of a refusal. ``goes_on``: the
    page says that its call has gone on while its socket was away; such a call is running, and is never refused.
    Raises :class:`HubFull`.
    """
    place_of = "seat__room__call_place"
    rows = devices_here(room).values_list("seat", place_of, f"{place_of}__kept_until")
    found = {pk: (place, kept_until) for pk, place, kept_until in rows}
    if seat.pk not in found or len(found) < 2:
        return
    place, kept_until = found[seat.pk]
    if place is None or (kept_until is not None and not _goes_on_in(place, now)):
        _take_place(room, now=now, by=by, goes_on=goes_on)
    if len(found) == 2:
        call_started.tell(room_uuid=room.uuid)


def require_line(room: Room, *, now: datetime, by: str) -> int:
    """Raise :class:`HubFull` where the room's call could not begin just now; how many other calls there are.

    Others may come in between, unless :func:`~vdx.lib.database.wait_for_turn` was called before.
    """
    others = taken_places(now).exclude(room=room).count()
    most = lines.limit(capacity=settings.VDX_CAPACITY, grace_percent=settings.VDX_CAPACITY_GRACE)
    if not lines.may_begin(others=others, limit=most):
        raise HubFull.of(by, room.phone, fixed=room.is_fixed)
    return others


def taken_places(now: datetime) -> QuerySet[CallPlace]:
    """The places that calls have, those kept for a call that may go on as well."""
    return CallPlace.objects.filter(Q(kept_until=None) | Q(kept_until__gt=now))


@contextmanager
def telling_when_full(*, now: datetime, **who: object) -> Iterator[None]:
    """Around a transaction that may begin a call: when the hub is full, both sides hear so, and it is on record.

    ``who``: filters for the seat that could not come in.
    """
    try:
        yield
    except HubFull:
        _tell_refused(who, now)
        raise


def release_places(*, now: datetime) -> int:
    """Forget places that were kept long enough. Says how many there were.

    One that seems to stand without a call is looked at again with its room locked: nothing that goes wrong anywhere
    else shall use up the hub's places for good.
    """
    gone, _ = CallPlace.objects.filter(kept_until__lte=now).delete()
    here = Q(room__seats__visits__ended_at=None, room__seats__visits__admitted_at__isnull=False)
    stands = CallPlace.objects.filter(kept_until=None).alias(devices=Count("room__seats", filter=here, distinct=True))
    for room_id in list(stands.filter(devices__lt=2).values_list("room_id", flat=True)):
        try:
            with transaction.atomic():
                room = locked(room_id)
                leave_place(room, devices=devices_here(room).count(), now=now)
        except NotFound:
            # Deleted meanwhile, with its place.
            continue
        except Exception:
            log.exception("the place of room %s could not be looked at", room_id)
    return gone


def _goes_on_in(place: int, now: datetime) -> bool:
    """The call goes on in the place that was kept for it, unless that time is over."""
    return CallPlace.objects.filter(pk=place, kept_until__gt=now).update(kept_until=None) == 1


def _take_place(room: Room, *, now: datetime, by: str, goes_on: bool) -> None:
    wait_for_turn("rooms.call_place")
    others = taken_places(now).exclude(room=room).count() if goes_on else require_line(room, now=now, by=by)
    # One that was kept too long may still stand.
    CallPlace.objects.bulk_create(
        [CallPlace(room=room, taken_at=now)],
        update_conflicts=True,
        unique_fields=["room"],
        update_fields=["taken_at", "kept_until"],
    )
    if others + 1 > settings.VDX_CAPACITY:
        capacity_passed.tell(calls=others + 1)


@transaction.atomic
def _tell_refused(who: dict[str, object], now: datetime) -> None:
    seat = Seat.objects.select_related("room").filter(**who).first()
    if seat is None:
        # Deleted meanwhile.
        return
    uuid = seat.room.uuid
    call_refused.tell(room_uuid=uuid, seat_key=seat.key)
    report_trouble(room_uuid=uuid, seat_key=seat.key, what=Trouble.HUB_FULL.value, now=now, by_hub=True)
