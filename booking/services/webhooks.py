"""Webhooks: who is told, and the telling. What is told is written down by :mod:`booking.services.outbox`."""

from __future__ import annotations

import json
import logging
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from booking.enums import MessageState, WebhookKind
from booking.errors import WebhookTargetRefused
from booking.models import WebhookMessage, WebhookTarget
from booking.rules import webhook as rules
from booking.services.deliver import link_given_up, link_taken
from booking.signals import webhook_queued
from vdx.accounts import services as accounts
from vdx.lib import clock, ids, outgoing, probe, seal

if TYPE_CHECKING:
    from vdx.accounts.models import Organisation, User

log = logging.getLogger(__name__)

# What a target's secret is sealed for.
SEALED_FOR = "webhook"


@transaction.atomic
def open_webhook(
    *, organisation: Organisation, url: str, actor: User | None, now: datetime
) -> tuple[WebhookTarget, str]:
    """A new target and its secret, which nobody can read again. Raises :class:`WebhookTargetRefused`."""
    check_webhook_url(url)
    secret = ids.token()
    target = WebhookTarget.objects.create(
        organisation=organisation, url=url, secret=seal.seal(SEALED_FOR, secret), created_at=now
    )
    _write_down("webhook.opened", target, actor)
    return target, secret


@transaction.atomic
def change_webhook(*, target: WebhookTarget, url: str, actor: User | None) -> None:
    """Another address for the same target; what waits goes there. Raises :class:`WebhookTargetRefused`."""
    check_webhook_url(url)
    WebhookTarget.objects.filter(pk=target.pk).update(url=url, failures=0, resting_until=None)
    _write_down("webhook.changed", target, actor)
    webhook_queued.tell(target_id=target.pk)


@transaction.atomic
def renew_webhook_secret(*, target: WebhookTarget, actor: User | None) -> str:
    """A new secret in the old one's place."""
    secret = ids.token()
    WebhookTarget.objects.filter(pk=target.pk).update(secret=seal.seal(SEALED_FOR, secret))
    _write_down("webhook.secret_renewed", target, actor)
    return secret


@transaction.atomic
def close_webhook(*, target: WebhookTarget, actor: User | None, now: datetime) -> None:
    """Tell this target nothing any more, also not what waits. Safe to do twice."""
    if WebhookTarget.objects.filter(pk=target.pk, closed_at__isnull=True).update(closed_at=now, secret=""):
        for message in _queued(target.pk).order_by("pk"):
            _give_up(message, "closed", now)
        _write_down("webhook.closed", target, actor)


@transaction.atomic
def resend_message(*, message: WebhookMessage, actor: User | None, now: datetime) -> bool:
    """Post a message once more, with the id that it had. False: its target is closed, or it still waits by itself."""
    again = (
        WebhookMessage.objects.filter(pk=message.pk, target__closed_at__isnull=True)
        .exclude(state=MessageState.QUEUED)
        .exclude(kind=WebhookKind.LINK)
        .update(
            state=MessageState.QUEUED, due_at=now, give_up_at=now + rules.GIVE_UP_AFTER, finished_at=None, answer=""
        )
    )
    if not again:
        return False
    accounts.audit(
        action="webhook.resent",
        target_type="booking.WebhookMessage",
        target_id=message.pk,
        organisation=message.target.organisation,
        actor=actor,
    )
    WebhookTarget.objects.filter(pk=message.target_id).update(resting_until=None)
    webhook_queued.tell(target_id=message.target_id)
    return True


def check_webhook_url(url: str) -> None:
    """Raise :class:`WebhookTargetRefused` for an address that the hub will not call."""
    try:
        outgoing.check_target(url, allow_private=settings.VDX_WEBHOOK_PRIVATE_TARGETS)
    except outgoing.TargetRefused as refused:
        raise WebhookTargetRefused(WebhookTargetRefused.reasons.get(refused.reason), field="url") from None


def due_webhooks(*, now: datetime) -> list[int]:
    """Ids of the targets that something waits for, and that nobody is calling."""
    waiting = WebhookMessage.objects.filter(target=OuterRef("pk"), state=MessageState.QUEUED, due_at__lte=now)
    return list(_free(now).filter(Exists(waiting)).order_by("pk").values_list("pk", flat=True))


def post_webhooks(*, target_id: int, now: datetime) -> bool:
    """Post what waits for a target, until nothing is due or this turn is over. True: there is more to do at once.

    One at a time for each target, claimed by a conditional UPDATE that lapses when the process dies. Nothing is locked
    while the other side takes its time. A message posted just before a process died is posted again, with the same id.
    """
    claim = now + rules.CLAIM
    if not _free(now).filter(pk=target_id).update(busy_until=claim):
        return False
    until = now + rules.TURN
    try:
        while _post_next(target_id, now):
            now = clock.now()
            if now >= until:
                return True
    finally:
        # Not what another has claimed since, where this turn took too long.
        WebhookTarget.objects.filter(pk=target_id, busy_until=claim).update(busy_until=None)
    return False


