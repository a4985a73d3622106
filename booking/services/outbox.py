"""What record systems shall be told, written together with what happened (docs/decisions/0013).

Nothing is written for an organisation without webhooks.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings

from booking.enums import WebhookKind
from booking.models import Meeting, WebhookMessage, WebhookTarget
from booking.rules.webhook import GIVE_UP_AFTER
from booking.signals import webhook_queued
from vdx.lib import clock

_CALL = (WebhookKind.CALL_STARTED, WebhookKind.CALL_ENDED)


def note(meeting: Meeting, kind: WebhookKind, data: Mapping[str, Any] | None = None) -> int:
    """Let the organisation's record systems know. Says how many there are. Part of the caller's transaction.

    ``data`` holds plain values: never a pin, a name or a text that somebody wrote.
    """
    if meeting.is_test:
        return 0
    targets = _targets(meeting)
    now = clock.now()
    for target, code in targets:
        _write(target, code, meeting, kind, dict(data or {}), key=uuid4(), now=now, give_up_at=now + GIVE_UP_AFTER)
    return len(targets)


def note_outcome(meeting_uuid: UUID, outcome: str) -> None:
    """The same for how a meeting ended; judged anew it is told anew."""
    meeting = Meeting.objects.filter(uuid=meeting_uuid).first()
    if meeting is not None:
        note(meeting, WebhookKind.OUTCOME, {"outcome": outcome})


def note_link(meeting: Meeting, *, key: UUID, text: str) -> None:
    """Hand the patient's link to the organisation's record system: to one, so that the patient gets one message.

    ``key`` is the delivery's. After the end of the meeting it is of no use any more.
    """
    target, code = _targets(meeting)[0]
    now = clock.now()
    data = {"shortLink": link_of(meeting), "text": text}
    give_up_at = min(now + GIVE_UP_AFTER, meeting.end_time)
    _write(target, code, meeting, WebhookKind.LINK, data, key=key, now=now, give_up_at=give_up_at)


def note_room(room_uuid: UUID, kind: WebhookKind) -> None:
    """The same for what happened in a meeting's room; a room without a meeting concerns nobody.

    A call begins once and ends once, however often a device comes back in between.
    """
    meeting = Meeting.objects.filter(room__uuid=room_uuid).first()
    if meeting is None or not _targets(meeting):
        return
    if kind in _CALL:
        told = WebhookMessage.objects.filter(meeting_uuid=meeting.uuid, kind__in=_CALL)
        last = told.order_by("-pk").values_list("kind", flat=True).first() or WebhookKind.CALL_ENDED
        if last == kind:
            return
    note(meeting, kind)


def link_of(meeting: Meeting) -> str:
    """The patient's short link."""
    return f"{settings.VDX_SHORT_LINK_BASE}{meeting.short_id}"


def written(moment: datetime) -> str:
    """A time as the VDX-API writes it: UTC and whole seconds."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _targets(meeting: Meeting) -> list[tuple[int, str]]:
    open_ones = WebhookTarget.objects.filter(organisation_id=meeting.organisation_id, closed_at__isnull=True)
    found = list(open_ones.order_by("pk").values_list("pk", flat=True))
    # Most organisations have none, and then nobody needs to know its code.
    return [(target, meeting.organisation.code) for target in found]


def _write(
    target: int,
    code: str,
    meeting: Meeting,
    kind: WebhookKind,
    data: dict[str, Any],
    *,
    key: UUID,
    now: datetime,
    give_up_at: datetime,
) -> None:
    WebhookMessage.objects.create(
        target_id=target,
        key=key,
        meeting_uuid=meeting.uuid,
        kind=kind,
        body={
            "id": str(key),
            "type": str(kind),
            "time": written(now),
            "organisation": code,
            "meeting": _meeting(meeting),
            "data": data,
        },
        created_at=now,
        due_at=now,
        give_up_at=give_up_at,
    )
    webhook_queued.tell(target_id=target)


def _meeting(meeting: Meeting) -> dict[str, Any]:
    return {
        "uuid": str(meeting.uuid),
        "externalId": meeting.external_id,
        "startTime": written(meeting.start_time),
        "endTime": written(meeting.end_time),
    }
