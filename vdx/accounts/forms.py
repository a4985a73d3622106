"""What people type on the pages of the accounts app."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vdx.accounts.enums import Role
from vdx.accounts.models import Organisation, User
from vdx.accounts.queries import organisations_at
from vdx.accounts.rules.reach import NATIONAL_ROLES, Reach


def password_field(label: Any, *, new: bool, help_text: Any = "") -> forms.CharField:
    """A password that the browser's password keeper understands; blanks at the ends belong to it."""
    keeper = "new-password" if new else "current-password"
    widget = forms.PasswordInput(attrs={"autocomplete": keeper})
    return forms.CharField(label=label, strip=False, max_length=256, widget=widget, help_text=help_text)


class LoginForm(forms.Form):
    """E-mail and password."""

    email = forms.EmailField(
        label=_("E-mail"),
        max_length=100,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = password_field(_("Adgangskode"), new=False)


class CodeForm(forms.Form):
    """Six digits from the app."""

    code = forms.CharField(
        label=_("Kode fra din app"),
        help_text=_("De 6 tal, som appen viser lige nu."),
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class RecoveryForm(forms.Form):
    """One of the codes on the paper."""

    code = forms.CharField(
        label=_("Nødkode"),
        help_text=_("En af de koder, du gemte, da du slog totrinslogin til. Hver kode virker én gang."),
        max_length=24,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )


class EnrolForm(CodeForm):
    """The first code of a new app. ``key`` is the signed key that the page shows as a QR code."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=400)


class ForgotForm(forms.Form):
    """Whose password is forgotten."""

    email = forms.EmailField(
        label=_("E-mail"),
        max_length=100,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )


class PasswordForm(forms.Form):
    """A password, chosen and typed twice."""

    password = password_field(
        _("Ny adgangskode"),
        new=True,
        help_text=_("Mindst 12 tegn. Tre eller fire ord efter hinanden er let at huske og svært at gætte."),
    )
    again = password_field(_("Ny adgangskode igen"), new=True)

    def clean(self) -> dict[str, Any]:
        """The two must be the same."""
        data = super().clean() or {}
        if data.get("password") and data.get("again") and data["password"] != data["again"]:
            self.add_error("again", _("De to adgangskoder er ikke ens."))
        return data


class ProfileForm(forms.ModelForm):
    """What people say about themselves."""

    class Meta:
        model = User
        fields = ["name", "usual_minutes", "phone", "language"]
        labels = {
            "usual_minutes": _("Sædvanlig længde på en konsultation (minutter)"),
            "phone": _("Telefon, som patienter ser"),
        }
        help_texts = {"phone": _("Lad feltet stå tomt, så ser patienterne praksis' nummer.")}
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "phone": forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
            "usual_minutes": forms.NumberInput(attrs={"min": 5, "max": 240}),
        }


def roles_to_give(reach: Reach) -> list[tuple[str, Any]]:
    """The roles that somebody with this reach may give."""
    return [(role.value, role.label) for role in Role if reach.is_medcom or role not in NATIONAL_ROLES]


class RoleForm(forms.Form):
    """A role in one of the organisations within reach."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Organisation"))
    role = forms.ChoiceField(label=_("Rolle"))

    def __init__(self, *args: Any, reach: Reach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["organisation"]
        field.queryset = organisations_at(None if reach.is_medcom else reach.organisation_ids)
        role: Any = self.fields["role"]
        role.choices = [("", _("Vælg en rolle")), *roles_to_give(reach)]
        if not reach.is_medcom and len(reach.organisation_ids) == 1:
            field.initial = next(iter(reach.organisation_ids))


class ChangeRoleForm(forms.Form):
    """Another role in the same organisation."""

    role = forms.ChoiceField(label=_("Rolle"))

    def __init__(self, *args: Any, reach: Reach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role: Any = self.fields["role"]
        role.choices = roles_to_give(reach)


class DeliveryForm(forms.Form):
    """How somebody gets their link."""

    delivery = forms.ChoiceField(
        label=_("Hvordan får personen sit link?"),
        choices=[("mail", _("Send det med e-mail")), ("show", _("Vis det på skærmen én gang"))],
        widget=forms.RadioSelect,
        initial="mail",
    )


class InviteForm(DeliveryForm, RoleForm):
    """Somebody new, and what they are to do."""

    email = forms.EmailField(label=_("E-mail"), max_length=100, widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    name = forms.CharField(label=_("Navn"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    field_order = ["name", "email", "organisation", "role", "delivery"]


class FilterForm(forms.Form):
    """Which people the list shows."""

    q = forms.CharField(label=_("Navn eller e-mail"), required=False, max_length=100)
    role = forms.ChoiceField(label=_("Rolle"), required=False)
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Organisation"), required=False, empty_label=_("Alle")
    )
    closed = forms.BooleanField(label=_("Vis lukkede brugere"), required=False)

    def __init__(self, *args: Any, organisation_ids: Collection[int] | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["organisation"]
        field.queryset = organisations_at(organisation_ids)
        role: Any = self.fields["role"]
        role.choices = [("", _("Alle")), *Role.choices]
