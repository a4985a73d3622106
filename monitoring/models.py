"""Facts about calls. They copy what they need and hang on nothing that may be deleted. docs/data.md: for how long."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from booking.enums import Cause, Confidence, Outcome
from monitoring.enums import FeeKind, FeePractice, FeeRegion, FeeRule
from monitoring.models_capacity import CapacityAlarm, CapacityMail, DayPeak  # noqa: F401  # Django finds them here
from monitoring.models_months import MonthCount, MonthMark, MonthQuality, MonthWord  # noqa: F401  # Django finds them here
from monitoring.models_uptime import ProbeDay, ProbeRun  # noqa: F401  # and these
from rooms.enums import DeviceKind, SeatRole, TestVerdict
from vdx.lib import clock


class CallRecord(models.Model):
    """What happened in one room, whether anybody came or not.

    Written when the last device leaves and again when the room closes (``is_final``); the same room gives the same
    row. Times are UTC; ``seconds_together`` is how long at least two devices were connected.
    """

    room_uuid = models.UUIDField(_("rummets id"), unique=True)
    meeting_uuid = models.UUIDField(_("møde-id"), null=True)
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="call_records")
    booked = models.BooleanField(_("booket"))
    instant = models.BooleanField(_("straks-møde"))
    # A practice trying the service out: in no number.
    is_test = models.BooleanField(_("prøveopkald"), default=False)
    starts_at = models.DateTimeField(_("booket til"), null=True)
    # First moment with a device, and last; both empty where nobody came.
    started_at = models.DateTimeField(_("begyndt"), null=True)
    ended_at = models.DateTimeField(_("slut"), null=True)
    seconds_together = models.PositiveIntegerField(_("sekunder sammen"), default=0)
    # Of the device that missed the others longest; see DeviceQuality.
    seconds_without_media = models.PositiveIntegerField(_("sekunder uden lyd og billede"), default=0)
    device_count = models.PositiveSmallIntegerField(_("enheder"), default=0)
    # Of them, those that came through Min Læge; also where nobody else came.
    app_count = models.PositiveSmallIntegerField(_("enheder i app"), default=0)
    close_reason = models.CharField(_("lukket fordi"), max_length=10, blank=True, default="")
    is_final = models.BooleanField(_("endelig"), default=False)
    # What rules/outcome.py and rules/fault.py have made of it, once it is final.
    outcome = models.CharField(_("udfald"), max_length=20, choices=Outcome, blank=True, default="")
    is_poor = models.BooleanField(_("dårlig"), default=False)
    cause = models.CharField(_("årsag"), max_length=20, choices=Cause, blank=True, default="")
    confidence = models.CharField(_("hvor sikkert"), max_length=10, choices=Confidence, blank=True, default="")
    # Words of wording.py, the weightiest first.
    evidence = models.JSONField(_("tegn"), default=list, blank=True)
    recorded_at = models.DateTimeField(_("talt op"), default=clock.now)

    class Meta:
        verbose_name = _("opkald")
        verbose_name_plural = pgettext_lazy("plural", "opkald")
        # The statistics: an organisation's calls in a period.
        indexes = [
            models.Index(name="call_by_start", fields=["started_at"]),
            models.Index(name="call_by_organisation", fields=["organisation", "started_at"]),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class CallStretch(models.Model):
    """A stretch of a call in which at least two devices were connected; ``seconds_together`` is their sum.

    From these it is counted how many calls were held at the same time, also when devices and stays are forgotten.
    """

    call = models.ForeignKey(CallRecord, on_delete=models.CASCADE, related_name="stretches")
    began_at = models.DateTimeField(_("fra"))
    ended_at = models.DateTimeField(_("til"))

    class Meta:
        verbose_name = _("tid sammen")
        verbose_name_plural = pgettext_lazy("plural", "tid sammen")
        constraints = [
            models.CheckConstraint(name="stretch_in_order", condition=models.Q(ended_at__gt=models.F("began_at")))
        ]
        indexes = [
            models.Index(name="stretch_by_start", fields=["began_at"]),
            # The highest number of calls at once of a few days.
            models.Index(name="stretch_by_end", fields=["ended_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class Trouble(models.Model):
    """Something that went wrong on a device, in a word of ``rooms.enums.Trouble``.

    Kept 14 days; the judgement stays.
    """

    room_uuid = models.UUIDField()
    # Empty before the page has a seat.
    seat_key = models.CharField(max_length=12, blank=True, default="")
    side = models.CharField(max_length=10, choices=SeatRole)
    what = models.CharField(max_length=20)
    detail = models.CharField(max_length=10, blank=True, default="")
    at = models.DateTimeField(default=clock.now, db_index=True)

    class Meta:
        verbose_name = _("fejlmelding")
        verbose_name_plural = _("fejlmeldinger")
        # The judgement: everything of a room in order.
        indexes = [models.Index(name="trouble_by_room", fields=["room_uuid", "at"])]

    def __str__(self) -> str:
        return f"{self.pk}"


class DeviceRecord(models.Model):
    """One device of a call, however often it came and went."""

    call = models.ForeignKey(CallRecord, on_delete=models.CASCADE, related_name="devices")
    seat_key = models.CharField(max_length=12)
    kind = models.CharField(_("enhed"), max_length=12, choices=DeviceKind)
    # Empty where nobody knows: a call that was imported.
    role = models.CharField(_("rolle"), max_length=10, choices=SeatRole, blank=True)
    # How long a guest was connected before it was let in; empty for a host, and where nobody knows.
    waited_seconds = models.PositiveIntegerField(_("ventede i sekunder"), null=True)

    class Meta:
        verbose_name = _("enhed i opkald")
        verbose_name_plural = _("enheder i opkald")
        constraints = [models.UniqueConstraint(name="device_once_a_call", fields=["call", "seat_key"])]

    def __str__(self) -> str:
        return f"{self.pk}"


class DeviceStay(models.Model):
    """One stretch of time in which a device was connected."""

    device = models.ForeignKey(DeviceRecord, on_delete=models.CASCADE, related_name="stays")
    joined_at = models.DateTimeField(_("kom"))
    left_at = models.DateTimeField(_("gik"))

    class Meta:
        verbose_name = _("ophold")
        verbose_name_plural = _("ophold")
        constraints = [
            models.CheckConstraint(name="stay_in_order", condition=models.Q(left_at__gte=models.F("joined_at")))
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class QualitySample(models.Model):
    """What a device reported of the last five seconds. Kept 14 days at most; the aggregates stay."""

    room_uuid = models.UUIDField()
    seat_key = models.CharField(max_length=12)
    at = models.DateTimeField(default=clock.now, db_index=True)
    # Numbers and short words only, as rules/quality.py lets through: never an address or a candidate.
    measures = models.JSONField()

    class Meta:
        verbose_name = _("kvalitetsmåling")
        verbose_name_plural = _("kvalitetsmålinger")

    def __str__(self) -> str:
        return f"{self.pk}"


class DeviceQuality(models.Model):
    """Quality of a whole call as one device met it: sums, from which means and shares are taken."""

    room_uuid = models.UUIDField()
    seat_key = models.CharField(max_length=12)
    samples = models.PositiveIntegerField(default=0)
    packets_received = models.PositiveBigIntegerField(default=0)
    packets_lost = models.PositiveBigIntegerField(default=0)
    jitter_ms_sum = models.FloatField(default=0)
    jitter_samples = models.PositiveIntegerField(default=0)
    rtt_ms_sum = models.FloatField(default=0)
    rtt_samples = models.PositiveIntegerField(default=0)
    fps_sum = models.FloatField(default=0)
    fps_samples = models.PositiveIntegerField(default=0)
    freezes = models.PositiveIntegerField(default=0)
    freeze_seconds = models.FloatField(default=0)
    # In which nothing came of what somebody had switched on; several missed at once count once.
    seconds_without_media = models.FloatField(default=0)
    candidate_pair = models.CharField(max_length=40, blank=True, default="")
    # In which something came; a picture came; it was poor; the own device, or the own line, held the sending back.
    media_seconds = models.FloatField(default=0)
    picture_seconds = models.FloatField(default=0)
    poor_seconds = models.FloatField(default=0)
    slow_device_seconds = models.FloatField(default=0)
    slow_line_seconds = models.FloatField(default=0)
    # Families, in the words of vdx.lib.browsers; empty where the hub was not told.
    browser = models.CharField(max_length=20, blank=True, default="")
    system = models.CharField(max_length=20, blank=True, default="")
    # From the link to the first picture (docs/protocol.md, "quality"); the first time that it was told.
    seconds_to_picture = models.FloatField(null=True)

    class Meta:
        verbose_name = _("kvalitet")
        verbose_name_plural = _("kvalitet")
        constraints = [models.UniqueConstraint(name="quality_once_a_device", fields=["room_uuid", "seat_key"])]

    def __str__(self) -> str:
        return f"{self.pk}"


class DeviceTest(models.Model):
    """What came of a test of somebody's device (``/test``): one row a test, however often the page sends it.

    ``code`` is read aloud to whoever helps; ``key`` is drawn by the page, so that a result sent twice is one result.
    A patient's test names nobody: it is tied to the meeting's room, where there is one.
    """

    key = models.UUIDField(unique=True)
    code = models.CharField(_("kode"), max_length=6, unique=True)
    room_uuid = models.UUIDField(_("rummets id"), null=True, db_index=True)
    # Who was logged in to the portal, and where they work.
    by_user = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, verbose_name=_("bruger"), related_name="+"
    )
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.SET_NULL, null=True, verbose_name=_("organisation"), related_name="+"
    )
    made_at = models.DateTimeField(_("testet"), default=clock.now, db_index=True)
    verdict = models.CharField(_("resultat"), max_length=10, choices=TestVerdict)
    # A word of rules/device_test.py.
    reason = models.CharField(_("fordi"), max_length=30)
    # Numbers and short words only, as rules/device_test.py lets through: never an address, a label or a text.
    measures = models.JSONField(_("målinger"))
    # For example "Chrome, Android".
    browser = models.CharField(_("browser"), max_length=40, blank=True, default="")

    class Meta:
        verbose_name = _("udstyrstest")
        verbose_name_plural = _("udstyrstests")

    def __str__(self) -> str:
        return self.code


class DevicePass(models.Model):
    """That a person's device has passed the test, and when it did last: for the readiness of their practice.

    Outlives the test itself, which is soon forgotten.
    """

    user = models.OneToOneField("accounts.User", on_delete=models.CASCADE, related_name="+")
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        verbose_name = _("bestået udstyrstest")
        verbose_name_plural = _("beståede udstyrstests")

    def __str__(self) -> str:
        return f"{self.pk}"


class Fee(models.Model):
    """What practices are paid, by region and date, in whole øre; also what an ordinary consultation costs.

    Without a region it applies everywhere. A new level is a new row, so that what was paid stays what it was.
    """

    region = models.CharField(
        _("region"), max_length=20, choices=FeeRegion, blank=True, default="", help_text=_("Tomt: hele landet.")
    )
    practice_kind = models.CharField(_("praksis"), max_length=20, choices=FeePractice, default=FeePractice.GENERAL)
    kind = models.CharField(_("ydelse"), max_length=20, choices=FeeKind)
    rule = models.CharField(_("regel"), max_length=20, choices=FeeRule, default=FeeRule.PER_CALL)
    amount_ore = models.PositiveIntegerField(_("beløb i øre"), help_text=_("For hver enhed: 16000 er 160,00 kr."))
    module_minutes = models.PositiveSmallIntegerField(_("minutter pr. modul"), null=True, blank=True)
    most_modules = models.PositiveSmallIntegerField(_("højst så mange moduler"), null=True, blank=True)
    quantity = models.PositiveSmallIntegerField(
        _("antal"), default=1, help_text=_("For engangshonorarer: for eksempel 8 timer.")
    )
    valid_from = models.DateField(_("gælder fra"))
    valid_until = models.DateField(_("gælder til og med"), null=True, blank=True)
    service_code = models.CharField(_("ydelsesnummer"), max_length=10, blank=True, default="")

    class Meta:
        verbose_name = _("honorar")
        verbose_name_plural = _("honorarer")
        constraints = [
            models.CheckConstraint(
                name="fee_in_order",
                condition=models.Q(valid_until__isnull=True) | models.Q(valid_until__gte=models.F("valid_from")),
                violation_error_message=_("Slutdatoen ligger før startdatoen."),
            ),
            models.CheckConstraint(
                name="fee_modules_have_a_length",
                condition=~models.Q(rule__in=["per_begun_module", "per_whole_module"])
                | models.Q(module_minutes__isnull=False, module_minutes__gte=1),
                violation_error_message=_("Skriv, hvor mange minutter et modul varer."),
            ),
            models.CheckConstraint(
                name="fee_one_off_is_for_signing_up",
                condition=models.Q(kind="signing_up", rule="one_off")
                | (~models.Q(kind="signing_up") & ~models.Q(rule="one_off")),
                violation_error_message=_("»En gang pr. praksis« hører sammen med »Opstart«."),
            ),
            # One-off fees of the same day stand beside each other: the same one twice would be paid twice.
            models.UniqueConstraint(
                name="fee_once",
                fields=["region", "practice_kind", "kind", "rule", "valid_from", "amount_ore", "quantity"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region} {self.get_kind_display()} {self.valid_from}".strip()


class Cost(models.Model):
    """What the project cost beside the fees: equipment, hours of support, one-off costs. Entered by MedCom."""

    region = models.CharField(
        _("region"), max_length=20, choices=FeeRegion, blank=True, default="", help_text=_("Tomt: hele landet.")
    )
    item = models.CharField(_("hvad"), max_length=100)
    quantity = models.DecimalField(
        _("antal"), max_digits=10, decimal_places=2, default=1, validators=[MinValueValidator(0)]
    )
    unit = models.CharField(_("enhed"), max_length=30, help_text=_("For eksempel stk. eller timer."))
    amount_ore = models.PositiveBigIntegerField(_("beløb i øre"), help_text=_("For det hele: 1000000 er 10.000 kr."))
    day = models.DateField(_("dato"), help_text=_("Dagen, udgiften hører til."))

    class Meta:
        verbose_name = _("udgift")
        verbose_name_plural = _("udgifter")
        indexes = [models.Index(name="cost_by_day", fields=["day"])]

    def __str__(self) -> str:
        return self.item
