"""MedCom's administration of people and organisations. Every write calls a service; every look is written down."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from vdx.accounts import admin_clients, services  # noqa: F401  # it registers its page
from vdx.accounts.enums import LinkPurpose, Role
from vdx.accounts.models import AuditEntry, Membership, Organisation, RegionPeriod, User
from vdx.accounts.queries import descendant_ids
from vdx.accounts.rules import logo
from vdx.accounts.watched import ReadOnly, WatchedAdmin
from vdx.lib import clock
from vdx.lib.errors import DomainError

# They show keys and codes. The second factor is reset by a service; roles stand in the memberships.
admin.site.unregister([TOTPDevice, StaticDevice, Group])


class PeopleAdmin(WatchedAdmin):
    """Actions on chosen rows are services, and say what was refused."""

    def _each(self, request: HttpRequest, rows: QuerySet[Any], write: Any, done: str) -> None:
        """Run a service for each row, and say what was refused and why."""
        count = 0
        for row in rows:
            try:
                write(row)
                count += 1
            except DomainError as error:
                self.message_user(request, f"{row}: {error.message}", messages.ERROR)
        if count:
            self.message_user(request, f"{done} ({count})", messages.SUCCESS)


class LogoInput(forms.ClearableFileInput):
    """Names the picture that there is; Django's own field links to it."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The field as HTML."""
        return render_to_string("accounts/_logo_input.html", self.get_context(name, value, attrs))


class OrganisationForm(forms.ModelForm):
    """An organisation, which cannot stand below itself."""

    class Meta:
        model = Organisation
        fields = [
            "code",
            "name",
            "kind",
            "parent",
            "ydernummer",
            "sor_code",
            "phone",
            "logo",
            "pilot_from",
            "pilot_until",
            "is_test",
            "doctors_need_second_factor",
            "pool_size",
            "allow_custom_uri_without_domain",
            "outside_provisioner",
            "sms_sender_name",
            "sms_callback_url",
        ]
        widgets = {"logo": LogoInput}

    def clean_logo(self) -> Any:
        """A new picture drawn anew; none, False (remove it) and the present one as they are."""
        uploaded = self.cleaned_data["logo"]
        if not isinstance(uploaded, UploadedFile):
            return uploaded
        uploaded.seek(0)
        try:
            return ContentFile(logo.redrawn(uploaded.read()), name="logo.png")
        except ValueError:
            raise forms.ValidationError(gettext("Vælg et billede i formatet PNG, JPEG eller WebP.")) from None

    def clean_parent(self) -> Organisation | None:
        """Refuse a loop where it can be put right."""
        parent: Organisation | None = self.cleaned_data["parent"]
        if parent is not None and self.instance.pk and parent.pk in descendant_ids([self.instance.pk]):
            raise forms.ValidationError(gettext("En organisation kan ikke høre under sig selv."))
        return parent


class RegionPeriodInline(admin.TabularInline):
    """Regions by date."""

    model = RegionPeriod
    fk_name = "organisation"
    extra = 0

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.has_change_permission(request)


@admin.register(Organisation)
class OrganisationAdmin(WatchedAdmin):
    """The tree, who is in the pilot and when, and which region an organisation belonged to."""

    form = OrganisationForm
    inlines = [RegionPeriodInline]
    list_display = ["name", "code", "kind", "parent", "pilot_from", "pilot_until", "is_test"]
    list_filter = ["kind", "is_test", "doctors_need_second_factor"]
    list_select_related = ["parent"]
    search_fields = ["name", "code", "ydernummer", "sor_code"]
    raw_id_fields = ["parent"]

    def save_model(self, request: HttpRequest, obj: Organisation, form: Any, change: bool) -> None:
        actor: Any = request.user
        names = form.changed_data if change else list(form.cleaned_data)
        fields: dict[str, Any] = {name: form.cleaned_data[name] for name in names}
        if "logo" in fields:
            # No picture, or one to be removed, comes as None or False.
            fields["logo"] = fields["logo"] or ""
        if change:
            services.update_organisation(organisation=obj, actor=actor, **fields)
        else:
            obj.pk = services.create_organisation(actor=actor, **fields).pk
            obj.refresh_from_db()

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        actor: Any = request.user
        periods = formset.save(commit=False)
        for period in formset.deleted_objects:
            services.drop_region_period(period=period, actor=actor)
        for period in periods:
            services.set_region_period(
                organisation=period.organisation,
                region=period.region,
                valid_from=period.valid_from,
                valid_until=period.valid_until,
                actor=actor,
                period_id=period.pk,
            )


