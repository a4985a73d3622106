"""Call records for MedCom's staff: to read, and to correct where one is wrong. Each look is written down."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from monitoring import (
    admin_money,  # noqa: F401  # it registers itself
    services,
)
from monitoring.models import CallRecord, DeviceRecord, DeviceTest
from monitoring.rules.corrections import may_be_corrected
from monitoring.wording import evidence_sentence
from vdx.accounts.watched import ReadOnly, WatchedAdmin
from vdx.lib import clock
from vdx.lib.clock import local


class DeviceInline(ReadOnly, admin.TabularInline):
    """The devices of a call, and when each was there."""

    model = DeviceRecord
    fields = readonly_fields = ("kind", "role", "stays")
    extra = 0

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("stays")

    @admin.display(description=_("ophold"))
    def stays(self, device: DeviceRecord) -> str:
        """From and to, by the clock on the wall."""
        stays = sorted(device.stays.all(), key=lambda stay: stay.joined_at)
        return ", ".join(f"{local(stay.joined_at):%H.%M.%S}–{local(stay.left_at):%H.%M.%S}" for stay in stays)


# What a person may correct; all else was measured.
CORRECTABLE = ("organisation", "booked", "instant", "is_test")


class CorrectionForm(forms.ModelForm):
    """Whose call it was, and of what kind."""

    def clean(self) -> dict[str, Any]:
        """What the service refuses as well."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("instant") and not given.get("booked"):
            self.add_error("instant", _("Et straks-møde er altid booket. Sæt hak ved begge, eller fjern dette hak."))
        return given


@admin.register(CallRecord)
class CallRecordAdmin(WatchedAdmin):
    """What happened in each room. The hub alone writes new ones."""

    form = CorrectionForm
    raw_id_fields = ("organisation",)

    list_display = (
        "started_at",
        "ended_at",
        "organisation",
        "booked",
        "instant",
        "device_count",
        "minutes",
        "is_final",
    )
    list_filter = ("booked", "instant", "is_final", "outcome", "cause", "is_poor")
    list_select_related = ("organisation",)
    search_fields = ("organisation__name", "organisation__code", "=room_uuid", "=meeting_uuid")
    date_hierarchy = "started_at"
    ordering = ("-started_at", "-pk")
    inlines = (DeviceInline,)
    fields = (
        "room_uuid",
        "meeting_uuid",
        *CORRECTABLE,
        "starts_at",
        "started_at",
        "ended_at",
        "minutes",
        "seconds_without_media",
        "device_count",
        "app_count",
        "close_reason",
        "outcome",
        "is_poor",
        "cause",
        "confidence",
        "why",
        "is_final",
        "recorded_at",
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: CallRecord | None = None) -> Any:
        """All, while the hub itself may still write the record."""
        settled = obj is not None and may_be_corrected(
            is_final=obj.is_final, recorded_at=obj.recorded_at, now=clock.now()
        )
        return [name for name in self.fields if not (settled and name in CORRECTABLE)]

    def save_model(self, request: HttpRequest, obj: CallRecord, form: Any, change: bool) -> None:
        """Nothing is written but by the service."""
        services.correct_call(
            call_id=obj.pk,
            organisation_id=obj.organisation_id,
            booked=obj.booked,
            instant=obj.instant,
            is_test=obj.is_test,
            actor=cast(Any, request.user),
            now=clock.now(),
        )

    @admin.display(description=_("tegn"))
    def why(self, call: CallRecord) -> str:
        """What speaks for the cause, in sentences."""
        return " ".join(evidence_sentence(word) for word in call.evidence)

    @admin.display(description=_("minutter sammen"))
    def minutes(self, call: CallRecord) -> str:
        """Minutes and seconds with at least two devices."""
        return f"{call.seconds_together // 60}:{call.seconds_together % 60:02d}"


@admin.register(DeviceTest)
class DeviceTestAdmin(ReadOnly, WatchedAdmin):
    """What came of tests of devices, found by the code that somebody reads aloud."""

    list_display = ("code", "made_at", "verdict", "reason", "browser", "organisation")
    list_filter = ("verdict", "reason")
    list_select_related = ("organisation",)
    search_fields = ("=code", "=room_uuid")
    search_help_text = _("Koden på seks tegn, som står på testsiden.")
    date_hierarchy = "made_at"
    ordering = ("-made_at", "-pk")
    fields = readonly_fields = (
        "code",
        "made_at",
        "verdict",
        "reason",
        "browser",
        "room_uuid",
        "by_user",
        "organisation",
        "measured",
    )

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        """As it is read aloud: with capitals and blanks."""
        found: Any = super().get_search_results(request, queryset, "".join(search_term.lower().split()))
        return found

    @admin.display(description=_("målinger"))
    def measured(self, test: DeviceTest) -> str:
        """One a line, as the page names them; ``none`` is what is not set up."""
        lines = ((name, value) for name, value in sorted(test.measures.items()))
        return format_html_join(mark_safe("<br>"), "{}: {}", lines)
