"""How many calls were held at the same time, and the warnings of a hub that fills up."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vdx.lib import clock


class CapacityLevel(models.TextChoices):
    """What is warned of."""

    GRACE = "grace", _("over kapaciteten")
    FULL = "full", _("fuldt")


class DayPeak(models.Model):
    """The highest number of calls at the same time on a Danish day, in the whole hub.

    Derived from the facts (``CallStretch``) by ``services/capacity.py``, and counted anew; never the source of any. A
    day without a row is counted when somebody asks.
    """

    day = models.DateField(_("dag"), unique=True)
    calls = models.PositiveIntegerField(_("samtaler"))

    class Meta:
        verbose_name = _("dagens flest samtaler på én gang")
        verbose_name_plural = _("dagenes flest samtaler på én gang")

    def __str__(self) -> str:
        return f"{self.day}: {self.calls}"


class CapacityAlarm(models.Model):
    """That the hub was above its capacity, or full, from when to when; one row tells staff once.

    Flow: begun -> (calm, above again)* -> ended, when it has been below for long enough, or the day is another one.
    """

    level = models.CharField(_("hvad"), max_length=10, choices=CapacityLevel)
    calls = models.PositiveIntegerField(_("samtaler, da det begyndte"))
    began_at = models.DateTimeField(_("begyndt"), default=clock.now)
    calm_since = models.DateTimeField(_("under siden"), null=True)
    ended_at = models.DateTimeField(_("slut"), null=True)

    class Meta:
        verbose_name = _("advarsel om kapacitet")
        verbose_name_plural = _("advarsler om kapacitet")
        constraints = [
            # Of two processes that see it crossed, one warns.
            models.UniqueConstraint(
                name="capacity_alarm_one_open", fields=["level"], condition=Q(ended_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_level_display()} {self.began_at:%Y-%m-%d}"


class CapacityMail(models.Model):
    """A mail about a warning, to one of the staff. ``send_after``: when it is due; empty when sent or given up."""

    alarm = models.ForeignKey(CapacityAlarm, on_delete=models.CASCADE, related_name="mails")
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    attempts = models.PositiveSmallIntegerField(default=0)
    send_after = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("mail om kapacitet")
        verbose_name_plural = _("mails om kapacitet")
        constraints = [models.UniqueConstraint(name="capacity_mail_once", fields=["alarm", "user"])]
        indexes = [
            # The sweep that sends what is due.
            models.Index(name="capacity_mail_due", fields=["send_after"], condition=Q(send_after__isnull=False))
        ]

    def __str__(self) -> str:
        return f"{self.pk}"