class MembershipInline(admin.TabularInline):
    """A person's roles, to be seen only; they are given and taken in their own list."""

    model = Membership
    extra = 0
    fields = ["organisation", "role", "created_at", "ended_at"]
    readonly_fields = ["organisation", "role", "created_at", "ended_at"]
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(User)
class UserAdmin(PeopleAdmin):
    """People who log in."""

    inlines = [MembershipInline]
    fields = ["email", "name", "language", "usual_minutes", "phone", "is_active", "last_login", "created_at"]
    readonly_fields = ["is_active", "last_login", "created_at"]
    list_display = ["name", "email", "is_active", "last_login"]
    list_filter = ["is_active", "memberships__role"]
    search_fields = ["name", "email"]
    actions = ["send_link", "reset_second_factor", "deactivate", "reactivate"]

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        actor: Any = request.user
        if change:
            fields = {name: form.cleaned_data[name] for name in form.changed_data}
        else:
            fields = dict(form.cleaned_data)
            created = services.create_user(email=fields.pop("email"), name=fields.pop("name"), actor=actor)
            obj.pk = created.pk
        services.update_user(user=obj, actor=actor, **fields)
        obj.refresh_from_db()

    @admin.action(description=_("Send et link til at vælge adgangskode"))
    def send_link(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """By mail only: what is shown once belongs on the person's page."""
        actor: Any = request.user
        self._each(
            request,
            queryset.filter(is_active=True),
            lambda user: services.make_link(
                user=user, purpose=LinkPurpose.PASSWORD, by_mail=True, actor=actor, now=clock.now()
            ),
            gettext("Linket er på vej"),
        )

    @admin.action(description=_("Nulstil totrinslogin"))
    def reset_second_factor(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """The telephone is lost."""
        actor: Any = request.user
        self._each(
            request,
            queryset,
            lambda user: services.reset_second_factor(user=user, actor=actor),
            gettext("Totrinslogin er nulstillet"),
        )

    @admin.action(description=_("Luk adgangen"))
    def deactivate(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Close the door."""
        actor: Any = request.user
        self._each(
            request,
            queryset,
            lambda user: services.deactivate(user=user, actor=actor, now=clock.now()),
            gettext("Adgangen er lukket"),
        )

    @admin.action(description=_("Åbn adgangen igen"))
    def reactivate(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Open it again."""
        actor: Any = request.user
        self._each(
            request,
            queryset,
            lambda user: services.reactivate(user=user, actor=actor),
            gettext("Adgangen er åbnet igen"),
        )


@admin.register(Membership)
class MembershipAdmin(PeopleAdmin):
    """Who works where, as what."""

    fields = ["user", "organisation", "role"]
    raw_id_fields = ["user", "organisation"]
    list_display = ["user", "organisation", "role", "created_at", "ended_at"]
    list_filter = ["role", ("ended_at", admin.EmptyFieldListFilter)]
    list_select_related = ["user", "organisation"]
    search_fields = ["user__name", "user__email", "organisation__name", "organisation__code"]
    actions = ["end"]

    def get_readonly_fields(self, request: HttpRequest, obj: Membership | None = None) -> list[str]:
        return ["user", "organisation"] if obj else []

    def has_change_permission(self, request: HttpRequest, obj: Membership | None = None) -> bool:
        # What has ended is history.
        return super().has_change_permission(request, obj) and (obj is None or obj.ended_at is None)

    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: bool) -> None:
        actor: Any = request.user
        role = Role(form.cleaned_data["role"])
        if change:
            saved = services.change_role(membership=obj, role=role, actor=actor, now=clock.now())
        else:
            saved = services.add_membership(
                user=obj.user, organisation=obj.organisation, role=role, actor=actor, now=clock.now()
            )
        obj.pk = saved.pk

    @admin.action(description=_("Fjern rollen"))
    def end(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        """Ended, not deleted."""
        actor: Any = request.user
        self._each(
            request,
            queryset.filter(ended_at__isnull=True),
            lambda row: services.end_membership(membership=row, actor=actor, now=clock.now()),
            gettext("Rollen er fjernet"),
        )


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnly, WatchedAdmin):
    """Who did or looked at what. To be read only; reading it is written down as well."""

    list_display = ["at", "actor", "actor_kind", "action", "target_type", "target_id", "organisation"]
    list_filter = ["actor_kind", "action", "target_type"]
    list_select_related = ["actor", "organisation"]
    search_fields = ["target_id", "actor__name", "organisation__name", "organisation__code"]
    date_hierarchy = "at"
    show_full_result_count = False
