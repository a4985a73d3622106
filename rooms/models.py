"""Tables of the meeting place. docs/data.md says why each is kept, and for how long.

No table here holds anything that a patient typed: the name shown in a call lives in memory only.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from rooms.enums import (
    CloseReason,
    DeviceKind,
    ProvisionStatus,
    ReadySentence,
    RoomKind,
    RoomState,
    SeatRole,
    SeatState,
    TestVerdict,
)
from rooms.layout import RoomLayout
from rooms.models_fixed import FixedRoom
from rooms.models_lines import CallPlace
from vdx.lib import clock

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["CallPlace", "Handover", "ProvisionStep", "PushAddress", "Room", "Seat", "Visit"]

PIN_VALIDATORS = [MinValueValidator(1000), MaxValueValidator(999_999_999)]


class Room(RoomLayout):
    """The place where a call is held; in the VDX-API its "scheduling info".

    Every meeting gets a room of its own. A room may have no meeting (drawn up for the pool), and then has no short
    link and no window; when a meeting takes it, its ``uuid`` changes to the meeting's. A call at a fixed room's
    address has a room of its own too, and no meeting (docs/decisions/0019).

    Flow of ``state``: planned -> open (the first device came) -> closed, or planned -> closed.
    """

    uuid = models.UUIDField(_("møde-id"), unique=True, default=uuid.uuid4)
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="rooms")
    kind = models.CharField(_("slags"), max_length=10, choices=RoomKind, default=RoomKind.AD_HOC)
    # The standing address that this room is one call of.
    fixed_room = models.ForeignKey(FixedRoom, on_delete=models.PROTECT, null=True, blank=True, related_name="sessions")
    # Without one, a guest comes in as soon as a host is there.
    waiting_room = models.BooleanField(_("venterum"), default=True)
    state = models.CharField(_("tilstand"), max_length=10, choices=RoomState, default=RoomState.PLANNED)
    short_id = models.CharField(max_length=12, unique=True, null=True)
    # Name of the doctor as the waiting patient reads it: the hub's own user, never a patient.
    host_label = models.CharField(_("lægens navn"), max_length=100, blank=True, default="")
    host_phone = models.CharField(_("telefon for patienter"), max_length=20, blank=True, default="")

    starts_at = models.DateTimeField(_("starter"), null=True, blank=True)
    ends_at = models.DateTimeField(_("slutter"), null=True, blank=True)
    opens_at = models.DateTimeField(_("åbner"), null=True, blank=True)
    closes_at = models.DateTimeField(_("lukker"), null=True, blank=True)
    opened_at = models.DateTimeField(_("første enhed kom"), null=True, blank=True)
    closed_at = models.DateTimeField(_("lukket"), null=True, blank=True)
    close_reason = models.CharField(_("lukket fordi"), max_length=10, choices=CloseReason, blank=True, default="")

    # How late the doctor runs, as those who wait are told, and when that was said.
    delay_minutes = models.PositiveSmallIntegerField(_("forsinket i minutter"), null=True, blank=True)
    delayed_at = models.DateTimeField(null=True, blank=True)

    # Nobody new may knock: a host has locked the room.
    is_locked = models.BooleanField(_("låst"), default=False)
    host_pin = models.IntegerField(null=True, blank=True, validators=PIN_VALIDATORS)
    guest_pin = models.IntegerField(null=True, blank=True, validators=PIN_VALIDATORS)

    uri_with_domain = models.CharField(max_length=100, blank=True, default="")
    uri_without_domain = models.CharField(max_length=100, null=True, blank=True)
    uri_domain = models.CharField(max_length=100, null=True, blank=True)
    provision_status = models.CharField(
        max_length=30, choices=ProvisionStatus, default=ProvisionStatus.AWAITS_PROVISION
    )
    provision_status_description = models.CharField(max_length=200, null=True, blank=True)
    provision_timestamp = models.DateTimeField(null=True, blank=True)
    provision_vmr_id = models.CharField(max_length=50, null=True, blank=True)
    # Whose work it is to make the room ready: somebody's outside, or (usually) the hub's own.
    outside_provisioner = models.BooleanField(default=False)
    # Drawn up ahead of any meeting; `pool_overflow` says that another organisation's pool gave it.
    is_pool = models.BooleanField(default=False)
    pool_overflow = models.BooleanField(default=False)
    reservation_id = models.UUIDField(unique=True, null=True, blank=True)
    reserved_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey("accounts.MeetingUser", on_delete=models.PROTECT, null=True, related_name="+")
    updated_by = models.ForeignKey("accounts.MeetingUser", on_delete=models.PROTECT, null=True, related_name="+")
    created_time = models.DateTimeField(_("oprettet"), default=clock.now)
    updated_time = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("rum")
        verbose_name_plural = pgettext_lazy("plural", "rum")
        constraints = [
            models.UniqueConstraint(name="room_uri_unique", fields=["uri_without_domain", "uri_domain"]),
            models.CheckConstraint(
                name="room_closed_has_time",
                condition=Q(state=RoomState.CLOSED, closed_at__isnull=False)
                | (~Q(state=RoomState.CLOSED) & Q(closed_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="room_fixed_has_address",
                condition=Q(kind=RoomKind.FIXED, fixed_room__isnull=False)
                | (~Q(kind=RoomKind.FIXED) & Q(fixed_room__isnull=True)),
            ),
            # Two who open a fixed room at once meet in the same call.
            models.UniqueConstraint(
                name="room_one_live_per_address",
                fields=["fixed_room"],
                condition=Q(fixed_room__isnull=False) & ~Q(state=RoomState.CLOSED),
            ),
        ]
        indexes = [
            # The sweep that closes what has expired.
            models.Index(name="room_due_to_close", fields=["closes_at"], condition=~Q(state=RoomState.CLOSED)),
            # Finding a meeting by its room's address, whatever its capitals.
            models.Index(Upper("uri_with_domain"), name="room_by_address"),
            # Drawing a room from the pool, and counting what lies in it.
            models.Index(
                name="room_in_pool",
                fields=["organisation", "created_time"],
                condition=Q(is_pool=True, starts_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    @property
    def is_fixed(self) -> bool:
        """A call at a fixed room's address."""
        return self.kind == RoomKind.FIXED

    @property
    def phone(self) -> str:
        """What a patient rings when the call does not work: the host's own number, or the practice's; may be empty."""
        return self.host_phone or self.organisation.phone


