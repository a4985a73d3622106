"""What the probe found: its runs for some months, and what each day came to for good.

The runs are facts, written once and never changed; the days are counted from them (services/uptime.py).
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ProbeRun(models.Model):
    """One run of the probe. ``key`` is drawn by the probe: a run that is taken in twice is one run.

    ``slot`` is the beginning of its interval, in seconds since 1970. Of several runs of one interval (two probes, or
    one by hand) the one that began first speaks for it.
    """

    key = models.UUIDField(unique=True)
    slot = models.BigIntegerField(_("interval"))
    interval = models.PositiveIntegerField(_("sekunder pr. interval"))
    started_at = models.DateTimeField(_("begyndt"))
    # A word of monitoring/probe/legs.py; empty where every leg came through.
    failed = models.CharField(_("fejlede ved"), max_length=10, blank=True, default="")
    reason = models.CharField(_("fordi"), max_length=40, blank=True, default="")
    # What the hub's own page of health missed just then.
    missing = models.JSONField(_("manglede"), default=list, blank=True)
    # Milliseconds of each leg that came through.
    legs = models.JSONField(_("led"), default=dict)

    class Meta:
        verbose_name = _("måling af hubben")
        verbose_name_plural = _("målinger af hubben")
        # Counting a day; the newest run; forgetting.
        indexes = [models.Index(name="probe_by_slot", fields=["slot"])]

    def __str__(self) -> str:
        return f"{self.key}"


class ProbeDay(models.Model):
    """What a Danish day came to: how many intervals had a run, and how many of those failed at which leg.

    How many intervals there ought to have been follows from the calendar (rules/uptime.py); what is missing of them is
    downtime of unknown cause.
    """

    day = models.DateField(_("dag"), unique=True)
    interval = models.PositiveIntegerField(_("sekunder pr. interval"))
    # The first and the last interval with a run.
    first_slot = models.BigIntegerField()
    last_slot = models.BigIntegerField()
    succeeded = models.PositiveIntegerField(_("lykkedes"))
    failed = models.PositiveIntegerField(_("fejlede"))
    # How many failed at each leg, and the middle of each leg's milliseconds where it came through.
    failed_legs = models.JSONField(_("fejlede ved"), default=dict, blank=True)
    typical = models.JSONField(_("typisk tid"), default=dict, blank=True)

    class Meta:
        verbose_name = _("dag med målinger af hubben")
        verbose_name_plural = pgettext_lazy("plural", "dage med målinger af hubben")
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day}"
