"""Fields with which somebody lets the hub send the link: beside the booking form, and on the meeting's page."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking.enums import DeliveryWay
from booking.models import Meeting
from booking.services.deliver import Sending, cleaned_address
from vdx.accounts.enums import Language
from vdx.lib.errors import InvalidInput

_WORDS = {
    DeliveryWay.SMS: gettext_lazy("Send som SMS"),
    DeliveryWay.EMAIL: gettext_lazy("Send som e-mail"),
    DeliveryWay.WEBHOOK: gettext_lazy("Send til journalsystemet"),
}


class SendFields(forms.Form):
    """Way, address, language and reminder; ``offered`` are the ways there are.

    Cleaned: :attr:`sending`, None for by hand.
    """

    way = forms.ChoiceField(label=gettext_lazy("Hvordan får patienten linket?"), required=False)
    address = forms.CharField(
        label=gettext_lazy("Patientens mobilnummer eller e‑mail"),
        required=False,
        max_length=254,
        help_text=gettext_lazy("Slettes, så snart beskeden er sendt."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "email", "spellcheck": "false"}),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Beskedens sprog"), required=False, choices=Language.choices, initial=Language.DANISH
    )
    remind = forms.BooleanField(
        label=gettext_lazy("Send også en påmindelse 15 minutter før"),
        required=False,
        help_text=gettext_lazy("Nummeret eller adressen gemmes krypteret, til påmindelsen er sendt."),
    )

    def __init__(self, *args: Any, offered: Collection[DeliveryWay] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["way"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # said to the type checker
        by_hand = [("", _("Jeg kopierer beskeden selv"))]
        field.choices = [*by_hand, *((str(way), str(_WORDS[way])) for way in DeliveryWay if way in offered)]

    def clean_address(self) -> str:
        """In its own words for each way; where the hub sends nothing, nothing that was typed is looked at."""
        typed = str(self.cleaned_data["address"])
        way = self.cleaned_data.get("way")
        if not way:
            return typed
        try:
            return cleaned_address(DeliveryWay(way), typed)
        except InvalidInput as error:
            raise forms.ValidationError(str(error.message)) from None

    def sending(self, key: UUID) -> Sending | None:
        """What a valid form asks for."""
        data = self.cleaned_data
        if not data.get("way"):
            return None
        language = Language(data.get("language") or Language.DANISH)
        return Sending(DeliveryWay(data["way"]), data["address"], bool(data["remind"]), key, language)


class SendForm(SendFields):
    """Send the link of a meeting that is booked already, perhaps once more to another address."""

    prefix = "send"
    key = forms.UUIDField(widget=forms.HiddenInput)
    field_order = ("key", "way", "address", "language", "remind")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["way"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # said to the type checker
        choices: Any = field.choices
        field.choices = [choice for choice in choices if choice[0]]
        field.required = True
        field.error_messages["required"] = _("Vælg, hvordan linket skal sendes.")


def fresh_send_initial(meeting: Meeting) -> dict[str, Any]:
    """What a new form on the meeting's page shows."""
    return {"key": uuid4(), "language": meeting.language}