class ProvisionStep(models.Model):
    """What an outside provisioner has said of a room: one row each time."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="provision_steps")
    status = models.CharField(max_length=30, choices=ProvisionStatus)
    description = models.CharField(max_length=200, null=True, blank=True)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.room_id}: {self.status}"


class Seat(models.Model):
    """One participant's place in a room, bound to the first browser by a cookie.

    A seat that was let in is a *device*: reconnection, reload, takeover and change of browser keep it. Flow of
    ``state``: waiting -> admitted -> left; waiting -> refused or left; who left or was refused may knock again.
    A host's seat is admitted from the start.
    """

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="seats")
    # Known to the other participants' browsers; opens nothing.
    key = models.CharField(max_length=12, unique=True)
    token_digest = models.CharField(max_length=64, unique=True)
    role = models.CharField(_("rolle"), max_length=10, choices=SeatRole)
    state = models.CharField(_("tilstand"), max_length=10, choices=SeatState, default=SeatState.WAITING)
    device_kind = models.CharField(_("enhed"), max_length=12, choices=DeviceKind, default=DeviceKind.BROWSER)
    # The login behind a host's seat; empty for guests and for a host who typed the pin.
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    # Whoever knocked was logged in to the hub: somebody at work, and no patient.
    by_login = models.BooleanField(default=False)
    # Given up for another seat of the same person, and fingerprint of the device from which the seat was moved here:
    # one person is one, however many devices it took.
    moved_on = models.BooleanField(default=False)
    earlier_digest = models.CharField(max_length=64, blank=True, default="")
    # What came of the device test that this browser made for the meeting; empty where it made none.
    test_verdict = models.CharField(_("udstyrstest"), max_length=10, choices=TestVerdict, blank=True, default="")
    created_at = models.DateTimeField(default=clock.now)
    knocked_at = models.DateTimeField(null=True)
    admitted_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    # What a host has last done for somebody who waits: rung, and said one of the ready sentences.
    rung_at = models.DateTimeField(null=True)
    told = models.CharField(max_length=10, choices=ReadySentence, blank=True, default="")
    told_at = models.DateTimeField(null=True)
    # When its guest asked to go on by telephone.
    telephone_asked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("plads")
        verbose_name_plural = _("pladser")
        constraints = [
            models.CheckConstraint(
                name="seat_admitted_has_time", condition=~Q(state=SeatState.ADMITTED) | Q(admitted_at__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.pk}"

    @property
    def is_device(self) -> bool:
        """Whether it was ever let in."""
        return self.admitted_at is not None


class PushAddress(models.Model):
    """Where a waiting patient's browser may be rung: "Ring mig op". Gone when the seat waits no longer."""

    seat = models.OneToOneField(Seat, on_delete=models.CASCADE, related_name="push_address")
    # Endpoint, keys and language, readable with the hub's secret only (vdx.lib.seal).
    sealed = models.TextField()
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("ring op-adresse")
        verbose_name_plural = _("ring op-adresser")

    def __str__(self) -> str:
        return f"{self.pk}"


