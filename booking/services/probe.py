"""What the probe needs of booking: a template for calls that go by the server, and somebody to be told of them.

Its meetings are forgotten within the hour: one a minute for years would outnumber everybody else's.
"""

from __future__ import annotations

import logging
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from booking.models import Meeting, MeetingTombstone, SchedulingTemplate, WebhookMessage, WebhookTarget
from booking.services.webhooks import SEALED_FOR
from rooms import services as rooms
from rooms.enums import DirectMedia, RoomState
from vdx.lib import probe, seal

if TYPE_CHECKING:
    from vdx.accounts.models import Organisation

log = logging.getLogger(__name__)

# As many as are forgotten in one go, in a transaction each.
_AT_ONCE = 500


@transaction.atomic
def keep_probe_desk(*, organisation: Organisation, renew: bool, now: datetime) -> None:
    """Have the probe's template and webhook there; ``renew``: its secret is another by now. Safe to do again."""
    # One at a time: two would both find nothing.
    type(organisation).objects.select_for_update().get(pk=organisation.pk)
    templates = SchedulingTemplate.objects.filter(organisation=organisation, deleted_time__isnull=True)
    if not templates.filter(is_default_template=True).exists():
        SchedulingTemplate.objects.create(
            organisation=organisation,
            is_default_template=True,
            # Two devices would go by themselves, and nothing would be known of the server.
            direct_media=DirectMedia.NEVER,
            open_after_minutes=0,
            max_participants=2,
            end_meeting_on_end_time=True,
            created_time=now,
        )
    targets = WebhookTarget.objects.filter(organisation=organisation, closed_at__isnull=True)
    target = targets.order_by("pk").first()
    if target is not None and target.url == probe.inbox() and not renew:
        return
    target = target or WebhookTarget(organisation=organisation, created_at=now)
    target.url, target.secret = probe.inbox(), seal.seal(SEALED_FOR, probe.webhook_secret())
    target.failures, target.resting_until = 0, None
    target.save()


def forget_probe_meetings(*, before: datetime) -> int:
    """Delete the probe's meetings that were over by then, their rooms and what was told of them. Safe to run twice.

    Each meeting is a transaction of its own, and one that fails stops no other. Says how many meetings went.
    """
    own = {"organisation__code": probe.ORGANISATION}
    WebhookMessage.objects.filter(target__organisation__code=probe.ORGANISATION, created_at__lt=before).delete()
    MeetingTombstone.objects.filter(**own, created_time__lt=before).delete()
    old = Meeting.objects.filter(**own, end_time__lt=before, created_time__lt=before, room__state=RoomState.CLOSED)
    forgotten = 0
    for pk, room_id in list(old.order_by("pk").values_list("pk", "room_id")[:_AT_ONCE]):
        try:
            with transaction.atomic():
                gone, _ = Meeting.objects.filter(pk=pk).delete()
                if gone:
                    rooms.delete_room(room_id=room_id)
                    forgotten += 1
        except Exception:
            log.exception("meeting %d of the probe's could not be forgotten", pk)
    return forgotten
