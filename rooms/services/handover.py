"""Handing the call to another device: a code on the one, typed or scanned on the other, and a yes on the first.

:func:`offer_handover` draws six digits and a secret (for the QR code) that lead to a seat for two minutes.
:func:`claim_handover` is the other device's: the right code makes it the one that asks, and nobody else can ask with
it again. :func:`answer_handover` is the first device's yes or no, and :func:`finish_handover` then opens the seat to
the other. The first keeps its own key to it until the other has connected (``services.connect``): a device that dies
on the way leaves nobody outside, however locked the room. The seat keeps key, state, kind and time of admission: it is
the same device to the others and on record.

Everything stands in one row of the seat's, fingerprints alone. Whatever the turn, the room is locked first.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import transaction

from rooms.enums import SeatRole, SeatState
from rooms.errors import HandoverGone, HandoverRefused, KnockAgain
from rooms.models import Handover, Room, Seat
from rooms.services.locks import locked, locked_by_seat, require_open, still_may_host, write_down
from rooms.services.seats import give_up, seat_of, token_digest
from rooms.signals import handover_asked
from vdx.lib import ids

OFFER_LASTS = timedelta(minutes=2)
DIGITS = 6
TRIES = 5


@dataclass(frozen=True)
class HandoverOffer:
    """What the first device shows. ``secret`` stands in the QR code, ``digits`` beside it."""

    digits: str
    secret: str
    expires_at: datetime


class HandoverStep(StrEnum):
    """What the other device is told when it asks."""

    WAIT = "wait"
    TAKEN = "taken"


@transaction.atomic
def offer_handover(*, seat_id: int, now: datetime) -> HandoverOffer:
    """Draw the code by which this seat goes on at another device. The seat's earlier codes are dead.

    Raises :class:`RoomClosed`, :class:`RoomNotOpen`, and :class:`KnockAgain` for a seat that takes no part.
    """
    room, seat = locked_by_seat(seat_id)
    require_open(room, now)
    if not _may_move(room, seat):
        raise KnockAgain
    taken = set(Handover.objects.filter(seat__room=room).exclude(seat=seat).values_list("digits_digest", flat=True))
    while True:
        digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        if _digest(room, digits) not in taken:
            break
    secret = ids.token()
    Handover.objects.update_or_create(
        seat=seat,
        defaults={
            "digits_digest": _digest(room, digits),
            "secret_digest": _digest(room, secret),
            "token_digest": seat.token_digest,
            "claim_digest": "",
            "next_digest": "",
            "is_accepted": False,
            "tries": 0,
            "expires_at": now + OFFER_LASTS,
        },
    )
    write_down("room.handover_offered", room, seat=seat, seat_id=seat.pk)
    return HandoverOffer(digits=digits, secret=secret, expires_at=now + OFFER_LASTS)


def claim_handover(*, room_id: int, code: str, now: datetime) -> str:
    """Ask for the seat that this code leads to; say the secret with which the asking goes on.

    A wrong code counts as a try against all codes that the room has out, and the fifth kills them: nobody can say
    whose it was meant for. The caller has slowed guesses (``access.slow_handover``). Raises :class:`RoomClosed`,
    :class:`RoomNotOpen` and :class:`HandoverGone`.
    """
    # A wrong try must stay written, and so the refusal comes after the commit.
    claim = _claim(room_id=room_id, code=code, now=now)
    if claim is None:
        raise HandoverGone
    return claim


@transaction.atomic
def _claim(*, room_id: int, code: str, now: datetime) -> str | None:
    room = locked(room_id)
    require_open(room, now)
    digest = _digest(room, code)
    offers = list(Handover.objects.select_related("seat").filter(seat__room=room, expires_at__gt=now, claim_digest=""))
    for offer in offers:
        if hmac.compare_digest(offer.digits_digest, digest) or hmac.compare_digest(offer.secret_digest, digest):
            if not _stands(room, offer):
                return None
            claim = ids.token()
            offer.claim_digest = _digest(room, claim)
            offer.save(update_fields=["claim_digest"])
            write_down("room.handover_asked", room, seat_id=offer.seat_id)
            handover_asked.tell(room_uuid=room.uuid, seat_key=offer.seat.key)
            return claim
    for offer in offers:
        offer.tries += 1
        if offer.tries >= TRIES:
            offer.delete()
        else:
            offer.save(update_fields=["tries"])
    return None


@transaction.atomic
def answer_handover(*, seat_id: int, is_accepted: bool, now: datetime) -> None:
    """The first device's word. A no kills the code. Raises :class:`HandoverGone` where nobody asks any more."""
    room, seat = locked_by_seat(seat_id)
    offer = Handover.objects.filter(seat=seat).first()
    if not is_accepted:
        # Also before anybody has asked: the code shall be no use any more.
        if offer is not None:
            offer.delete()
            write_down("room.handover_refused", room, seat=seat, seat_id=seat.pk)
        return
    if offer is None or not offer.claim_digest or offer.expires_at <= now or not _stands(room, offer):
        raise HandoverGone
    offer.is_accepted = True
    offer.save(update_fields=["is_accepted"])
    write_down("room.handover_accepted", room, seat=seat, seat_id=seat.pk)


@transaction.atomic
def finish_handover(
    *, room_id: int, claim: str, now: datetime, token: str | None = None
) -> tuple[HandoverStep, Seat | None, str]:
    """The other device asks how it stands: it has to wait, or gets a token of its own that opens the seat.

    A place of its own (``token``) where that browser waited as a guest is given up. Raises :class:`RoomClosed`,
    :class:`RoomNotOpen`, and :class:`HandoverRefused` where the first device has said no, or nothing for too long.
    """
    room = locked(room_id)
    require_open(room, now)
    offers = Handover.objects.select_related("seat__user").filter(seat__room=room, expires_at__gt=now)
    offer = offers.filter(claim_digest=_digest(room, claim)).first()
    if offer is None or not _stands(room, offer):
        raise HandoverRefused
    if not offer.is_accepted:
        return HandoverStep.WAIT, None, ""
    seat = offer.seat
    here = seat_of(room, token)
    if here is not None and here.pk != seat.pk and here.role == SeatRole.GUEST:
        give_up(room, here, now, moved_to=seat)
    # The answer may get lost on its way: for the same device, and for its two minutes, the question may come again.
    new_token = ids.token()
    offer.next_digest = token_digest(new_token)
    offer.save(update_fields=["next_digest"])
    write_down("room.seat_handed_over", room, seat=seat, seat_id=seat.pk)
    return HandoverStep.TAKEN, seat, new_token


def _may_move(room: Room, seat: Seat) -> bool:
    may = seat.role == SeatRole.GUEST or still_may_host(room, seat)
    return seat.state == SeatState.ADMITTED and may


def _stands(room: Room, offer: Handover) -> bool:
    """Whether the seat still is what it was when it was offered: in the call, and bound to the same browser."""
    return _may_move(room, offer.seat) and hmac.compare_digest(offer.token_digest, offer.seat.token_digest)


def _digest(room: Room, code: str) -> str:
    return ids.digest("handover", f"{room.pk}:{code}")
