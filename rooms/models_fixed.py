"""Standing addresses, and groups of the colleagues who may use them."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from vdx.lib import clock

_PIN_VALIDATORS = [MinValueValidator(1000), MaxValueValidator(999_999_999)]


class RoomGroup(models.Model):
    """Colleagues who may use the same fixed rooms, gathered under a name by whoever administrates them."""

    organisation = models.ForeignKey(
        "accounts.Organisation",
        on_delete=models.PROTECT,
        related_name="room_groups",
        verbose_name=_("organisation"),
    )
    name = models.CharField(_("navn"), max_length=60)
    users = models.ManyToManyField("accounts.User", related_name="room_groups", blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("gruppe")
        verbose_name_plural = _("grupper")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint("organisation", Lower("name"), name="room_group_unique"),
            models.CheckConstraint(name="room_group_has_name", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name


class FixedRoom(models.Model):
    """A standing address where colleagues meet. Each call in it is held in a ``Room`` of its own.

    Turned off rather than deleted: its address, and those that it had before, are never given to another room.
    """

    organisation = models.ForeignKey(
        "accounts.Organisation",
        on_delete=models.PROTECT,
        related_name="fixed_rooms",
        verbose_name=_("organisation"),
    )
    name = models.CharField(_("navn"), max_length=60)
    # What stands behind /f/: small letters, digits and dashes.
    address = models.CharField(
        _("adresse"), max_length=40, unique=True, validators=[RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    )
    description = models.CharField(_("beskrivelse"), max_length=300, blank=True, default="")
    # With it anybody at the address is host; without, only those who are named here.
    host_pin = models.IntegerField(null=True, blank=True, validators=_PIN_VALIDATORS)
    guest_pin = models.IntegerField(validators=_PIN_VALIDATORS)
    guest_pin_at = models.DateTimeField(default=clock.now)
    waiting_room = models.BooleanField(_("venterum"), default=True)
    is_active = models.BooleanField(_("i brug"), default=True)
    users = models.ManyToManyField("accounts.User", related_name="fixed_rooms", blank=True)
    groups = models.ManyToManyField(RoomGroup, related_name="fixed_rooms", blank=True)
    created_at = models.DateTimeField(_("oprettet"), default=clock.now)

    class Meta:
        verbose_name = _("fast møderum")
        verbose_name_plural = _("faste møderum")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="fixed_room_address_in_shape", condition=Q(address=Lower(F("address"))) & ~Q(address="")
            ),
            models.CheckConstraint(name="fixed_room_has_name", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name


class FormerAddress(models.Model):
    """An address that a fixed room had before. It leads to the room, as invitations that were sent still name it."""

    fixed_room = models.ForeignKey(
        FixedRoom, on_delete=models.CASCADE, related_name="former_addresses", verbose_name=_("fast møderum")
    )
    address = models.CharField(_("adresse"), max_length=40, unique=True)

    class Meta:
        verbose_name = _("tidligere adresse")
        verbose_name_plural = _("tidligere adresser")

    def __str__(self) -> str:
        return self.address
