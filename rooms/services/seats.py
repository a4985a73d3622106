"""Taking a place in a room, and giving it up."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Q

from rooms import hosts
from rooms.enums import DeviceKind, SeatRole, SeatState, TestVerdict
from rooms.errors import HostDoorShut, RoomFull, RoomLocked
from rooms.models import Handover, Room, Seat, Visit
from rooms.rules import capacity, lock, states
from rooms.services.locks import (
    end_visits,
    locked,
    locked_by_seat,
    require_open,
    require_place,
    still_may_host,
    write_down,
)
from rooms.services.push import forget_addresses
from vdx.lib import ids

if TYPE_CHECKING:
    from vdx.accounts.models import User

_JUST_NOW = timedelta(seconds=60)


def token_digest(token: str) -> str:
    """Fingerprint of a seat's token: what is stored in place of it."""
    return ids.digest("seat", token)


def opened_by(token: str) -> Q:
    """Seats that the token opens: its own, and until that device has connected the one handed over to it.

    A handover stands while the seat has the token with which it was offered.
    """
    digest = token_digest(token)
    return Q(token_digest=digest) | Q(handover__next_digest=digest, handover__token_digest=F("token_digest"))


@transaction.atomic
def knock(
    *,
    room_id: int,
    token: str | None,
    device_kind: DeviceKind,
    now: datetime,
    test_verdict: TestVerdict | None = None,
    by_login: bool = False,
) -> tuple[Seat, str]:
    """Take a guest's place, or come back to the one that the browser's token opens; say the seat and its token.

    ``by_login``: whoever knocks is logged in to the hub. The seat keeps it, also when they have logged out.
    Who waits or takes part keeps state and place. Who was refused or has left waits again; a host who left is host
    again, if the login behind the seat still may. The pin has been checked before (``access.check_guest_pin``).
    A room that is locked lets nobody new knock, and nobody who was refused. Raises :class:`RoomNotOpen`,
    :class:`RoomClosed`, :class:`RoomLocked`, :class:`RoomFull` and :class:`HostDoorShut`.
    """
    room = locked(room_id)
    require_open(room, now)
    seat = seat_of(room, token)
    if seat is not None and token is not None and seat.state in states.SEATED:
        _note_test(seat, test_verdict)
        _note_login(seat, by_login)
        return seat, token
    if not lock.lets_knock(is_locked=room.is_locked, state=SeatState(seat.state) if seat else None):
        raise RoomLocked.of(room.phone, fixed=room.is_fixed)
    require_place(room, beside=seat, now=now)
    if seat is not None and token is not None:
        if seat.role == SeatRole.HOST:
            _come_back_as_host(room, seat, now)
        else:
            _move(seat, SeatState.WAITING)
            seat.knocked_at, seat.left_at, seat.telephone_asked_at = now, None, None
            seat.save(update_fields=["state", "knocked_at", "left_at", "telephone_asked_at"])
    else:
        _require_room_to_wait(room, now)
        token = ids.token()
        seat = Seat.objects.create(
            room=room,
            key=ids.short_id(),
            token_digest=token_digest(token),
            role=SeatRole.GUEST,
            device_kind=device_kind,
            created_at=now,
            knocked_at=now,
        )
    _note_test(seat, test_verdict)
    _note_login(seat, by_login)
    write_down("room.knocked", room, seat=seat, seat_id=seat.pk)
    return seat, token


