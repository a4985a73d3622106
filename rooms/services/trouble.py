"""Telling what went wrong on a device, so that a failure gets its name; monitoring keeps it."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from rooms.enums import SEEN_BY_THE_HUB, SeatRole, Trouble
from rooms.models import Room, Seat
from rooms.rules.trouble import clean_detail
from rooms.signals import trouble_reported
from vdx.lib.errors import InvalidInput

# A page that has lost its line may have something to tell when the room is closed; an old tab has nothing more.
HEARD_AFTER_CLOSING = timedelta(minutes=5)


@transaction.atomic
def report_trouble(
    *, room_uuid: UUID, seat_key: str | None, what: str, now: datetime, detail: object = "", by_hub: bool = False
) -> None:
    """Tell what a device saw go wrong; of a detail, only what may be kept.

    Without a seat it is a guest who has yet to knock. A room that has been closed for five minutes hears nothing
    more. ``by_hub``: the hub has seen it itself. Raises
    :class:`InvalidInput` for a word that a page may not say.
    """
    if what not in Trouble.values or (what in SEEN_BY_THE_HUB and not by_hub):
        raise InvalidInput
    side = SeatRole.GUEST.value
    if seat_key is not None:
        role = Seat.objects.filter(room__uuid=room_uuid, key=seat_key).values_list("role", flat=True).first()
        if role is None:
            return
        side = role
    heard = Q(closed_at=None) | Q(closed_at__gte=now - HEARD_AFTER_CLOSING)
    if not Room.objects.filter(heard, uuid=room_uuid).exists():
        return
    trouble_reported.tell(room_uuid=room_uuid, seat_key=seat_key, side=side, what=what, detail=clean_detail(detail))
