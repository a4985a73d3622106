"""Keeping what went wrong, as devices and the hub saw it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from monitoring.models import CallRecord, Trouble
from monitoring.rules.trouble import MENDED, MOST, MOST_AT_THE_DOOR
from monitoring.services.record import judge_again
from rooms.enums import SeatRole


@transaction.atomic
def add_trouble(
    *, room_uuid: UUID, seat_key: str | None, side: str, what: str, detail: str, now: datetime
) -> Trouble | None:
    """Keep it, unless the seat has told enough. A room that is judged already is judged again with it.

    That something works is kept only where something is to be taken back.
    """
    before = Trouble.objects.filter(room_uuid=room_uuid, seat_key__in={seat_key or "", ""})
    if what in MENDED and not before.filter(what__in=MENDED[what]).exists():
        return None
    told = Trouble.objects.filter(room_uuid=room_uuid, seat_key=seat_key or "").count()
    if told >= (MOST if seat_key else MOST_AT_THE_DOOR):
        return None
    trouble = Trouble.objects.create(
        room_uuid=room_uuid, seat_key=seat_key or "", side=SeatRole(side), what=what, detail=detail, at=now
    )
    if CallRecord.objects.filter(room_uuid=room_uuid, is_final=True).exists():
        judge_again(room_uuid=room_uuid, now=now)
    return trouble