def forget_messages(*, now: datetime) -> int:
    """Delete messages of 30 days ago. Safe to run twice."""
    gone, _ = WebhookMessage.objects.filter(created_at__lt=now - rules.KEPT).delete()
    return gone


def _free(now: datetime) -> QuerySet[WebhookTarget]:
    return WebhookTarget.objects.filter(
        Q(busy_until__isnull=True) | Q(busy_until__lte=now),
        Q(resting_until__isnull=True) | Q(resting_until__lte=now),
        closed_at__isnull=True,
    )


def _queued(target_id: int) -> QuerySet[WebhookMessage]:
    return WebhookMessage.objects.filter(target_id=target_id, state=MessageState.QUEUED)


def _post_next(target_id: int, now: datetime) -> bool:
    """Post the first message that may go. False: there is none, or the target does not answer."""
    before = WebhookMessage.objects.filter(
        target_id=target_id, state=MessageState.QUEUED, meeting_uuid=OuterRef("meeting_uuid"), pk__lt=OuterRef("pk")
    )
    message = (
        _queued(target_id)
        .filter(due_at__lte=now)
        .exclude(Exists(before))
        .select_related("target", "target__organisation")
        .order_by("due_at", "pk")
        .first()
    )
    if message is None or message.target.closed_at is not None:
        return False
    if message.give_up_at <= now:
        with transaction.atomic():
            _give_up(message, message.answer, now)
        return True
    try:
        status = _post(message)
    except outgoing.CallFailed as failed:
        _failed(message, failed.reason, down=True)
        return False
    except seal.Unreadable:
        # The hub's secret was replaced: somebody has to give this target a new one.
        _failed(message, "secret", down=True)
        return False
    if rules.taken(status):
        _taken(message, status)
        return True
    down = rules.target_is_down(status)
    _failed(message, str(status), down=down)
    return not down


def _post(message: WebhookMessage) -> int:
    target = message.target
    body = json.dumps(message.body, ensure_ascii=False, separators=(",", ":")).encode()
    timestamp = int(clock.now().timestamp())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "VDX",
        "X-VDX-Id": str(message.key),
        "X-VDX-Event": message.kind,
        "X-VDX-Timestamp": str(timestamp),
        "X-VDX-Signature": rules.signature(seal.unseal(SEALED_FOR, target.secret), timestamp, body),
    }
    # The probe's deliveries go to the hub itself, wherever that is; nobody else can choose what is sent there.
    inside = settings.VDX_WEBHOOK_PRIVATE_TARGETS or _is_probe(target)
    return outgoing.post(target.url, body, headers, allow_private=inside)


@transaction.atomic
def _taken(message: WebhookMessage, status: int) -> None:
    now = clock.now()
    body = link_taken(message, now)
    _queued(message.target_id).filter(pk=message.pk).update(
        state=MessageState.DELIVERED, answer=str(status), tries=F("tries") + 1, finished_at=now, body=body
    )
    WebhookTarget.objects.filter(pk=message.target_id).update(failures=0, resting_until=None)


@transaction.atomic
def _failed(message: WebhookMessage, reason: str, *, down: bool) -> None:
    now = clock.now()
    tries = message.tries + 1
    _queued(message.target_id).filter(pk=message.pk).update(
        answer=reason, tries=tries, due_at=now + rules.retry_delay(tries)
    )
    # The probe's is the hub itself: a rest after it was down would be measured as more of it.
    if down and not _is_probe(message.target):
        failures = message.target.failures + 1
        WebhookTarget.objects.filter(pk=message.target_id).update(
            failures=failures, resting_until=now + rules.rest(failures)
        )
    log.warning("webhook %d: message %d was not taken: %s", message.target_id, message.pk, reason)


def _give_up(message: WebhookMessage, reason: str, now: datetime) -> None:
    body = link_given_up(message, now)
    given_up = _queued(message.target_id).filter(pk=message.pk)
    if given_up.update(state=MessageState.FAILED, answer=reason, finished_at=now, body=body):
        log.error("webhook %d: message %d was given up", message.target_id, message.pk)


def _is_probe(target: WebhookTarget) -> bool:
    return target.organisation.code == probe.ORGANISATION and target.url == probe.inbox()


def _write_down(action: str, target: WebhookTarget, actor: User | None) -> None:
    accounts.audit(
        action=action,
        target_type="booking.WebhookTarget",
        target_id=target.pk,
        organisation=target.organisation,
        actor=actor,
    )
