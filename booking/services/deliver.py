"""Sending the patient's link: asked for by a person, done in the background (docs/decisions/0013).

queued -> sent, delivered or failed. The address is sealed while it waits, and erased with the last step. The record
system's way has no background work of its own here: its message waits with the other webhooks.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from smtplib import SMTPException, SMTPRecipientsRefused
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import UUID, uuid5

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet

from booking.enums import DeliveryCause, DeliveryKind, DeliveryState, DeliveryWay, Outcome, WebhookKind
from booking.errors import AddressUnusable, CprRefused, MeetingOver, TooManyDeliveries, WayNotOffered
from booking.models import Delivery, Meeting, WebhookMessage, WebhookTarget
from booking.rules import delivery as rules
from booking.rules import recipient
from booking.rules.message import message
from booking.services import outbox
from booking.services.change import locked
from booking.signals import delivery_failed, delivery_requested
from rooms.enums import RoomState
from vdx.accounts import services as accounts
from vdx.accounts.enums import Language
from vdx.lib import clock, ids, mail, seal, sms

if TYPE_CHECKING:
    from vdx.accounts.models import Organisation, User

log = logging.getLogger(__name__)

_PURPOSE = "delivery"


@dataclass(frozen=True)
class Sending:
    """How a link shall travel. ``address`` as it was typed; ``key`` is the form's, so that the same form sends once.

    ``language``: that of the words around the link, the reminder's too.
    """

    way: DeliveryWay
    address: str = field(repr=False)
    remind: bool
    key: UUID
    language: Language = Language.DANISH


class _NotSent(Exception):
    """A try failed: for good with a cause, or for now without."""

    def __init__(self, reason: str, cause: DeliveryCause | None = None) -> None:
        super().__init__(reason)
        self.cause = cause


def ways(organisation_ids: set[int]) -> list[DeliveryWay]:
    """In which ways the hub can send links for these practices."""
    offered = [DeliveryWay.SMS] if sms.provider() is not None else []
    offered.append(DeliveryWay.EMAIL)
    if WebhookTarget.objects.filter(organisation__in=organisation_ids, closed_at__isnull=True).exists():
        offered.append(DeliveryWay.WEBHOOK)
    return offered


def cleaned_address(way: DeliveryWay, typed: str) -> str:
    """The address as it is sent to. Raises :class:`AddressUnusable` with a sentence for each way, and CprRefused."""
    try:
        if way is DeliveryWay.SMS:
            return recipient.phone(typed)
        return recipient.email(typed) if way is DeliveryWay.EMAIL else ""
    except recipient.CprTyped:
        raise CprRefused(field="address") from None
    except recipient.NotAnAddress:
        raise AddressUnusable(AddressUnusable.sentences[str(way)], field="address") from None


@transaction.atomic
def send_link(*, meeting_id: int, sending: Sending, actor: User, now: datetime) -> Delivery:
    """Let the hub send a meeting's link, and a reminder if wished. The same form sent twice sends once.

    Raises :class:`MeetingOver`, :class:`WayNotOffered`, :class:`AddressUnusable`, CprRefused and
    :class:`TooManyDeliveries`.
    """
    meeting = locked(meeting_id)
    if _is_over(meeting, now):
        raise MeetingOver
    key = uuid5(meeting.uuid, str(sending.key))
    sent = Delivery.objects.filter(key=key).first()
    if sent is not None:
        return sent
    if sending.way not in ways({meeting.organisation_id}):
        raise WayNotOffered(field="way")
    address = cleaned_address(sending.way, sending.address)
    _refuse_too_many(meeting, now)
    delivery = _queue(meeting, sending, DeliveryKind.LINK, address, key=key, due=now, now=now)
    reminded = sending.remind and sending.way is not DeliveryWay.WEBHOOK
    # Another address takes the first one's place for the reminder too.
    _queued(meeting).filter(kind=DeliveryKind.REMINDER).delete()
    if reminded and rules.reminder_is_worth_it(start=meeting.start_time, now=now):
        due = rules.reminder_due(meeting.start_time)
        _queue(meeting, sending, DeliveryKind.REMINDER, address, key=uuid5(key, "reminder"), due=due, now=now)
    accounts.audit(
        action="link.requested",
        target_type="booking.Meeting",
        target_id=str(meeting.pk),
        organisation=meeting.organisation,
        actor=actor,
        detail={"way": str(sending.way), "reminder": reminded},
    )
    return delivery


def due_ways(*, now: datetime) -> list[str]:
    """The ways in which something is due."""
    due = Delivery.objects.filter(state=DeliveryState.QUEUED, due_at__lte=now)
    return sorted(due.order_by().values_list("way", flat=True).distinct())


def send_next(*, way: str, now: datetime) -> bool:
    """Send the first that is due in a way, and say whether to go on with the next.

    The claim also says when to try again, so that a process that dies loses nothing; what it had handed over by then
    is handed over again with the same key.
    """
    delivery = (
        Delivery.objects.filter(state=DeliveryState.QUEUED, way=way, due_at__lte=now)
        .select_related("meeting__room", "meeting__organisation")
        .order_by("due_at", "pk")
        .first()
    )
    if delivery is None:
        return False
    meeting = delivery.meeting
    if _is_over(meeting, now):
        _finish(delivery, DeliveryState.FAILED, DeliveryCause.OVER, now)
        return True
    first_due = delivery.created_at
    if delivery.kind == DeliveryKind.REMINDER:
        first_due = rules.reminder_due(meeting.start_time)
        if first_due > now:
            # Moved since it was planned.
            _queued(meeting).filter(pk=delivery.pk).update(due_at=first_due)
            return True
    end = rules.give_up_at(first_due=first_due, meeting_end=meeting.end_time)
    if now >= end:
        _finish(delivery, DeliveryState.FAILED, DeliveryCause.UNREACHABLE, now)
        return True
    claimed = _queued(meeting).filter(pk=delivery.pk, due_at=delivery.due_at)
    if not claimed.update(due_at=now + rules.CLAIM, tries=F("tries") + 1):
        return True
    try:
        _hand_over(delivery)
    except _NotSent as failed:
        # The gateway's own words may hold the address: only ours are logged.
        log.warning("delivery %d: try %d failed: %s", delivery.pk, delivery.tries + 1, failed)
        again = now + rules.retry_delay(delivery.tries + 1)
        cause = failed.cause or (DeliveryCause.UNREACHABLE if again >= end else None)
        if cause is not None:
            _finish(delivery, DeliveryState.FAILED, cause, clock.now())
        else:
            _queued(meeting).filter(pk=delivery.pk).update(due_at=again)
        # Whoever does not answer is not asked for all the others at once.
        return failed.cause is not None
    _finish(delivery, DeliveryState.SENT, None, clock.now())
    return True


def link_taken(told: WebhookMessage, now: datetime) -> Mapping[str, Any]:
    """A record system has taken this message: if it was a link, that is delivered. What stays of the message."""
    return _link_told(told, DeliveryState.DELIVERED, None, now)


def link_given_up(told: WebhookMessage, now: datetime) -> Mapping[str, Any]:
    """This message was given up: if it was a link, the practice must know. What stays of the message."""
    return _link_told(told, DeliveryState.FAILED, DeliveryCause.UNREACHABLE, now)


def _link_told(
    told: WebhookMessage, state: DeliveryState, cause: DeliveryCause | None, now: datetime
) -> Mapping[str, Any]:
    if told.kind != WebhookKind.LINK:
        return dict(told.body)
    delivery = Delivery.objects.select_related("meeting__room").filter(key=told.key).first()
    if delivery is not None:
        _finish(delivery, state, cause, now)
    # The link opens the waiting room: it is kept no longer than it is needed.
    return {**told.body, "data": {}}


def _queue(
    meeting: Meeting, sending: Sending, kind: DeliveryKind, address: str, *, key: UUID, due: datetime, now: datetime
) -> Delivery:
    by_webhook = sending.way is DeliveryWay.WEBHOOK
    delivery = Delivery.objects.create(
        meeting=meeting,
        way=sending.way,
        kind=kind,
        language=sending.language,
        key=key,
        address="" if by_webhook else seal.seal(_PURPOSE, address),
        created_at=now,
        due_at=None if by_webhook else due,
    )
    if by_webhook:
        outbox.note_link(meeting, key=key, text=_text(delivery))
    elif due <= now:
        delivery_requested.tell(delivery_id=delivery.pk, way=str(sending.way))
    return delivery


def _hand_over(delivery: Delivery) -> None:
    meeting = delivery.meeting
    try:
        address = seal.unseal(_PURPOSE, delivery.address)
    except seal.Unreadable:
        raise _NotSent("the hub's secret was replaced", DeliveryCause.UNREADABLE) from None
    text = _text(delivery)
    if delivery.way == DeliveryWay.SMS:
        _by_sms(delivery, meeting.organisation, address, text)
    else:
        _by_mail(delivery, address, text)


def _by_sms(delivery: Delivery, organisation: Organisation, address: str, text: str) -> None:
    provider = sms.provider()
    if provider is None:
        raise _NotSent("there is no gateway any more", DeliveryCause.OFF)
    sender = organisation.sms_sender_name or settings.VDX_SMS_FROM
    try:
        provider.send(to=address, text=text, sender=sender, key=str(delivery.key))
    except sms.SmsFailed as failed:
        raise _NotSent(failed.reason, DeliveryCause.REFUSED if failed.permanent else None) from None


def _by_mail(delivery: Delivery, address: str, text: str) -> None:
    meeting = delivery.meeting
    # One id for every try: a mail server that has had it may drop the second.
    host = urlsplit(settings.VDX_PUBLIC_URL).hostname
    try:
        mail.send(
            "consultation",
            to=address,
            language=delivery.language,
            context={
                "text": text,
                "code": ids.spoken_short_id(meeting.short_id),
                "front": settings.VDX_PUBLIC_URL,
                "phone": meeting.organisation.phone,
                "reminder": delivery.kind == DeliveryKind.REMINDER,
            },
            headers={"Message-ID": f"<{delivery.key}@{host}>", "Auto-Submitted": "auto-generated"},
        )
    except SMTPRecipientsRefused as refused:
        codes = [code for code, _ in refused.recipients.values()]
        gone = all(500 <= code < 600 for code in codes)
        raise _NotSent(f"recipient refused {codes}", DeliveryCause.REFUSED if gone else None) from None
    except (OSError, SMTPException) as error:
        raise _NotSent(type(error).__name__) from None


def _text(delivery: Delivery) -> str:
    meeting = delivery.meeting
    return message(
        practice=meeting.organisation.name,
        start=meeting.start_time,
        link=outbox.link_of(meeting),
        language=delivery.language,
        reminder=delivery.kind == DeliveryKind.REMINDER,
    )


@transaction.atomic
def _finish(delivery: Delivery, state: DeliveryState, cause: DeliveryCause | None, now: datetime) -> None:
    """The last step: nobody else has taken it meanwhile, the address goes, and a failure is told."""
    done = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.QUEUED).update(
        state=state, cause=cause or "", address="", due_at=None, finished_at=now
    )
    if done and cause is not None and cause is not DeliveryCause.OVER:
        tell_given_up(delivery, cause)


def tell_given_up(delivery: Delivery, cause: DeliveryCause) -> None:
    """Tell record systems and whoever listens. Part of the caller's transaction."""
    words = {"way": str(delivery.way), "cause": str(cause)}
    outbox.note(delivery.meeting, WebhookKind.DELIVERY_FAILED, words)
    delivery_failed.tell(delivery_id=delivery.pk, meeting_uuid=delivery.meeting.uuid, **words)


def _queued(meeting: Meeting) -> QuerySet[Delivery]:
    return Delivery.objects.filter(meeting=meeting, state=DeliveryState.QUEUED)


def _is_over(meeting: Meeting, now: datetime) -> bool:
    closed = meeting.room.state == RoomState.CLOSED
    return closed or meeting.outcome == Outcome.CANCELLED or meeting.end_time <= now


def _refuse_too_many(meeting: Meeting, now: datetime) -> None:
    links = Delivery.objects.filter(kind=DeliveryKind.LINK)
    if links.filter(meeting=meeting).count() >= rules.MOST_A_MEETING:
        raise TooManyDeliveries
    # Locked: two who send at once count one after the other.
    type(meeting.organisation).objects.select_for_update(no_key=True).get(pk=meeting.organisation_id)
    of_late = links.filter(meeting__organisation=meeting.organisation, created_at__gt=now - rules.HOUR)
    if of_late.count() >= rules.MOST_AN_HOUR:
        raise TooManyDeliveries(TooManyDeliveries.by_hour)
