"""The choice of a period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, cast

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from monitoring.queries import Place
from monitoring.rules.period import MOST_MONTHS, months_between, usual


class PeriodForm(forms.Form):
    """From one month to another. What is not chosen is this month and the five before."""

    fra = forms.ChoiceField(label=_("Fra og med"), error_messages={"invalid_choice": _("Vælg en måned fra listen.")})
    til = forms.ChoiceField(label=_("Til og med"), error_messages={"invalid_choice": _("Vælg en måned fra listen.")})

    def __init__(self, chosen: Mapping[str, str], *, earliest: date | None, today: date) -> None:
        self.usual = usual(today)
        first, last = (f"{month:%Y-%m}" for month in self.usual)
        super().__init__({"fra": chosen.get("fra") or first, "til": chosen.get("til") or last})
        months = months_between(min(earliest or self.usual[0], self.usual[0]), self.usual[1])
        self._months = {f"{month:%Y-%m}": month for month in months}
        choices = [(key, date_format(month, "F Y")) for key, month in reversed(self._months.items())]
        for field in self.fields.values():
            field.choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins, or is too long for one page."""
        chosen = super().clean() or {}
        if not self.errors:
            length = len(months_between(self._months[chosen["fra"]], self._months[chosen["til"]]))
            if length < 1:
                self.add_error("til", _("Vælg en måned, der ikke ligger før den første."))
            elif length > MOST_MONTHS:
                self.add_error("fra", _("Vælg højst %(number)d måneder ad gangen.") % {"number": MOST_MONTHS})
        return chosen

    def period(self) -> tuple[date, date]:
        """The months chosen, or the usual ones where the choice cannot be used."""
        if not self.is_valid():
            return self.usual
        return self._months[self.cleaned_data["fra"]], self._months[self.cleaned_data["til"]]


class ReadinessForm(forms.Form):
    """Which practices are shown: those of a region, and those that stand at a step."""

    region = forms.ChoiceField(label=_("Region"), required=False)
    trin = forms.ChoiceField(label=_("Hvor langt"), required=False)

    def __init__(self, chosen: Mapping[str, str], *, regions: Sequence[Place], steps: Mapping[str, str]) -> None:
        super().__init__({"region": chosen.get("region", ""), "trin": chosen.get("trin", "")})
        cast(Any, self.fields["region"]).choices = [
            ("", _("Alle regioner")),
            *((place.code, place.name) for place in regions),
        ]
        cast(Any, self.fields["trin"]).choices = [("", _("Alle")), *steps.items()]


class TestCallForm(forms.Form):
    """Where the test call is made, and the key that lets a double click make one only."""

    # Not for pytest.
    __test__ = False

    key = forms.UUIDField()
    organisation = forms.IntegerField()
