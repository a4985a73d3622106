"""What is typed about fixed rooms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rooms.models_fixed import RoomGroup
from rooms.rules.fixed import LONGEST_ADDRESS
from vdx.accounts.queries import organisations_at

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet

_PLAIN = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}


class FixedRoomForm(forms.Form):
    """A fixed room as its administrator describes it. The address is checked where it is written."""

    name = forms.CharField(label=_("Navn"), max_length=60, help_text=_("For eksempel “Onsdagskonference”."))
    address = forms.CharField(
        label=_("Adresse"),
        max_length=LONGEST_ADDRESS,
        required=False,
        help_text=_("Små bogstaver fra a til z, tal og bindestreger. Lad feltet stå tomt, så finder vi et nummer."),
        widget=forms.TextInput(attrs=_PLAIN),
    )
    description = forms.CharField(
        label=_("Beskrivelse"),
        max_length=300,
        required=False,
        help_text=_("Kan læses af dem, der må bruge rummet. Skriv ikke noget om patienter."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    waiting_room = forms.BooleanField(
        label=_("Gæster venter i venterummet, til en vært lukker dem ind"),
        required=False,
        initial=True,
        help_text=_(
            "Uden venterum kommer en gæst med pinkoden lige ind, så snart en vært er der. Derfor får rummet så en "
            "ny pinkode til gæster efter hvert møde."
        ),
    )


class NewFixedRoomForm(FixedRoomForm):
    """The same with what is decided once."""

    organisation = forms.ModelChoiceField(organisations_at([]), label=_("Organisation"))
    with_host_pin = forms.BooleanField(
        label=_("Lav også en pinkode til værten"),
        required=False,
        help_text=_("Alle, der kender den, kan være vært uden at logge ind. Uden den er det kun dem, du vælger."),
    )

    field_order = ("organisation", "name", "address", "description", "waiting_room", "with_host_pin")

    def __init__(self, *args: Any, organisation_ids: Collection[int] | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose_among(self, organisation_ids)


class GroupForm(forms.Form):
    """What a group is called."""

    name = forms.CharField(label=_("Navn"), max_length=60)


class NewGroupForm(GroupForm):
    """The same with what is decided once."""

    organisation = forms.ModelChoiceField(organisations_at([]), label=_("Organisation"))

    field_order = ("organisation", "name")

    def __init__(self, *args: Any, organisation_ids: Collection[int] | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose_among(self, organisation_ids)


class ColleagueForm(forms.Form):
    """A colleague, by e-mail. ``people``: the id of the page's list of suggestions."""

    email = forms.EmailField(
        label=_("Kollegas e-mail"),
        max_length=100,
        error_messages={"required": _("Skriv e-mailen på en kollega, der har en bruger her.")},
        widget=forms.EmailInput(attrs={**_PLAIN, "list": "people"}),
    )


class AddGroupForm(forms.Form):
    """A group that may use the room."""

    group = forms.ModelChoiceField(RoomGroup.objects.none(), label=_("Gruppe"), empty_label=_("Vælg en gruppe"))

    def __init__(self, *args: Any, groups: QuerySet[RoomGroup], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].queryset = groups  # type: ignore[attr-defined]


class PinForm(forms.Form):
    """A pin at a fixed room's door."""

    pin = forms.CharField(
        label=_("Pinkode"),
        max_length=12,
        error_messages={"required": _("Skriv pinkoden.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )


def _choose_among(form: forms.Form, organisation_ids: Collection[int] | None) -> None:
    field = form.fields["organisation"]
    choices = organisations_at(organisation_ids)
    field.queryset = choices  # type: ignore[attr-defined]
    # Most administrate one place: nothing to choose.
    first_two = list(choices[:2])
    if len(first_two) == 1:
        form.initial.setdefault("organisation", first_two[0].pk)
