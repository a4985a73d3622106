"""The columns that a room copies from the template it is made from.

The one module besides enums that booking's tables share with rooms: an abstract model, without a table of its own.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from rooms.enums import DirectMedia, Quality, View, VmrType


class RoomLayout(models.Model):
    """What a room and the template it was made from have in common: the VDX-API's layout and portal members."""

    vmr_available_before = models.IntegerField(_("åbner minutter før"), default=0)
    # Not a member of the VDX-API: how long after the end the room stays open.
    open_after_minutes = models.PositiveIntegerField(_("åbent minutter efter"), default=15)
    max_participants = models.IntegerField(_("højst antal enheder"), default=0, help_text=_("0: hubbens egen grænse."))
    end_meeting_on_end_time = models.BooleanField(_("slutter ved sluttiden"), default=False)
    ivr_theme = models.CharField(max_length=100, null=True, blank=True)
    custom_portal_guest = models.CharField(max_length=200, null=True, blank=True)
    custom_portal_host = models.CharField(max_length=200, null=True, blank=True)
    return_url = models.CharField(max_length=200, null=True, blank=True)
    vmr_type = models.CharField(max_length=20, choices=VmrType, default=VmrType.CONFERENCE)
    host_view = models.CharField(max_length=40, choices=View, default=View.ONE_MAIN_SEVEN_PIPS)
    guest_view = models.CharField(max_length=40, choices=View, default=View.ONE_MAIN_SEVEN_PIPS)
    vmr_quality = models.CharField(max_length=10, choices=Quality, default=Quality.HD)
    enable_overlay_text = models.BooleanField(default=True)
    guests_can_present = models.BooleanField(default=True)
    force_presenter_into_main = models.BooleanField(default=True)
    force_encryption = models.BooleanField(default=False)
    mute_all_guests = models.BooleanField(default=False)
    direct_media = models.CharField(max_length=20, choices=DirectMedia, default=DirectMedia.NEVER)
    call_type = models.CharField(max_length=64, null=True, blank=True)

    class Meta:
        abstract = True
