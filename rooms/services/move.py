"""Going on in another browser with the same seat: out of an app's web view, into the telephone's own browser.

The one browser asks for a secret (:func:`offer_move`) and hands it on as a link; the other takes the seat over with
it (:func:`take_over`). The secret itself is kept nowhere. Its fingerprint lies in the cache for two minutes, beside
the fingerprint of the token that opened the seat when the secret was drawn: since taking over changes the token, one
secret's use ends all of them.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypedDict

from django.core.cache import cache
from django.db import transaction

from rooms.enums import SeatRole
from rooms.errors import KnockAgain, MoveGone
from rooms.models import Room, Seat
from rooms.rules import states
from rooms.services.locks import locked, locked_by_seat, require_open, write_down
from rooms.services.push import forget_addresses
from rooms.services.seats import give_up, seat_of, token_digest
from vdx.lib import ids

OFFER_LASTS = timedelta(minutes=2)


class Offer(TypedDict):
    """What lies in the cache: the seat, the token that opens it, and until when the offer stands (seconds, UTC)."""

    seat_id: int
    token_digest: str
    until: float


@transaction.atomic
def offer_move(*, seat_id: int, now: datetime) -> str:
    """Draw a secret that opens this guest's seat in another browser, once and within two minutes.

    Raises :class:`RoomClosed`, :class:`RoomNotOpen`, and :class:`KnockAgain` for a seat that was given up or turned
    away, and for a host's, which moves by logging in.
    """
    room, seat = locked_by_seat(seat_id)
    require_open(room, now)
    if not _may_move(seat):
        raise KnockAgain
    secret = ids.token()
    offer = Offer(seat_id=seat.pk, token_digest=seat.token_digest, until=(now + OFFER_LASTS).timestamp())
    cache.set(_key(room.pk, secret), offer, OFFER_LASTS.total_seconds())
    return secret


def seat_offered(room: Room, secret: str, *, now: datetime) -> Seat | None:
    """The seat of this room that the secret opens now, if there is one."""
    offer: Offer | None = cache.get(_key(room.pk, secret))
    if offer is None or offer["until"] <= now.timestamp():
        return None
    seat = Seat.objects.filter(pk=offer["seat_id"], room=room, token_digest=offer["token_digest"]).first()
    return seat if seat is not None and _may_move(seat) else None


@transaction.atomic
def take_over(*, room_id: int, secret: str, now: datetime, token: str | None = None) -> tuple[Seat, str]:
    """Bind the offered seat to another browser; say the seat and its new token. The old token is dead.

    State, time of admission and kind of device stay: it is the same device to the others and in the record. The
    place of its own (``token``) where that browser waited as a guest is given up. The caller has slowed guesses
    (``access.check_move``). Raises :class:`RoomClosed`, :class:`RoomNotOpen`, and :class:`MoveGone` for a secret
    that is wrong, old or used.
    """
    room = locked(room_id)
    require_open(room, now)
    seat = seat_offered(room, secret, now=now)
    if seat is None:
        raise MoveGone
    here = seat_of(room, token)
    if here is not None and here.pk != seat.pk and here.role == SeatRole.GUEST:
        give_up(room, here, now, moved_to=seat)
    new_token = ids.token()
    seat.token_digest, seat.earlier_digest = token_digest(new_token), seat.token_digest
    seat.save(update_fields=["token_digest", "earlier_digest"])
    # Noted by the browser that is left.
    forget_addresses([seat.pk])
    write_down("room.seat_moved", room, seat=seat, seat_id=seat.pk)
    return seat, new_token


def _may_move(seat: Seat) -> bool:
    return seat.role == SeatRole.GUEST and seat.state in states.SEATED


def _key(room_id: int, secret: str) -> str:
    return "move:" + ids.digest("move", f"{room_id}:{secret}")