@transaction.atomic
def take_host_seat(
    *, room_id: int, user: User | None, device_kind: DeviceKind, now: datetime, token: str | None = None
) -> tuple[Seat, str]:
    """Take the host's place: a login that may host (``user``), or whoever has typed the right pin (None).

    A login has one seat in a room: from another browser it is taken over there, with a new token. A browser that
    already has a seat (``token``) keeps it, also when it was a guest's. The caller has checked login or pin
    (``access``); that a login may host is looked at again. Raises :class:`HostDoorShut`, :class:`RoomNotOpen`,
    :class:`RoomClosed` and :class:`RoomFull`.
    """
    room = locked(room_id)
    require_open(room, now)
    if user is not None and not hosts.may_host(user, room):
        raise HostDoorShut
    here = seat_of(room, token)
    known = here
    if user is not None:
        known = Seat.objects.filter(room=room, user=user, role=SeatRole.HOST).order_by("pk").first() or here
        if known is not None and known.user_id not in (None, user.pk):
            # Another login's seat in this browser: that one stays its owner's.
            known = None
    if here is not None and known is not None and here.pk != known.pk and here.role == SeatRole.GUEST:
        give_up(room, here, now, moved_to=known)
    require_place(room, beside=known, now=now)
    new_token = ids.token()
    if known is None:
        seat = Seat.objects.create(
            room=room,
            key=ids.short_id(),
            token_digest=token_digest(new_token),
            role=SeatRole.HOST,
            state=SeatState.ADMITTED,
            device_kind=device_kind,
            user=user,
            created_at=now,
            admitted_at=now,
        )
    else:
        seat = known
        seat.role, seat.state, seat.left_at = SeatRole.HOST, SeatState.ADMITTED, None
        seat.user = user or seat.user
        seat.admitted_at = seat.admitted_at or now
        seat.token_digest = token_digest(new_token)
        seat.save()
        Visit.objects.filter(seat=seat, ended_at__isnull=True, admitted_at__isnull=True).update(admitted_at=now)
    write_down("room.hosted", room, seat=seat, seat_id=seat.pk)
    return seat, new_token


@transaction.atomic
def leave(*, seat_id: int, now: datetime) -> Seat:
    """Give the place up: the visit ends, and a guest who wants to come back knocks again. Left already: nothing."""
    room, seat = locked_by_seat(seat_id)
    if seat.state in states.SEATED:
        give_up(room, seat, now)
        write_down("room.left", room, seat=seat, seat_id=seat.pk)
    return seat


def give_up(room: Room, seat: Seat, now: datetime, *, moved_to: Seat | None = None) -> None:
    """The seat has left; its visit ends. One without a place: nothing. Room locked.

    ``moved_to``: the same person's other seat, where the call goes on.
    """
    if moved_to is not None:
        seat.moved_on = True
        seat.save(update_fields=["moved_on"])
        _note_login(moved_to, seat.by_login)
    if seat.state not in states.SEATED:
        return
    seat.state, seat.left_at = SeatState.LEFT, now
    seat.save(update_fields=["state", "left_at"])
    end_visits(room, Visit.objects.filter(seat=seat, ended_at__isnull=True), now)
    forget_addresses([seat.pk])


def _note_test(seat: Seat, verdict: TestVerdict | None) -> None:
    """Keep what came of the browser's newest device test beside its seat."""
    if verdict is not None and seat.test_verdict != verdict:
        seat.test_verdict = verdict
        seat.save(update_fields=["test_verdict"])


def _note_login(seat: Seat, by_login: bool) -> None:
    """Once somebody at work, always."""
    if by_login and not seat.by_login:
        seat.by_login = True
        seat.save(update_fields=["by_login"])


def _come_back_as_host(room: Room, seat: Seat, now: datetime) -> None:
    if not still_may_host(room, seat):
        raise HostDoorShut
    _move(seat, SeatState.ADMITTED)
    seat.left_at = None
    seat.save(update_fields=["state", "left_at"])


def _move(seat: Seat, new: SeatState) -> None:
    is_host = seat.role == SeatRole.HOST
    if not states.seat_may_move(old=SeatState(seat.state), new=new, is_host=is_host):
        raise RuntimeError(f"a seat may not go from {seat.state} to {new}")
    seat.state = new


def seat_of(room: Room, token: str | None) -> Seat | None:
    """The seat in this room that the token opens."""
    if not token:
        return None
    return Seat.objects.filter(opened_by(token), room=room).first()


def bind(seat: Seat, token: str) -> bool:
    """The device with this token has come: from now on it alone opens the seat. False where it does not.

    Call with the room locked.
    """
    digest = token_digest(token)
    if seat.token_digest == digest:
        return True
    if not Seat.objects.filter(opened_by(token), pk=seat.pk).exists():
        return False
    seat.token_digest, seat.earlier_digest = digest, seat.token_digest
    seat.save(update_fields=["token_digest", "earlier_digest"])
    Handover.objects.filter(seat=seat).delete()
    return True


def _require_room_to_wait(room: Room, now: datetime) -> None:
    waiting = Seat.objects.filter(room=room, state=SeatState.WAITING).filter(
        Q(knocked_at__gte=now - _JUST_NOW) | Q(visits__isnull=False, visits__ended_at__isnull=True)
    )
    if waiting.distinct().count() >= capacity.WAITING_LIMIT:
        raise RoomFull
