"""Who may answer: the postcard the room's host, the questionnaire its guests and whoever never got in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpResponseBase
from django.urls import reverse

from booking import queries as booking_queries
from rooms import access as rooms_access
from rooms import queries as rooms_queries
from rooms.enums import CloseReason, RoomState, SeatRole
from surveys.rules.asking import ASK_WITHIN, FORGOTTEN, Guest, may_be_asked
from surveys.rules.postcard import may_answer
from vdx.lib import clock, ids, throttle
from vdx.lib.errors import NotFound

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from rooms.models import Room
    from vdx.accounts.models import User

# The study id under which this browser answers, until the end of the day.
ANSWERS_COOKIE = "vdx_answers"
# The key by which a browser without a seat is asked about a call once.
ASKED_COOKIE = "vdx_asked"
_ASKED_SECONDS = int((ASK_WITHIN + timedelta(days=1)).total_seconds())


@dataclass(frozen=True)
class HostSeat:
    """A host's seat in a room: what the postcard needs of it, and no more."""

    room_uuid: UUID
    seat_key: str
    organisation_id: int
    closed_at: datetime | None
    # Nobody is asked about a call that a practice made to try the service out.
    is_test: bool


def host_seat(
    code: str, *, token: str | None, user: User | AnonymousUser, cookie: str, address: str, now: datetime
) -> HostSeat:
    """The host's seat in the room that the browser's token opens, or that the login had there.

    ``cookie`` and ``address`` say who guesses at codes. Raises ``Throttled``, and NotFound for everybody else, and
    when it is too late.
    """
    room = rooms_access.room_for_short_id(code, cookie=cookie, address=address)
    seat_key = _host_seat_key(room, token, user)
    if seat_key is None or room.is_fixed or not may_answer(closed_at=room.closed_at, now=now):
        raise NotFound
    is_test = booking_queries.is_test_call(room.uuid)
    return HostSeat(room.uuid, seat_key, room.organisation_id, room.closed_at, is_test)


def _host_seat_key(room: Room, token: str | None, user: User | AnonymousUser) -> str | None:
    seat = rooms_access.seat_for(room, token)
    if seat is not None and seat.role == SeatRole.HOST:
        return seat.key
    # From another browser than the one of the call: the login, as long as it still may host there.
    if user.is_authenticated and rooms_access.may_host(user, room):
        return rooms_queries.host_seat_key(room.pk, user.pk)
    return None


def guest(
    code: str,
    *,
    token: str | None,
    browser: str,
    user: User | AnonymousUser,
    cookie: str,
    address: str,
    now: datetime,
) -> tuple[Room, Guest]:
    """The room of a code, and who is asked there. Raises ``Throttled``, and NotFound where nobody is."""
    room = rooms_access.room_for_short_id(code, cookie=cookie, address=address)
    asked = guest_in(room, token=token, browser=browser, user=user, now=now)
    if asked is None:
        raise NotFound
    return room, asked


def guest_in(room: Room, *, token: str | None, browser: str, user: User | AnonymousUser, now: datetime) -> Guest | None:
    """Who in this browser is asked about the room's call; None for staff, for test calls, and when it is too late.

    Staff is whoever is logged in, or was when knocking, and everybody in a fixed room, where colleagues meet. Whose
    call went on at another device is asked there.
    A guest's seat is asked from the moment that its browser has left the call. A browser without a seat is asked once
    the room is closed: somebody may have tried, and never got in. ``browser`` is the key that it was given then, or
    nothing.
    """
    if user.is_authenticated or not may_be_asked(closed_at=room.closed_at, now=now):
        return None
    if room.is_fixed:
        return None
    if room.close_reason == CloseReason.CANCELLED or booking_queries.is_test_call(room.uuid):
        return None
    seat = rooms_access.seat_for(room, token)
    if seat is not None:
        is_asked = seat.role == SeatRole.GUEST and not seat.by_login and not seat.moved_on
        return Guest(room.uuid, room.organisation_id, seat_key=seat.key) if is_asked else None
    if rooms_access.has_moved_on(room, token):
        return None
    if room.state != RoomState.CLOSED or browser.startswith(FORGOTTEN) or len(browser) > 32:
        return None
    return Guest(room.uuid, room.organisation_id, browser=browser)


def with_key(asked: Guest) -> Guest:
    """The guest with a key to be known again by: the seat's, the browser's, or a fresh one for this browser."""
    return asked if asked.seat_key or asked.browser else replace(asked, browser=ids.short_id())


def may_begin(room: Room) -> None:
    """Raise ``Throttled`` where a room's questionnaire is opened far more often than a room has guests."""
    throttle.attempt("questionnaire", (room.pk,), free=60, ceiling=60)


def study_id_of(cookie: str | None) -> UUID | None:
    """The study id that a browser's cookie tells of; None where we have not signed it, or not today."""
    try:
        return UUID(_signer(clock.local_date(clock.now())).unsign(cookie or ""))
    except (signing.BadSignature, ValueError):
        return None


def set_answers_cookie(response: HttpResponseBase, room: Room, study_id: UUID, *, now: datetime) -> None:
    """Let this browser go on until the end of the day. It holds the study id, and no time."""
    today = clock.local_date(now)
    midnight = clock.day_bounds(today)[1]
    value = _signer(today).sign(study_id.hex)
    _set(response, room, ANSWERS_COOKIE, value, max(1, int((midnight - now).total_seconds())))


def _signer(day: date) -> signing.Signer:
    """Signs for one day, without writing down which."""
    return signing.Signer(salt=f"{ANSWERS_COOKIE}.{day:%Y-%m-%d}")


def drop_answers_cookie(response: HttpResponseBase, room: Room) -> None:
    """The answers are gone, and so is the way to them."""
    response.delete_cookie(ANSWERS_COOKIE, path=_path(room), samesite="Lax")


def set_asked_cookie(response: HttpResponseBase, room: Room, asked: Guest) -> None:
    """Know a browser without a seat again, so that it is asked about this call once."""
    if asked.browser:
        _set(response, room, ASKED_COOKIE, asked.browser, _ASKED_SECONDS)


def _set(response: HttpResponseBase, room: Room, name: str, value: str, seconds: int) -> None:
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path=_path(room),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _path(room: Room) -> str:
    return reverse("rooms:room", args=[room.short_id])
