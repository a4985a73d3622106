"""The choice of a period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, cast

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from monitoring.queries import Place
from monitoring.queries.statistics import Choices
from monitoring.rules.kind import CallKind
from monitoring.rules.period import MOST_MONTHS, months_between, ready_made, usual

# More practices than this are found by typing.
MOST_IN_A_LIST = 100


class PeriodForm(forms.Form):
    """From one month to another. What is not chosen is this month and the five before."""

    fra = forms.ChoiceField(label=_("Fra og med"), error_messages={"invalid_choice": _("Vælg en måned fra listen.")})
    til = forms.ChoiceField(label=_("Til og med"), error_messages={"invalid_choice": _("Vælg en måned fra listen.")})

    def __init__(self, chosen: Mapping[str, str], *, earliest: date | None, today: date) -> None:
        self.usual = usual(today)
        first, last = (f"{month:%Y-%m}" for month in self.usual)
        super().__init__({**chosen, "fra": chosen.get("fra") or first, "til": chosen.get("til") or last})
        months = months_between(min(earliest or self.usual[0], self.usual[0]), self.usual[1])
        self._months = {f"{month:%Y-%m}": month for month in months}
        choices = [(key, date_format(month, "F Y")) for key, month in reversed(self._months.items())]
        for name in ("fra", "til"):
            cast(Any, self.fields[name]).choices = choices

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins, or is too long for one page."""
        chosen = super().clean() or {}
        if not {"fra", "til"} & set(self.errors):
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


class StatisticsForm(PeriodForm):
    """What the statistics are of: months, and where there is something to choose, a region, a practice and a kind."""

    region = forms.ChoiceField(
        label=_("Region"), required=False, error_messages={"invalid_choice": _("Vælg en region fra listen.")}
    )
    praksis = forms.CharField(label=_("Praksis"), required=False, max_length=200)
    slags = forms.ChoiceField(
        label=_("Slags"),
        required=False,
        choices=[
            ("", _("Alle")),
            (CallKind.CONSULTATION.value, _("Kun konsultationer")),
            (CallKind.CONFERENCE.value, _("Kun konferencer")),
        ],
        error_messages={"invalid_choice": _("Vælg fra listen.")},
    )
    pilot = forms.BooleanField(label=_("Kun praksis i pilotprojektet"), required=False)

    def __init__(self, chosen: Mapping[str, str], *, choices: Choices, earliest: date | None, today: date) -> None:
        self.choices = choices
        self.ready_made = ready_made(today, choices.pilot)
        first = min([first for first, _last in self.ready_made.values()])
        super().__init__(chosen, earliest=min(earliest or first, first), today=today)
        if choices.regions:
            regions = [(place.code, place.name) for place in choices.regions]
            cast(Any, self.fields["region"]).choices = [("", _("Alle")), *regions]
        else:
            del self.fields["region"]
        if len(choices.practices) < 2:
            del self.fields["praksis"]
        elif len(choices.practices) <= MOST_IN_A_LIST:
            practices = [(place.code, place.name) for place in choices.practices]
            self.fields["praksis"] = forms.ChoiceField(
                label=_("Praksis"),
                required=False,
                choices=[("", _("Alle")), *practices],
                error_messages={"invalid_choice": _("Vælg en praksis fra listen.")},
            )
        else:
            self.fields["praksis"].help_text = _("Skriv navnet eller koden.")
        if choices.pilot is None:
            del self.fields["pilot"]

    def clean_praksis(self) -> str:
        """The practice's code, from its code, its name, or a part of the name that only one has."""
        wanted = str(self.cleaned_data["praksis"]).strip().casefold()
        if not wanted:
            return ""
        places = self.choices.practices
        for fits in (
            [place for place in places if place.code.casefold() == wanted],
            [place for place in places if place.name.casefold() == wanted],
            [place for place in places if wanted in place.name.casefold()],
        ):
            if len(fits) == 1:
                return fits[0].code
            if fits:
                raise forms.ValidationError(_("Flere praksis passer. Skriv hele navnet eller koden."))
        raise forms.ValidationError(_("Ingen praksis hedder det. Skriv navnet eller koden."))

    @property
    def place(self) -> Place | None:
        """The practice that was chosen."""
        return _of_code(self.choices.practices, self._value("praksis"))

    @property
    def region_place(self) -> Place | None:
        """The region that was chosen."""
        return _of_code(self.choices.regions, self._value("region"))

    @property
    def kind(self) -> CallKind | None:
        """The kind that was chosen."""
        value = self._value("slags")
        return CallKind(value) if value else None

    @property
    def pilot_only(self) -> bool:
        """Whether pilot practices alone are wanted."""
        return bool(self._value("pilot"))

    def address(self, **other: str) -> dict[str, str]:
        """What was chosen, as it stands in an address; ``other`` instead of it, empty for nothing."""
        first, last = self.period()
        chosen = {
            "fra": f"{first:%Y-%m}",
            "til": f"{last:%Y-%m}",
            "region": self.region_place.code if self.region_place else "",
            "praksis": self.place.code if self.place else "",
            "slags": self.kind.value if self.kind else "",
            "pilot": "1" if self.pilot_only else "",
        }
        return {name: value for name, value in {**chosen, **other}.items() if value}

    def _value(self, name: str) -> Any:
        return self.cleaned_data.get(name) if self.is_valid() else None


def _of_code(places: Sequence[Place], code: str | None) -> Place | None:
    return next((place for place in places if place.code == code), None) if code else None


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
