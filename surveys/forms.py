"""The postcard's five questions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import IntegerChoices
from django.utils.translation import gettext_lazy as _

from surveys.enums import Edition, GoodPoor, Replaced, YesNo
from surveys.services import Answers

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


def _question(label: str | _StrPromise, choices: type[IntegerChoices]) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=choices.choices,
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Vælg et af svarene.")},
    )


class PostcardForm(forms.Form):
    """One tap a question; any may be skipped. Syddanmark's edition has four."""

    carried_out = _question(_("Blev samtalen gennemført?"), YesNo)
    picture = _question(_("Hvordan var billedet?"), GoodPoor)
    sound = _question(_("Hvordan var lyden?"), GoodPoor)
    longer = _question(_("Tog det længere tid end den kontakt, I plejer at have?"), YesNo)
    replaced = _question(_("Hvad trådte videosamtalen i stedet for?"), Replaced)

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if edition == Edition.SYDDANMARK:
            self.fields["longer"].label = _("Brugte du mere tid på videosamtalen end på en almindelig konsultation?")
            del self.fields["replaced"]

    def answers(self) -> Answers:
        """What was answered."""
        return Answers(**self.cleaned_data)
