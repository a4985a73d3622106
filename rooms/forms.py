"""What is typed at the rooms' doors."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from vdx.lib import ids


class CodeForm(forms.Form):
    """The code, typed by hand."""

    code = forms.CharField(
        label=_("Kode"),
        max_length=60,
        help_text=_("Koden står i beskeden fra din læge. Den har 12 tegn."),
        error_messages={"required": _("Skriv koden fra beskeden.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", "inputmode": "text"}
        ),
    )

    def clean_code(self) -> str:
        """The code as it is kept, or a sentence about what is wrong with it."""
        code = ids.normalise_short_id(self.cleaned_data["code"])
        if code is None:
            raise forms.ValidationError(
                _("En kode har 12 tegn, fx 7k3m-9p2q-x4rt. Se efter i beskeden, og prøv igen."), code="shape"
            )
        return code


class HostPinForm(forms.Form):
    """The host's pin."""

    pin = forms.CharField(
        label=_("Værtens pinkode"),
        max_length=12,
        error_messages={"required": _("Skriv pinkoden.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
