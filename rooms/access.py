"""The door of the rooms: codes, pins and cookies from outside become rooms and seats here, and nowhere else.

Guessing is slowed by keys made of the browser's cookie and its address, so that one patient is never held up for
another's guesses: an address alone, which a whole practice or mobile network may share, counts only in the hundreds,
and then for seconds.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpResponseBase
from django.urls import reverse

from rooms import hosts
from rooms.enums import TestVerdict
from rooms.errors import MoveGone, UnknownCode, WrongPin
from rooms.models import Room, Seat
from rooms.rules.trials import CEILING, CEILING_SHARED, FREE, FREE_SHARED
from rooms.services.move import seat_offered
from rooms.services.seats import opened_by, token_digest
from vdx.accounts import access as accounts_access
from vdx.accounts.enums import CLINICAL_ROLES
from vdx.lib import clock, ids, throttle

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from vdx.accounts.models import User

SEAT_COOKIE = "vdx_seat"
VISITOR_COOKIE = "vdx_visitor"
_DESK_SALT = "rooms.desk"
_DESK_SECONDS = 300
PIN_COOKIE = "vdx_pin"
PIN_COOKIE_SECONDS = 12 * 3600
TEST_COOKIE = "vdx_test"
TEST_COOKIE_SECONDS = 30 * 24 * 3600
# The room is closed by then; the postcard and the questions to guests are not, for a week after the call.
SEAT_COOKIE_SECONDS = 8 * 24 * 3600


def room_for_short_id(code: str, *, cookie: str, address: str) -> Room:
    """The room of a code as somebody typed or followed it. Raises ``Throttled`` and :class:`UnknownCode`."""
    own = throttle.attempt("room-code", (cookie, address), free=10, ceiling=60)
    shared = own.also("room-code-address", (address,), free=500, ceiling=15)
    normal = ids.normalise_short_id(code)
    room = None
    if normal is not None:
        room = Room.objects.select_related("organisation", "meeting", "fixed_room").filter(short_id=normal).first()
    if room is None:
        raise UnknownCode
    own.take_back()
    shared.take_back()
    return room


def check_guest_pin(room: Room, pin: str, *, cookie: str, address: str) -> None:
    """Raise :class:`WrongPin` unless the room asks for no pin or this is it, and ``Throttled`` before comparing.

    Wrong guesses count for the browser, for the address, and for the room late and for seconds: who changes cookies
    and addresses gets a few hundred of 9000 pins tried in the hour that a room is open, and the patient waits little.
    """
    if room.guest_pin is None:
        return
    own = throttle.attempt("guest-pin", (cookie, address, room.pk), free=5, ceiling=900)
    shared = own.also("guest-pin-address", (address, room.pk), free=30, ceiling=60)
    everybody = shared.also("guest-pin-room", (room.pk,), free=60, ceiling=10)
    if not same_pin(room.guest_pin, pin):
        raise WrongPin(field="pin")
    own.succeeded()
    shared.take_back()
    everybody.take_back()


def has_shown_pin(room: Room, cookie: str | None) -> bool:
    """Whether the browser has given the guests' pin at the fixed room's own page, and it is still the one asked for."""
    return hmac.compare_digest(_pin_shown(room).encode(), (cookie or "").encode())


def set_pin_cookie(response: HttpResponseBase, room: Room) -> None:
    """Let the browser that has given the guests' pin knock without it, in this call alone. Unreadable to scripts."""
    response.set_cookie(
        PIN_COOKIE,
        _pin_shown(room),
        max_age=PIN_COOKIE_SECONDS,
        path=reverse("rooms:room", args=[room.short_id]),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def check_host_pin(room: Room, pin: str, *, cookie: str, address: str) -> None:
    """Raise :class:`WrongPin` unless this is the host's pin, and ``Throttled`` before comparing.

    Wrong guesses count for the browser, and more slowly for the room, so that changing cookies and addresses helps
    little: a room is open for an hour or so.
    """
    own = throttle.attempt("host-pin", (cookie, address, room.pk), free=5, ceiling=900)
    shared = own.also("host-pin-room", (room.pk,), free=20, ceiling=60)
    if room.host_pin is None or not same_pin(room.host_pin, pin):
        raise WrongPin(field="pin")
    own.succeeded()
    shared.take_back()


def check_move(room: Room, secret: str, *, cookie: str, address: str) -> None:
    """Raise :class:`MoveGone` unless the secret opens a seat here, and ``Throttled`` before comparing."""
    own = throttle.attempt("move", (cookie, address, room.pk), free=5, ceiling=60)
    shared = own.also("move-address", (address, room.pk), free=30, ceiling=60)
    if seat_offered(room, secret, now=clock.now()) is None:
        raise MoveGone
    own.take_back()
    shared.take_back()


def may_report_test(*, cookie: str, address: str) -> None:
    """Raise ``Throttled`` where far more results come than a page sends: some three a test."""
    own = throttle.attempt("device-test-result", (cookie, address), free=4 * FREE, ceiling=CEILING)
    own.also("device-test-result-address", (address,), free=4 * FREE_SHARED, ceiling=CEILING_SHARED)


def may_test(*, cookie: str, address: str) -> None:
    """Raise ``Throttled`` where a browser, or a network, has tested its devices very often of late."""
    own = throttle.attempt("device-test", (cookie, address), free=FREE, ceiling=CEILING)
    own.also("device-test-address", (address,), free=FREE_SHARED, ceiling=CEILING_SHARED)


def slow_handover(room: Room, *, cookie: str, address: str) -> tuple[throttle.Attempt, ...]:
    """Count a try at a code for handing a call over; taken back if it was right. Raises ``Throttled`` before that.

    Five wrong tries kill the room's codes (``services.claim_handover``); this is for those that are drawn after.
    """
    own = throttle.attempt("handover", (cookie, address, room.pk), free=5, ceiling=60)
    return own, own.also("handover-room", (room.pk,), free=20, ceiling=60)


def may_host(user: User | AnonymousUser, room: Room) -> bool:
    """Whether the login may be host (rooms/hosts.py), second factor shown where it is owed."""
    return user.is_authenticated and hosts.may_host(user, room)


def seat_for(room: Room, token: str | None) -> Seat | None:
    """The seat in this room that the browser's token opens, whatever its state; None for anything else."""
    if not token:
        return None
    return Seat.objects.select_related("user").filter(opened_by(token), room=room).first()


def has_moved_on(room: Room, token: str | None) -> bool:
    """Whether the browser's token opened a seat of this room that goes on at another device by now."""
    return bool(token) and Seat.objects.filter(earlier_digest=token_digest(token or ""), room=room).exists()


def seat_for_socket(code: str, token: str | None) -> Seat | None:
    """The seat that a socket's cookie opens, if it is a seat of the room with this very code."""
    if not token:
        return None
    seats = Seat.objects.select_related("room__organisation", "user")
    return seats.filter(opened_by(token), room__short_id=code).first()


@dataclass(frozen=True)
class Desk:
    """What a desk's ticket says: whose desk it is, and the rooms that it shows (hexadecimal digits)."""

    user_id: int
    rooms: tuple[str, ...]


def desk_ticket(user: User, rooms: Iterable[UUID], session: str) -> str:
    """A ticket for a desk's socket: good for five minutes, and only with the session that asks for it.

    The caller has checked that the person may host in these rooms, and owes no second factor in this session.
    """
    body = {"user": user.pk, "rooms": [room.hex for room in rooms], "session": ids.digest("desk", session)}
    return signing.dumps(body, salt=_DESK_SALT, compress=True)


def desk_of(ticket: str, session: str) -> Desk | None:
    """What the ticket opens; None for one that is forged, old or of another session, or whose login does not stand."""
    try:
        body = signing.loads(ticket, salt=_DESK_SALT, max_age=_DESK_SECONDS)
    except signing.BadSignature:
        return None
    if not hmac.compare_digest(body["session"], ids.digest("desk", session)):
        return None
    desk = Desk(user_id=body["user"], rooms=tuple(body["rooms"]))
    return desk if desk_stands(desk, session) else None


def desk_stands(desk: Desk, session: str) -> bool:
    """Whether the desk's person is still logged in by that session, and may still host in all its rooms."""
    user = accounts_access.user_of_session(session)
    if user is None or user.pk != desk.user_id:
        return False
    own = accounts_access.organisations_of(user, CLINICAL_ROLES)
    return not Room.objects.filter(uuid__in=desk.rooms).exclude(organisation__in=own).exists()


def set_seat_cookie(response: HttpResponseBase, room: Room, token: str) -> None:
    """Bind the seat to this browser. Sent to this room's pages and socket only, and unreadable to scripts."""
    response.set_cookie(
        SEAT_COOKIE,
        token,
        max_age=SEAT_COOKIE_SECONDS,
        path=reverse("rooms:room", args=[room.short_id]),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def set_test_cookie(response: HttpResponseBase, room: Room, verdict: TestVerdict) -> None:
    """Let what came of this browser's device test follow it to the room's door: signed, for this room alone."""
    response.set_cookie(
        TEST_COOKIE,
        signing.dumps([room.uuid.hex, str(verdict)], salt=TEST_COOKIE, compress=False),
        max_age=TEST_COOKIE_SECONDS,
        path=reverse("rooms:room", args=[room.short_id]),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def tested_verdict(room: Room, cookie: str | None) -> TestVerdict | None:
    """What came of the device test that the cookie tells of; None where we have not signed it for this room."""
    try:
        made_for, verdict = signing.loads(cookie or "", salt=TEST_COOKIE, max_age=TEST_COOKIE_SECONDS)
    except (signing.BadSignature, TypeError, ValueError):
        return None
    return TestVerdict(verdict) if made_for == room.uuid.hex and verdict in TestVerdict.values else None


def _pin_shown(room: Room) -> str:
    return ids.digest("pin-shown", f"{room.uuid.hex}|{room.guest_pin}")


def same_pin(right: int, typed: str) -> bool:
    """Whether the pin is that one, blanks aside; in the same time whatever it is."""
    digits = "".join(typed.split())
    return hmac.compare_digest(str(right).encode(), digits.encode())
