"""What a researcher chooses before taking answers away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from booking.enums import Outcome
from surveys.models import QuestionnaireVersion
from surveys.queries.context import UNKNOWN
from surveys.queries.export import Chosen
from surveys.results_forms import PeriodForm
from surveys.rules.postcard import SYDDANMARK
from surveys.rules.privacy import K
from surveys.rules.questionnaire import Text
from surveys.wording import in_language
from vdx.accounts.enums import PRACTICE_KINDS, OrganisationKind

# Instead of a version.
POSTCARDS = "postkort"


class ExportForm(PeriodForm):
    """Which answers, from which months that are over, and with what. Nothing chosen is everything."""

    svar = forms.ChoiceField(label=_("Svar på"), error_messages={"invalid_choice": _("Vælg fra listen.")})
    region = forms.ChoiceField(label=_("Region"), required=False)
    praksis = forms.ChoiceField(label=_("Slags praksis"), required=False)
    udfald = forms.ChoiceField(label=_("Samtalens udfald"), required=False)
    sprog = forms.ChoiceField(
        label=_("Sprog i etiketterne"), required=False, choices=[("da", _("Dansk")), ("en", _("Engelsk"))]
    )
    fritekst = forms.BooleanField(
        label=_("Tag det med, som folk selv har skrevet"),
        required=False,
        help_text=_("Det kommer i sin egen fil, uden forbindelse til de andre svar. Der kan stå navne i det."),
    )

    fewest = K

    def __init__(
        self,
        chosen: Mapping[str, Any],
        *,
        versions: Sequence[QuestionnaireVersion],
        regions: Sequence[tuple[str, str]],
        earliest: date | None,
        today: date,
    ) -> None:
        self.versions = {f"{version.questionnaire.key}-{version.number}": version for version in versions}
        first = next(iter(self.versions), POSTCARDS)
        over = today.replace(day=1) - timedelta(days=1)
        super().__init__({"svar": first, **chosen}, earliest=earliest, today=over)
        self.choose(
            "svar",
            [
                *(
                    (name, f"{in_language(_title(version))} ({version.number})")
                    for name, version in self.versions.items()
                ),
                (POSTCARDS, _("Lægernes postkort")),
            ],
        )
        self.choose("region", [("", _("Hele landet")), *regions])
        kinds = [choice for choice in OrganisationKind.choices if choice[0] in PRACTICE_KINDS]
        self.choose("praksis", [("", _("Alle")), *kinds])
        self.choose("udfald", [("", _("Alle")), *Outcome.choices, (UNKNOWN, _("Vides ikke"))])

    def clean(self) -> dict[str, Any]:
        """Refuse what no answer can have."""
        chosen = super().clean() or {}
        told = {"region", "practice_kind", "outcome"}
        if chosen.get("svar") == POSTCARDS:
            # The national card knows no region; the other is its region's own.
            told = {"region"} if chosen.get("region") == SYDDANMARK else set()
        elif chosen.get("svar") in self.versions:
            told &= set(self.versions[chosen["svar"]].context)
        for field, fact in (("region", "region"), ("praksis", "practice_kind"), ("udfald", "outcome")):
            if chosen.get(field) and fact not in told:
                self.add_error(field, _("Det gemmes ikke sammen med disse svar. Vælg alle."))
        return chosen

    @property
    def version(self) -> QuestionnaireVersion | None:
        """The version whose responses are taken; None: the postcards."""
        return self.versions.get(self.cleaned_data["svar"])

    @property
    def chosen(self) -> Chosen:
        """What the export is narrowed to."""
        data = self.cleaned_data
        return Chosen(self.first, self.last, data["region"], data["praksis"], data["udfald"])

    @property
    def language(self) -> str:
        """Of the labels."""
        return str(self.cleaned_data["sprog"] or "da")


def _title(version: QuestionnaireVersion) -> Text:
    return {"da": version.questionnaire.title_da, "en": version.questionnaire.title_en}
