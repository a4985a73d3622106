"""API clients in the administration: made, renewed and shut out by services; the secret is shown once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from vdx.accounts import services
from vdx.accounts.enums import ApiRole
from vdx.accounts.errors import BadClient
from vdx.accounts.models import ApiClient
from vdx.accounts.watched import WatchedAdmin
from vdx.lib import clock

if TYPE_CHECKING:
    from django.db.models import Model


class ApiClientForm(forms.ModelForm):
    """What a client may do, as whom, and from which pages."""

    roles = forms.MultipleChoiceField(
        label=_("Roller"), choices=ApiRole.choices, widget=forms.CheckboxSelectMultiple, required=True
    )
    allowed_origins = forms.CharField(
        label=_("Hjemmesider, der må kalde"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("En på hver linje, for eksempel https://journal.example.dk"),
    )

    class Meta:
        model = ApiClient
        fields = ["name", "organisation", "email", "roles", "allowed_origins"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["allowed_origins"] = "\n".join(self.instance.allowed_origins or [])

    def clean_allowed_origins(self) -> list[str]:
        """One origin a line."""
        return str(self.cleaned_data["allowed_origins"]).split()

    def clean(self) -> dict[str, Any]:
        """What the service would refuse, said beside the field."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            organisation = data.get("organisation", self.instance.organisation)
            try:
                services.check_api_client(organisation, data["email"], data["roles"], data["allowed_origins"])
            except BadClient as error:
                self.add_error(error.field if error.field in self.fields else None, str(error.message))
        return data


@admin.register(ApiClient)
class ApiClientAdmin(WatchedAdmin):
    """Programs that call the APIs without an identity provider of their own."""

    form = ApiClientForm
    list_display = ["name", "client_id", "organisation", "created_at", "revoked_at"]
    list_filter = [("revoked_at", admin.EmptyFieldListFilter)]
    list_select_related = ["organisation"]
    raw_id_fields = ["organisation"]
    search_fields = ["name", "client_id", "organisation__name", "organisation__code"]
    actions = ["renew", "revoke"]

    def get_readonly_fields(self, request: HttpRequest, obj: ApiClient | None = None) -> list[str]:
        return ["client_id", "organisation", "created_at", "revoked_at"] if obj else []

    def get_fields(self, request: HttpRequest, obj: ApiClient | None = None) -> Any:
        known = ["client_id"] if obj else []
        times = ["created_at", "revoked_at"] if obj else []
        return [*known, "name", "organisation", "email", "roles", "allowed_origins", *times]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        # Who is shut out stays out.
        return super().has_change_permission(request, obj) and getattr(obj, "revoked_at", None) is None

    def save_model(self, request: HttpRequest, obj: ApiClient, form: Any, change: bool) -> None:
        actor: Any = request.user
        data = {name: form.cleaned_data[name] for name in ("name", "email", "roles", "allowed_origins")}
        if change:
            services.update_api_client(client=obj, actor=actor, **data)
            return
        created, secret = services.create_api_client(
            organisation=form.cleaned_data["organisation"], actor=actor, now=clock.now(), **data
        )
        obj.pk, obj.client_id = created.pk, created.client_id
        # On the object alone, for the answer to this very request.
        obj.fresh_secret = secret  # type: ignore[attr-defined]

    def response_add(self, request: HttpRequest, obj: ApiClient, post_url_continue: str | None = None) -> HttpResponse:
        """The secret, shown now and never again."""
        return self._shown(request, obj, getattr(obj, "fresh_secret", ""))

    @admin.action(description=_("Giv en ny hemmelighed"), permissions=["change"])
    def renew(self, request: HttpRequest, queryset: QuerySet[ApiClient]) -> HttpResponse | None:
        """For one client at a time: the secret is shown once."""
        chosen = list(queryset.filter(revoked_at__isnull=True)[:2])
        if len(chosen) != 1:
            self.message_user(request, gettext("Vælg én klient, der ikke er lukket."), messages.ERROR)
            return None
        actor: Any = request.user
        secret = services.renew_api_client_secret(client=chosen[0], actor=actor)
        return self._shown(request, chosen[0], secret)

    @admin.action(description=_("Luk for klienten"), permissions=["change"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiClient]) -> None:
        """For good, and at once."""
        actor: Any = request.user
        for client in queryset:
            services.revoke_api_client(client=client, actor=actor, now=clock.now())
        self.message_user(request, gettext("Klienterne er lukket ude."), messages.SUCCESS)

    def _shown(self, request: HttpRequest, client: ApiClient, secret: str) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("API-klient"),
            "client": client,
            "secret": secret,
            "opts": self.opts,
        }
        return TemplateResponse(request, "accounts/admin/api_client_secret.html", context)
