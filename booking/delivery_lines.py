"""What the portal shows of links that were sent: how, when and whether it worked. Never to where."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from booking.enums import DeliveryCause, DeliveryKind, DeliveryState, DeliveryWay
from booking.models import Delivery


@dataclass(frozen=True)
class DeliveryLine:
    """A link or reminder. ``at`` is when it was sent or given up, or is to be sent."""

    way: DeliveryWay
    state: DeliveryState
    cause: str
    at: datetime
    is_reminder: bool
    tried: bool


def delivery_lines(meeting_ids: Collection[int]) -> dict[int, tuple[DeliveryLine, ...]]:
    """What was sent of these meetings, the newest first, by the meeting's id. One query.

    A reminder of a meeting that was called off concerns nobody any more.
    """
    found: dict[int, list[DeliveryLine]] = {}
    rows = Delivery.objects.filter(meeting__in=meeting_ids).exclude(cause=DeliveryCause.OVER).order_by("-pk")
    for row in rows:
        line = DeliveryLine(
            way=DeliveryWay(row.way),
            state=DeliveryState(row.state),
            cause=row.get_cause_display() if row.cause else "",
            at=row.finished_at or row.due_at or row.created_at,
            is_reminder=row.kind == DeliveryKind.REMINDER,
            tried=row.tries > 0,
        )
        found.setdefault(row.meeting_id, []).append(line)
    return {meeting: tuple(sorted(lines, key=lambda line: line.is_reminder)) for meeting, lines in found.items()}
