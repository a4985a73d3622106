"""Tables of booking, with the names, limits and nullability of the VDX-API. docs/data.md says why and for how long."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from booking.enums import (
    Cause,
    Confidence,
    DeliveryCause,
    DeliveryKind,
    DeliveryState,
    DeliveryWay,
    GuestMicrophone,
    MessageState,
    Outcome,
    OutcomeBy,
    WebhookKind,
)
from rooms.layout import RoomLayout
from vdx.accounts.enums import Language
from vdx.lib import clock


class SchedulingTemplate(RoomLayout):
    """What a new room is made from. Without an organisation it is shared: the nation's.

    Deleted softly: rooms made from it keep what they copied.
    """

    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="scheduling_templates"
    )
    conferencing_sys_id = models.BigIntegerField(default=0)
    uri_prefix = models.CharField(max_length=100, blank=True, default="")
    uri_domain = models.CharField(max_length=100, blank=True, default="")
    uri_number_range_low = models.BigIntegerField(default=1000)
    uri_number_range_high = models.BigIntegerField(default=1_000_000_000)
    host_pin_required = models.BooleanField(_("værtspin"), default=False)
    host_pin_range_low = models.BigIntegerField(null=True, blank=True)
    host_pin_range_high = models.BigIntegerField(null=True, blank=True)
    guest_pin_required = models.BooleanField(_("gæstepin"), default=False)
    guest_pin_range_low = models.BigIntegerField(null=True, blank=True)
    guest_pin_range_high = models.BigIntegerField(null=True, blank=True)
    is_default_template = models.BooleanField(_("standard"), default=False)
    is_pool_template = models.BooleanField(_("til pulje"), default=False)
    created_by = models.ForeignKey(
        "accounts.MeetingUser", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    updated_by = models.ForeignKey(
        "accounts.MeetingUser", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_time = models.DateTimeField(default=clock.now)
    updated_time = models.DateTimeField(null=True, blank=True)
    deleted_time = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("skabelon")
        verbose_name_plural = _("skabeloner")
        ordering = ["organisation", "id"]
        constraints = [
            models.UniqueConstraint(
                name="template_one_default",
                fields=["organisation"],
                condition=Q(is_default_template=True, deleted_time__isnull=True),
            ),
            models.UniqueConstraint(
                name="template_one_shared_default",
                fields=["is_default_template"],
                condition=Q(is_default_template=True, deleted_time__isnull=True, organisation__isnull=True),
            ),
            models.UniqueConstraint(
                name="template_one_pool",
                fields=["organisation"],
                condition=Q(is_pool_template=True, deleted_time__isnull=True),
            ),
            models.UniqueConstraint(
                name="template_one_shared_pool",
                fields=["is_pool_template"],
                condition=Q(is_pool_template=True, deleted_time__isnull=True, organisation__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        owner = self.organisation or _("National")
        return f"{owner} {self.pk}"


class Meeting(models.Model):
    """A booked conversation. Its place is the room, which carries the short link.

    ``outcome`` is empty until the meeting is over. Past times and an end before the start are possible: record
    systems send them. The texts are erased 30 days after the end.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="meetings")
    room = models.OneToOneField("rooms.Room", on_delete=models.PROTECT, related_name="meeting")
    subject = models.CharField(_("emne"), max_length=100, blank=True)
    description = models.CharField(_("beskrivelse"), max_length=500, null=True, blank=True)
    project_code = models.CharField(_("projektkode"), max_length=100, null=True, blank=True)
    start_time = models.DateTimeField(_("start"))
    end_time = models.DateTimeField(_("slut"))
    created_by = models.ForeignKey("accounts.MeetingUser", on_delete=models.PROTECT, related_name="created_meetings")
    updated_by = models.ForeignKey(
        "accounts.MeetingUser", on_delete=models.PROTECT, null=True, blank=True, related_name="updated_meetings"
    )
    organized_by = models.ForeignKey(
        "accounts.MeetingUser", on_delete=models.PROTECT, related_name="organized_meetings"
    )
    created_time = models.DateTimeField(_("oprettet"), default=clock.now)
    updated_time = models.DateTimeField(_("ændret"), null=True, blank=True)
    external_id = models.CharField(max_length=200, null=True, blank=True)
    guest_microphone = models.CharField(
        max_length=10, choices=GuestMicrophone, null=True, blank=True, default=GuestMicrophone.ON
    )
    guest_pin_required = models.BooleanField(default=False)
    # What the one who books says of the patient's language: links are sent in it unless somebody chooses another.
    language = models.CharField(_("sprog"), max_length=2, choices=Language, default=Language.DANISH)
    # Two devices of the practice's own trying the service out. No number counts it, and nobody is asked how it went.
    is_test = models.BooleanField(_("prøveopkald"), default=False)
    outcome = models.CharField(_("udfald"), max_length=20, choices=Outcome, blank=True, default="")
    # A person's word is never replaced by a rule's.
    outcome_by = models.CharField(_("udfald fra"), max_length=10, choices=OutcomeBy, blank=True, default="")
    # What it failed by, or went poorly by; `none` where nothing was wrong.
    cause = models.CharField(_("årsag"), max_length=20, choices=Cause, blank=True, default="")
    cause_confidence = models.CharField(_("hvor sikkert"), max_length=10, choices=Confidence, blank=True, default="")
    concluded_at = models.DateTimeField(_("afsluttet"), null=True, blank=True)
    texts_erased_at = models.DateTimeField(_("tekster slettet"), null=True, blank=True)
    # How often its time was changed or it was called off: what calendars compare (RFC 5545, 3.8.7.4).
    sequence = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("møde")
        verbose_name_plural = _("møder")
        constraints = [
            models.UniqueConstraint(name="meeting_external_id_unique", fields=["organisation", "external_id"]),
        ]
        indexes = [
            # The doctor's day, and the API's search by time.
            models.Index(name="meeting_by_organiser", fields=["organized_by", "start_time"]),
            models.Index(name="meeting_by_time", fields=["organisation", "start_time"]),
            # The sweep that erases old texts.
            models.Index(name="meeting_texts_due", fields=["end_time"], condition=Q(texts_erased_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"

    @property
    def short_id(self) -> str:
        """The 12 characters of the short link; they are kept with the room."""
        if self.room.short_id is None:
            raise ValueError("a meeting's room always has a short id")
        return self.room.short_id


class MeetingLabel(models.Model):
    """A word that a record system has put on a meeting. The same word may stand twice."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="labels")
    label = models.CharField(max_length=1024)

    def __str__(self) -> str:
        return f"{self.pk}"


class MeetingAdditionalInformation(models.Model):
    """A key and value that a record system has put on a meeting."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="additional_information")
    key = models.CharField(max_length=100)
    value = models.CharField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint(name="additional_information_key_unique", fields=["meeting", "key"])]

    def __str__(self) -> str:
        return f"{self.pk}"


class MeetingTombstone(models.Model):
    """What stays when a meeting is deleted through the API: enough to count it, nothing to find it by."""

    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    start_time = models.DateTimeField(_("start"))
    end_time = models.DateTimeField(_("slut"))
    created_time = models.DateTimeField(_("oprettet"))
    outcome = models.CharField(_("udfald"), max_length=20, choices=Outcome, default=Outcome.CANCELLED)

    class Meta:
        verbose_name = _("slettet møde")
        verbose_name_plural = _("slettede møder")

    def __str__(self) -> str:
        return f"{self.pk}"


class PoolHistory(models.Model):
    """How full a pool was at a moment: rooms wished for, and rooms free."""

    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.CASCADE, related_name="+")
    desired = models.PositiveIntegerField(_("ønsket"))
    available = models.PositiveIntegerField(_("ledige"))
    at = models.DateTimeField(_("tidspunkt"), default=clock.now, db_index=True)

    class Meta:
        verbose_name = _("puljens historie")
        verbose_name_plural = _("puljens historie")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.pk}"