class Handover(models.Model):
    """A code by which a seat goes on at another device: services/handover.py. One a seat, the newest.

    Fingerprints alone. ``token_digest`` is the seat's own at the time: with another one the code is dead.
    ``claim_digest`` is the other device's, empty until it has asked. ``next_digest`` opens the seat beside the seat's
    own from the yes until that device has connected, and is the seat's own from then on.
    """

    seat = models.OneToOneField(Seat, on_delete=models.CASCADE, related_name="handover")
    digits_digest = models.CharField(max_length=64)
    secret_digest = models.CharField(max_length=64)
    token_digest = models.CharField(max_length=64)
    claim_digest = models.CharField(max_length=64, blank=True, default="")
    next_digest = models.CharField(max_length=64, blank=True, default="")
    is_accepted = models.BooleanField(default=False)
    tries = models.PositiveSmallIntegerField(default=0)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.pk}"


class Visit(models.Model):
    """One connection of a seat: from the socket's opening to its end.

    ``seen_at`` is the heartbeat; a visit whose process was killed ends where it was last seen. ``resumed`` says that
    the browser's call had gone on while the socket was away, so that the gap before this visit was no absence.
    ``instance`` is drawn by the page at each load: the same one comes back after a broken connection.
    """

    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="visits")
    instance = models.CharField(max_length=32)
    started_at = models.DateTimeField(default=clock.now)
    seen_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)
    # From when the seat took part in this visit; empty while it only waits.
    admitted_at = models.DateTimeField(null=True)
    resumed = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("besøg")
        verbose_name_plural = _("besøg")
        constraints = [
            # The newest connection is the seat's: an older one is ended first.
            models.UniqueConstraint(
                name="visit_one_open_per_seat", fields=["seat"], condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(
                name="visit_in_order", condition=Q(ended_at__isnull=True) | Q(ended_at__gte=models.F("started_at"))
            ),
        ]
        indexes = [
            # The sweep that ends visits whose process has died.
            models.Index(name="visit_open_by_seen", fields=["seen_at"], condition=Q(ended_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    def last_known(self) -> datetime:
        """When the seat was certainly still connected."""
        return self.ended_at or self.seen_at
