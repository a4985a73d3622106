"""Booking in the administration: templates to keep, meetings to count, no texts to read."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from booking import admin_webhooks, services  # noqa: F401  # it registers its pages
from booking.errors import PoolTemplateExists
from booking.models import Meeting, MeetingTombstone, SchedulingTemplate
from booking.rules.pins import pin_range
from vdx.accounts.watched import ReadOnly, WatchedAdmin
from vdx.lib import clock


class TemplateForm(forms.ModelForm):
    """A template whose ranges can be drawn from."""

    class Meta:
        model = SchedulingTemplate
        fields = (
            "organisation",
            "is_default_template",
            "is_pool_template",
            "vmr_available_before",
            "open_after_minutes",
            "max_participants",
            "end_meeting_on_end_time",
            "host_pin_required",
            "host_pin_range_low",
            "host_pin_range_high",
            "guest_pin_required",
            "guest_pin_range_low",
            "guest_pin_range_high",
            "uri_prefix",
            "uri_domain",
            "uri_number_range_low",
            "uri_number_range_high",
            "ivr_theme",
            "custom_portal_guest",
            "custom_portal_host",
            "return_url",
            "vmr_type",
            "host_view",
            "guest_view",
            "vmr_quality",
            "enable_overlay_text",
            "guests_can_present",
            "force_presenter_into_main",
            "force_encryption",
            "mute_all_guests",
            "direct_media",
            "call_type",
        )
        # The contract's names mean little to the people who fill the form in.
        labels = {
            "host_pin_range_low": _("Værtspin, laveste"),
            "host_pin_range_high": _("Værtspin, højeste"),
            "guest_pin_range_low": _("Gæstepin, laveste"),
            "guest_pin_range_high": _("Gæstepin, højeste"),
            "uri_prefix": _("Videoadresse, begyndelse"),
            "uri_domain": _("Videoadresse, domæne"),
            "uri_number_range_low": _("Videoadresse, laveste nummer"),
            "uri_number_range_high": _("Videoadresse, højeste nummer"),
            "ivr_theme": _("Tema for stemmesvar"),
            "custom_portal_guest": _("Egen side for gæster"),
            "custom_portal_host": _("Egen side for værter"),
            "return_url": _("Adresse efter mødet"),
            "vmr_type": _("Rummets type"),
            "host_view": _("Værternes visning"),
            "guest_view": _("Gæsternes visning"),
            "vmr_quality": _("Billedkvalitet"),
            "enable_overlay_text": _("Navne på billedet"),
            "guests_can_present": _("Gæster må dele skærm"),
            "force_presenter_into_main": _("Den, der deler, vises stort"),
            "force_encryption": _("Kræv kryptering"),
            "mute_all_guests": _("Gæster begynder uden lyd"),
            "direct_media": _("Direkte forbindelse"),
            "call_type": _("Opkaldets type"),
        }

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for who in ("host", "guest"):
            low, high = data.get(f"{who}_pin_range_low"), data.get(f"{who}_pin_range_high")
            if data.get(f"{who}_pin_required") and pin_range(low, high) is None:
                self.add_error(
                    f"{who}_pin_range_low", _("Angiv et område, hvor det laveste tal er mindre end det højeste.")
                )
        if data.get("is_pool_template"):
            others = SchedulingTemplate.objects.filter(
                organisation=data.get("organisation"), is_pool_template=True, deleted_time__isnull=True
            ).exclude(pk=self.instance.pk)
            if others.exists():
                self.add_error("is_pool_template", str(PoolTemplateExists.message))
        return data

    def validate_constraints(self) -> None:
        """A new default takes the old one's place, and the pool is looked at above: the service holds both."""


@admin.register(SchedulingTemplate)
class SchedulingTemplateAdmin(WatchedAdmin):
    """What new rooms are made from."""

    form = TemplateForm
    list_display = (
        "id",
        "organisation",
        "is_default_template",
        "is_pool_template",
        "vmr_available_before",
        "open_after_minutes",
        "max_participants",
        "end_meeting_on_end_time",
    )
    list_filter = ("is_default_template", "is_pool_template")
    search_fields = ("organisation__name", "organisation__code")
    raw_id_fields = ("organisation",)
    actions = None

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        # Softly, by the service.
        return self.has_change_permission(request, obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[SchedulingTemplate]:
        return super().get_queryset(request).filter(deleted_time__isnull=True).select_related("organisation")

    def save_model(self, request: HttpRequest, obj: SchedulingTemplate, form: Any, change: bool) -> None:
        services.save_template(template=obj, actor=cast(Any, request.user), now=clock.now())

    def delete_model(self, request: HttpRequest, obj: SchedulingTemplate) -> None:
        services.delete_template(template_id=obj.pk, actor=cast(Any, request.user), now=clock.now())


@admin.register(Meeting)
class MeetingAdmin(ReadOnly, WatchedAdmin):
    """When and how, and whose practice: neither texts nor links nor people."""

    list_display = ("id", "organisation", "start_time", "end_time", "created_time", "outcome")
    list_filter = ("outcome",)
    search_fields = ("organisation__name", "organisation__code")
    date_hierarchy = "start_time"
    list_select_related = ("organisation",)
    fields = (
        "organisation",
        "start_time",
        "end_time",
        "created_time",
        "updated_time",
        "outcome",
        "concluded_at",
        "texts_erased_at",
    )


@admin.register(MeetingTombstone)
class MeetingTombstoneAdmin(ReadOnly, WatchedAdmin):
    """What is left of deleted meetings."""

    list_display = ("id", "organisation", "start_time", "end_time", "created_time", "outcome")
    list_select_related = ("organisation",)
