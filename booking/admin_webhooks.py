"""Webhooks and pools in the administration: who is told, what was told, and how full the pools were."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from booking import services
from booking.errors import WebhookTargetRefused
from booking.models import Delivery, PoolHistory, WebhookMessage, WebhookTarget
from vdx.accounts.watched import ReadOnly, WatchedAdmin
from vdx.lib import clock

if TYPE_CHECKING:
    from django.db.models import Model


class WebhookTargetForm(forms.ModelForm):
    """Whose, and where."""

    class Meta:
        model = WebhookTarget
        fields = ("organisation", "url")

    def clean_url(self) -> str:
        """What the service would refuse, said beside the field."""
        url: str = self.cleaned_data["url"].strip()
        try:
            services.check_webhook_url(url)
        except WebhookTargetRefused as error:
            raise forms.ValidationError(str(error.message)) from None
        return url


@admin.register(WebhookTarget)
class WebhookTargetAdmin(WatchedAdmin):
    """Record systems that are told what happens with an organisation's meetings."""

    form = WebhookTargetForm
    list_display = ("id", "organisation", "host", "created_at", "closed_at", "failures", "resting_until")
    list_filter = (("closed_at", admin.EmptyFieldListFilter),)
    list_select_related = ("organisation",)
    raw_id_fields = ("organisation",)
    search_fields = ("organisation__name", "organisation__code")
    actions = ("renew", "close")

    @admin.display(description=_("adresse"))
    def host(self, target: WebhookTarget) -> str:
        """The address without its path, in which others keep secrets."""
        return target.url.partition("://")[2].partition("/")[0]

    def get_readonly_fields(self, request: HttpRequest, obj: WebhookTarget | None = None) -> tuple[str, ...]:
        return ("organisation", "created_at", "closed_at", "failures", "resting_until") if obj else ()

    def get_fields(self, request: HttpRequest, obj: WebhookTarget | None = None) -> Any:
        return ("organisation", "url", *self.get_readonly_fields(request, obj)[1:])

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        # What is closed stays closed.
        return super().has_change_permission(request, obj) and getattr(obj, "closed_at", None) is None

    def save_model(self, request: HttpRequest, obj: WebhookTarget, form: Any, change: bool) -> None:
        actor: Any = request.user
        if change:
            services.change_webhook(target=obj, url=form.cleaned_data["url"], actor=actor)
            return
        made, secret = services.open_webhook(
            organisation=form.cleaned_data["organisation"], url=form.cleaned_data["url"], actor=actor, now=clock.now()
        )
        obj.pk = made.pk
        # On the object alone, for the answer to this very request.
        obj.fresh_secret = secret  # type: ignore[attr-defined]

    def response_add(
        self, request: HttpRequest, obj: WebhookTarget, post_url_continue: str | None = None
    ) -> HttpResponse:
        """The secret, shown now and never again."""
        return self._shown(request, obj, getattr(obj, "fresh_secret", ""))

    @admin.action(description=_("Giv en ny hemmelighed"), permissions=["change"])
    def renew(self, request: HttpRequest, queryset: QuerySet[WebhookTarget]) -> HttpResponse | None:
        """For one at a time: the secret is shown once."""
        chosen = list(queryset.filter(closed_at__isnull=True)[:2])
        if len(chosen) != 1:
            self.message_user(request, gettext("Vælg én webhook, der ikke er lukket."), messages.ERROR)
            return None
        actor: Any = request.user
        return self._shown(request, chosen[0], services.renew_webhook_secret(target=chosen[0], actor=actor))

    @admin.action(description=_("Luk webhooken"), permissions=["change"])
    def close(self, request: HttpRequest, queryset: QuerySet[WebhookTarget]) -> None:
        """For good; what waits is given up."""
        actor: Any = request.user
        for target in queryset:
            services.close_webhook(target=target, actor=actor, now=clock.now())
        self.message_user(request, gettext("Webhooken er lukket."), messages.SUCCESS)

    def _shown(self, request: HttpRequest, target: WebhookTarget, secret: str) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Webhook"),
            "target": target,
            "secret": secret,
            "opts": self.opts,
        }
        response = TemplateResponse(request, "booking/admin/webhook_secret.html", context)
        response["Cache-Control"] = "no-store"
        return response


@admin.register(WebhookMessage)
class WebhookMessageAdmin(ReadOnly, WatchedAdmin):
    """What record systems were told, whether they took it, and telling it once more. No link of a patient's."""

    list_display = ("id", "target", "kind", "meeting_uuid", "state", "answer", "tries", "created_at", "finished_at")
    list_filter = ("state", "kind")
    list_select_related = ("target__organisation",)
    search_fields = ("meeting_uuid", "target__organisation__name", "target__organisation__code")
    date_hierarchy = "created_at"
    actions = ("resend",)
    fields = ("target", "kind", "meeting_uuid", "state", "answer", "tries", "created_at", "due_at", "finished_at")

    @admin.action(description=_("Send igen"), permissions=["view"])
    def resend(self, request: HttpRequest, queryset: QuerySet[WebhookMessage]) -> None:
        """With the id that it had, so that the record system knows it again."""
        actor: Any = request.user
        chosen = queryset.select_related("target__organisation").order_by("pk")
        again = sum(services.resend_message(message=row, actor=actor, now=clock.now()) for row in chosen)
        self.message_user(
            request, gettext("%(count)d beskeder bliver sendt igen.") % {"count": again}, messages.SUCCESS
        )


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly, WatchedAdmin):
    """Links that the hub sent: how, and whether it worked; never to where."""

    list_display = ("id", "organisation", "kind", "way", "state", "cause", "tries", "created_at", "finished_at")
    list_filter = ("state", "way", "kind")
    list_select_related = ("meeting__organisation",)
    date_hierarchy = "created_at"
    fields = ("organisation", "kind", "way", "state", "cause", "tries", "created_at", "finished_at")

    @admin.display(description=_("organisation"))
    def organisation(self, delivery: Delivery) -> str:
        """Whose meeting it was."""
        return str(delivery.meeting.organisation)


@admin.register(PoolHistory)
class PoolHistoryAdmin(ReadOnly, WatchedAdmin):
    """How full the pools were."""

    list_display = ("at", "organisation", "desired", "available")
    list_filter = ("organisation",)
    list_select_related = ("organisation",)
    search_fields = ("organisation__name", "organisation__code")
    date_hierarchy = "at"
