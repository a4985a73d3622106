"""Ring mig op: where a waiting patient's browser may be rung, and the ring itself.

The address lies sealed, one a seat, and only while the seat waits: it goes when the seat is let in, turned away, left
or taken to another browser, when the room closes, and at the latest with the sweep.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from rooms.enums import RoomState, SeatRole, SeatState
from rooms.errors import BadPushAddress, KnockAgain
from rooms.models import PushAddress, Seat
from rooms.rules.push import WORTH_RINGING, may_push_to
from rooms.services.locks import locked_by_seat, require_open, write_down
from rooms.signals import ring_asked
from vdx.lib import seal, webpush
from vdx.lib.webpush import Address, Answer

_PURPOSE = "push-address"
_TOPIC = "ring"


@transaction.atomic
def ask_to_be_rung(*, seat_id: int, address: Address, language: str, now: datetime) -> PushAddress:
    """Note where the waiting seat's browser takes pushes, in place of what was noted before.

    ``language`` is the one that the patient reads. Tells ``ring_asked``. Raises :class:`BadPushAddress`,
    :class:`KnockAgain` for a seat that does not wait, :class:`RoomClosed` and :class:`RoomNotOpen`.
    """
    allowed = may_push_to(address.endpoint, services=settings.VDX_PUSH_SERVICES, loopback=settings.VDX_PUSH_LOOPBACK)
    if not settings.VDX_VAPID_PRIVATE_KEY or not allowed or not webpush.are_keys(address.p256dh, address.auth):
        raise BadPushAddress
    room, seat = locked_by_seat(seat_id)
    require_open(room, now)
    if seat.role != SeatRole.GUEST or seat.state != SeatState.WAITING:
        raise KnockAgain
    sealed = seal.seal(_PURPOSE, json.dumps({**asdict(address), "language": language}))
    noted, is_new = PushAddress.objects.update_or_create(seat=seat, defaults={"sealed": sealed, "created_at": now})
    if is_new:
        write_down("room.asked_to_be_rung", room, seat=seat, seat_id=seat.pk)
    ring_asked.tell(room_uuid=room.uuid, seat_key=seat.key, is_asked=True)
    return noted


@transaction.atomic
def do_not_ring(*, seat_id: int) -> None:
    """Take back what was asked. Nothing asked: nothing happens. Tells ``ring_asked``."""
    room, seat = locked_by_seat(seat_id)
    if forget_addresses([seat.pk]):
        write_down("room.asked_not_to_be_rung", room, seat=seat, seat_id=seat.pk)
        ring_asked.tell(room_uuid=room.uuid, seat_key=seat.key, is_asked=False)


def forget_addresses(seat_ids: Iterable[int]) -> int:
    """Erase where these seats' browsers may be rung; say how many there were."""
    return PushAddress.objects.filter(seat__in=list(seat_ids)).delete()[0]


def forget_needless_addresses() -> int:
    """Erase what nobody may ring any more, should anything have been left behind; say how many there were."""
    waits = Q(seat__state=SeatState.WAITING) & ~Q(seat__room__state=RoomState.CLOSED)
    return PushAddress.objects.exclude(waits).delete()[0]


def push_ring(*, room_uuid: UUID, seat_key: str) -> Answer | None:
    """Ring at the waiting seat's browser; None where nobody asked for it. One that takes none any more is forgotten.

    The payload has no name: a title, a line, and the room's path, readable to that browser alone.
    """
    waiting = Seat.objects.filter(room__uuid=room_uuid, key=seat_key, state=SeatState.WAITING)
    seat = waiting.exclude(room__state=RoomState.CLOSED).select_related("room", "push_address").first()
    noted = getattr(seat, "push_address", None)
    if seat is None or noted is None or not settings.VDX_VAPID_PRIVATE_KEY:
        return None
    try:
        known = json.loads(seal.unseal(_PURPOSE, noted.sealed))
    except seal.Unreadable:
        # The hub's secret has been changed since.
        _forget(seat, noted)
        return None
    with translation.override(known.pop("language")):
        payload = {
            "title": _("Værten er klar") if seat.room.fixed_room_id else _("Lægen er klar"),
            "body": _("Tryk her for at komme tilbage til venterummet."),
            "path": reverse("rooms:room", args=[seat.room.short_id]),
        }
    answer = webpush.send(
        Address(**known),
        json.dumps(payload).encode(),
        sender=webpush.Sender(
            private_key=settings.VDX_VAPID_PRIVATE_KEY,
            subject=settings.VDX_VAPID_SUBJECT,
            loopback=settings.VDX_PUSH_LOOPBACK,
        ),
        ttl=int(WORTH_RINGING.total_seconds()),
        topic=_TOPIC,
    )
    if answer is Answer.GONE:
        _forget(seat, noted)
    return answer


@transaction.atomic
def _forget(seat: Seat, noted: PushAddress) -> None:
    """Erase what was looked at, and not what the browser has said since."""
    if PushAddress.objects.filter(pk=noted.pk, sealed=noted.sealed).delete()[0]:
        ring_asked.tell(room_uuid=seat.room.uuid, seat_key=seat.key, is_asked=False)
