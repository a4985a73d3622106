"""What each month came to: derived from the facts by services/months.py, and never the source of any.

A row holds what an organisation's own calls came to in a Danish month. Which region it lay in, whether it took part in
the pilot or is there for testing only, is laid over when the row is read (queries/months.py), so that changes of those
leave the rows as they are.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

_KINDS = [("consultation", _("Videokonsultation")), ("conference", _("Videokonference"))]


class MonthMark(models.Model):
    """A call of this organisation and month has changed since the month was counted.

    Written in the transaction of the change, one row each time, and taken away together with the counting anew: a mark
    that comes meanwhile is another row, and stays.
    """

    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.CASCADE, related_name="+")
    month = models.DateField(_("måned"))

    class Meta:
        verbose_name = _("ændret måned")
        verbose_name_plural = _("ændrede måneder")

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class MonthCount(models.Model):
    """Calls of an organisation in a month; the row without an organisation says that the month has been counted.

    Seconds are whole seconds together. ``instant`` and ``apps`` are those of booked meetings; ``apps`` are devices.
    """

    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.CASCADE, null=True, related_name="+")
    month = models.DateField(_("måned"))
    consultations = models.PositiveIntegerField(default=0)
    consultation_seconds = models.PositiveBigIntegerField(default=0)
    consultation_instant = models.PositiveIntegerField(default=0)
    consultation_long = models.PositiveIntegerField(default=0)
    consultation_apps = models.PositiveIntegerField(default=0)
    consultation_poor = models.PositiveIntegerField(default=0)
    conferences = models.PositiveIntegerField(default=0)
    conference_seconds = models.PositiveBigIntegerField(default=0)
    conference_instant = models.PositiveIntegerField(default=0)
    conference_long = models.PositiveIntegerField(default=0)
    conference_apps = models.PositiveIntegerField(default=0)
    conference_poor = models.PositiveIntegerField(default=0)
    # Rooms in which no two devices met.
    not_held = models.PositiveIntegerField(default=0)
    not_held_apps = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("månedstal")
        verbose_name_plural = _("månedstal")
        constraints = [
            models.UniqueConstraint(name="month_count_once", fields=["month", "organisation"]),
            models.UniqueConstraint(
                name="month_counted_once", fields=["month"], condition=models.Q(organisation__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class MonthWord(models.Model):
    """How many calls of an organisation and month ended so, failed or went poorly by this, or how many devices came so.

    ``about`` and ``word``: ``outcome`` (booking.enums.Outcome), ``failed`` and ``poor`` (booking.enums.Cause),
    ``device`` (rooms.enums.DeviceKind), ``browser`` and ``system`` (vdx.lib.browsers), ``wait`` and ``picture`` (steps
    of rules/edges.py), these of calls that were held. ``kind`` is empty where no call was held.
    """

    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.CASCADE, related_name="+")
    month = models.DateField(_("måned"))
    kind = models.CharField(max_length=12, choices=_KINDS, blank=True)
    about = models.CharField(max_length=10)
    word = models.CharField(max_length=20)
    count = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("månedstal for udfald, årsag og enhed")
        verbose_name_plural = _("månedstal for udfald, årsag og enhed")
        constraints = [
            models.UniqueConstraint(name="month_word_once", fields=["month", "organisation", "kind", "about", "word"])
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.word}"


class MonthQuality(models.Model):
    """Sums of the quality (``DeviceQuality``) of an organisation's devices in the calls of a month."""

    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.CASCADE, related_name="+")
    month = models.DateField(_("måned"))
    kind = models.CharField(max_length=12, choices=_KINDS, blank=True)
    devices = models.PositiveIntegerField()
    packets_received = models.PositiveBigIntegerField()
    packets_lost = models.PositiveBigIntegerField()
    jitter_ms_sum = models.FloatField()
    jitter_samples = models.PositiveBigIntegerField()
    rtt_ms_sum = models.FloatField()
    rtt_samples = models.PositiveBigIntegerField()
    freezes = models.PositiveBigIntegerField()
    freeze_seconds = models.FloatField()
    media_seconds = models.FloatField()
    picture_seconds = models.FloatField()
    poor_seconds = models.FloatField()

    class Meta:
        verbose_name = _("månedstal for kvalitet")
        verbose_name_plural = _("månedstal for kvalitet")
        constraints = [models.UniqueConstraint(name="month_quality_once", fields=["month", "organisation", "kind"])]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"
