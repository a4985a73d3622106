"""Connections of a seat: their beginning, their heartbeat and their end."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from rooms.enums import RoomState, SeatRole, SeatState
from rooms.errors import HostDoorShut, KnockAgain
from rooms.models import Room, Visit
from rooms.rules import states
from rooms.rules.stays import STALE_AFTER, end_of, overlap, resumes
from rooms.services.lines import begin_call, telling_when_full
from rooms.services.locks import (
    devices_here,
    end_visits,
    locked,
    locked_by_seat,
    require_open,
    require_place,
    still_may_host,
)
from rooms.services.seats import bind
from rooms.signals import participant_waiting, quality_sampled, room_changed, room_opened
from vdx.lib.errors import NotFound

log = logging.getLogger(__name__)


def connect(*, seat_id: int, instance: str, resumed: bool, now: datetime, token: str | None = None) -> Visit:
    """Begin a visit. An older one of the seat that is still open ends: the newest connection is the seat's.

    ``resumed`` is what the page says; it is believed of the same page (``instance``) for a minute. ``token`` is the
    browser's: the seat is its alone from here on, and one that another browser has taken meanwhile is refused (None:
    it was looked at just now). The first device opens the room. Raises :class:`RoomClosed`, :class:`RoomNotOpen`,
    :class:`KnockAgain` for a seat without a place, :class:`HostDoorShut` for a host whose login may not be host any
    more, :class:`RoomFull` where others have filled the room since a device was away for more than a minute, and
    :class:`HubFull` where this device would begin one call too many for the hub; the room's others hear of that.
    """
    with telling_when_full(now=now, pk=seat_id):
        return _connect(seat_id=seat_id, instance=instance, resumed=resumed, now=now, token=token)


@transaction.atomic
def _connect(*, seat_id: int, instance: str, resumed: bool, now: datetime, token: str | None) -> Visit:
    room, seat = locked_by_seat(seat_id)
    require_open(room, now)
    if seat.state not in states.SEATED or (token is not None and not bind(seat, token)):
        raise KnockAgain
    if seat.role == SeatRole.HOST and not still_may_host(room, seat):
        raise HostDoorShut
    admitted = seat.state == SeatState.ADMITTED
    if admitted:
        require_place(room, beside=seat, now=now)
    last = Visit.objects.filter(seat=seat).order_by("-started_at", "-pk").first()
    goes_on = resumes(
        claimed=resumed,
        instance=instance,
        last_instance=last.instance if last else None,
        last_known=last.last_known() if last else None,
        now=now,
    )
    open_visit = Visit.objects.filter(seat=seat, ended_at__isnull=True).first()
    visit = Visit(
        seat=seat,
        instance=instance,
        started_at=now,
        seen_at=now,
        resumed=goes_on,
        admitted_at=now if admitted else None,
    )
    if open_visit is not None:
        # Ended without asking whether the call is over: it goes on in the visit that begins here.
        open_visit.ended_at = max(end_of(seen_at=open_visit.seen_at, now=now), open_visit.started_at)
        open_visit.save(update_fields=["ended_at"])
    visit.save()
    if admitted and states.room_may_move(old=RoomState(room.state), new=RoomState.OPEN):
        room.state, room.opened_at = RoomState.OPEN, now
        room.save(update_fields=["state", "opened_at"])
        room_changed.tell(room_uuid=room.uuid)
        room_opened.tell(room_uuid=room.uuid)
    if admitted:
        # A page whose sound and picture go on without the hub holds a running call, however long the hub was away.
        begin_call(room, seat, now=now, by=seat.role, goes_on=resumed and _was_in_call(room, visit))
    elif last is None or (seat.knocked_at is not None and last.started_at < seat.knocked_at):
        participant_waiting.tell(room_uuid=room.uuid, seat_key=seat.key)
    return visit


def _was_in_call(room: Room, visit: Visit) -> bool:
    """Whether this page, and one that is here now, have been in the room together before: only then can a call go on.

    What a page says of itself is not enough: with it a call would begin in a full hub.
    """
    here = devices_here(room).exclude(seat=visit.seat_id)
    pages = {(visit.seat_id, visit.instance), *here.values_list("seat", "instance")}
    before = Visit.objects.filter(seat__room=room, admitted_at__isnull=False).exclude(pk=visit.pk)
    spans = [
        (one.admitted_at, one.last_known(), one.seat_id == visit.seat_id)
        for one in before
        if (one.seat_id, one.instance) in pages and one.admitted_at is not None
    ]
    mine = [(start, end) for start, end, is_mine in spans if is_mine]
    theirs = [(start, end) for start, end, is_mine in spans if not is_mine]
    return overlap(mine, theirs)


def seen(*, visit_id: int, now: datetime) -> bool:
    """Note that the connection lives; False where the visit has been ended meanwhile.

    One UPDATE and no lock: it comes from every connection every few seconds.
    """
    return Visit.objects.filter(pk=visit_id, ended_at__isnull=True).update(seen_at=now) == 1


@transaction.atomic
def disconnect(*, visit_id: int, now: datetime) -> None:
    """End a visit at ``now``, which may lie a little back, when it was last heard of. Ended already: nothing."""
    room_id = Visit.objects.filter(pk=visit_id).values_list("seat__room_id", flat=True).first()
    if room_id is None:
        # The room was deleted while somebody was connected.
        return
    room = locked(room_id)
    end_visits(room, Visit.objects.filter(pk=visit_id, ended_at__isnull=True), now)


def end_stale_visits(*, now: datetime) -> int:
    """End, where they were last seen, visits whose process died without a word. Says how many there were.

    Each room is a transaction of its own, and is looked at again with the room locked. One that cannot be dealt with
    is logged and left to the next sweep; it holds up no other.
    """
    stale = Visit.objects.filter(ended_at__isnull=True, seen_at__lt=now - STALE_AFTER)
    count = 0
    for room_id in sorted(set(stale.values_list("seat__room_id", flat=True))):
        try:
            with transaction.atomic():
                room = locked(room_id)
                count += end_visits(room, stale.filter(seat__room=room), now)
        except NotFound:
            # Deleted meanwhile, with its visits.
            continue
        except Exception:
            log.exception("the visits of room %s whose process died could not be ended", room_id)
    return count


@transaction.atomic
def sample_quality(*, room_uuid: UUID, seat_key: str, measures: Mapping[str, object]) -> None:
    """Tell what a device measured of the last seconds; monitoring keeps it."""
    if Room.objects.filter(uuid=room_uuid, seats__key=seat_key, seats__state=SeatState.ADMITTED).exists():
        quality_sampled.tell(room_uuid=room_uuid, seat_key=seat_key, measures=measures)
