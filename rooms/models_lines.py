"""The hub's places for calls."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from vdx.lib import clock


class CallPlace(models.Model):
    """The place that a room's call takes of the hub's: from when its second device was there.

    ``kept_until``: fewer than two devices are connected, and the call may go on until then; empty while it runs. One
    that is past counts for nothing, whether or not the sweep has been there.
    """

    room = models.OneToOneField("rooms.Room", on_delete=models.CASCADE, related_name="call_place")
    taken_at = models.DateTimeField(_("begyndt"), default=clock.now)
    kept_until = models.DateTimeField(_("holdes til"), null=True)

    class Meta:
        verbose_name = _("plads til en samtale")
        verbose_name_plural = _("pladser til samtaler")

    def __str__(self) -> str:
        return f"{self.pk}"