class Delivery(models.Model):
    """A patient's link, or the reminder of it, that the hub sends itself.

    queued (``due_at`` says when to try) -> sent | delivered | failed with a cause. ``address`` is sealed, and erased
    when there is nothing more to send. ``key`` goes along with every try, so that a gateway can tell a second one.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="deliveries")
    kind = models.CharField(_("hvad"), max_length=10, choices=DeliveryKind, default=DeliveryKind.LINK)
    way = models.CharField(_("måde"), max_length=10, choices=DeliveryWay)
    state = models.CharField(_("tilstand"), max_length=10, choices=DeliveryState, default=DeliveryState.QUEUED)
    cause = models.CharField(_("årsag"), max_length=15, choices=DeliveryCause, blank=True, default="")
    language = models.CharField(_("sprog"), max_length=2, choices=Language, default=Language.DANISH)
    key = models.UUIDField(unique=True, default=uuid.uuid4)
    address = models.TextField(blank=True, default="")
    tries = models.PositiveSmallIntegerField(_("forsøg"), default=0)
    created_at = models.DateTimeField(_("bestilt"), default=clock.now)
    due_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(_("færdig"), null=True, blank=True)

    class Meta:
        verbose_name = _("forsendelse")
        verbose_name_plural = _("forsendelser")
        indexes = [
            # The sweep that sends what is due.
            models.Index(name="delivery_due", fields=["due_at"], condition=Q(state=DeliveryState.QUEUED)),
            # How many a practice has sent within the hour.
            models.Index(name="delivery_by_time", fields=["created_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.get_way_display()} {self.pk}"


class CalendarFeed(models.Model):
    """A doctor's own calendar, behind an address that only the doctor knows. Only its secret's fingerprint is kept."""

    user = models.OneToOneField("accounts.User", on_delete=models.CASCADE, related_name="+")
    secret_digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.pk}"


class WebhookTarget(models.Model):
    """Where an organisation wants to be told what happens with its meetings. The secret is sealed, and shown once.

    One call at a time: ``busy_until`` is the claim of whoever calls. ``resting_until`` grows with ``failures`` in a
    row.
    """

    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="webhooks", verbose_name=_("organisation")
    )
    url = models.CharField(_("adresse"), max_length=500)
    secret = models.TextField(editable=False)
    created_at = models.DateTimeField(_("oprettet"), default=clock.now, editable=False)
    closed_at = models.DateTimeField(_("lukket"), null=True, blank=True, editable=False)
    failures = models.PositiveIntegerField(_("fejl i træk"), default=0, editable=False)
    resting_until = models.DateTimeField(_("holder pause til"), null=True, blank=True, editable=False)
    busy_until = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")

    def __str__(self) -> str:
        return f"{self.organisation} {self.pk}"


class WebhookMessage(models.Model):
    """Something that happened, for one target: written together with what happened, and posted later.

    queued -> delivered, or failed after 24 hours. Of one meeting the earlier goes first. ``body`` holds no pin and no
    name.
    """

    target = models.ForeignKey(
        WebhookTarget, on_delete=models.CASCADE, related_name="messages", verbose_name=_("webhook")
    )
    key = models.UUIDField(unique=True, default=uuid.uuid4)
    meeting_uuid = models.UUIDField(_("møde"))
    kind = models.CharField(_("hændelse"), max_length=20, choices=WebhookKind)
    body = models.JSONField(_("indhold"))
    state = models.CharField(_("tilstand"), max_length=10, choices=MessageState, default=MessageState.QUEUED)
    answer = models.CharField(_("svar"), max_length=20, blank=True, default="")
    tries = models.PositiveIntegerField(_("forsøg"), default=0)
    created_at = models.DateTimeField(_("sket"), default=clock.now)
    due_at = models.DateTimeField(_("næste forsøg"), default=clock.now)
    give_up_at = models.DateTimeField()
    finished_at = models.DateTimeField(_("færdig"), null=True, blank=True)

    class Meta:
        verbose_name = _("besked til journalsystem")
        verbose_name_plural = _("beskeder til journalsystemer")
        indexes = [
            # What waits for a target, and whether an earlier one of the meeting does.
            models.Index(
                name="webhook_queue", fields=["target", "meeting_uuid", "id"], condition=Q(state=MessageState.QUEUED)
            ),
            models.Index(name="webhook_by_time", fields=["created_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
