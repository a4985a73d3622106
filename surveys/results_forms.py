"""What is looked at on the pages of the results: the question, another one beside it, and whose answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, cast

from django import forms
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking.enums import Outcome
from surveys.enums import TEXT_KINDS, ContextFact
from surveys.queries.context import UNKNOWN
from surveys.queries.results import Filters, Source
from surveys.results_access import ResultsScope
from surveys.rules.questionnaire import Variable
from surveys.wording import question_text
from vdx.accounts.enums import OrganisationKind

_FACTS = {"region": ContextFact.REGION, "art": ContextFact.PRACTICE_KIND, "udfald": ContextFact.OUTCOME}
# What fits a list on a phone.
_LABEL = 90

Regions = Sequence[tuple[str, str]]


class PeriodForm(forms.Form):
    """From one month to another; nothing chosen is everything."""

    fra = forms.ChoiceField(label=gettext_lazy("Fra og med"), required=False)
    til = forms.ChoiceField(label=gettext_lazy("Til og med"), required=False)

    def __init__(self, chosen: Mapping[str, str], *, earliest: date | None, today: date) -> None:
        super().__init__({name: chosen.get(name, "") for name in self.base_fields})
        self._months = _months(earliest or today, today)
        months = [(key, date_format(month, "F Y")) for key, month in reversed(self._months.items())]
        self.choose("fra", [("", _("Fra begyndelsen")), *months])
        self.choose("til", [("", _("Til nu")), *months])

    def choose(self, name: str, choices: Sequence[Any]) -> None:
        """Give a list its entries."""
        field = cast(Any, self.fields[name])
        field.choices = choices
        field.error_messages["invalid_choice"] = _("Vælg fra listen.")

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins."""
        chosen = super().clean() or {}
        if chosen.get("fra") and chosen.get("til") and chosen["fra"] > chosen["til"]:
            self.add_error("til", _("Vælg en måned, der ikke ligger før den første."))
        return chosen

    @property
    def first(self) -> date | None:
        """The first day of the period; None from the beginning, or where the choice cannot be used."""
        return self._months.get(self._valid("fra"))

    @property
    def last(self) -> date | None:
        """The last day of the period; None until now."""
        month = self._months.get(self._valid("til"))
        return None if month is None else (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)

    def _valid(self, name: str) -> str:
        # A form that is wrong somewhere chooses nothing: half of a choice would be another question's answer.
        return str(self.cleaned_data.get(name, "")) if self.is_valid() else ""


class ResultsForm(PeriodForm):
    """A question, perhaps another one, and whose answers. What the answers do not keep of their call is no choice."""

    sp = forms.ChoiceField(label=gettext_lazy("Spørgsmål"), required=False)
    kryds = forms.ChoiceField(label=gettext_lazy("Sammen med"), required=False)
    region = forms.ChoiceField(label=gettext_lazy("Region"), required=False)
    art = forms.ChoiceField(label=gettext_lazy("Slags praksis"), required=False)
    udfald = forms.ChoiceField(label=gettext_lazy("Hvordan samtalen endte"), required=False)

    def __init__(
        self,
        chosen: Mapping[str, str],
        *,
        source: Source,
        scope: ResultsScope,
        regions: Regions,
        earliest: date | None,
        today: date,
    ) -> None:
        super().__init__(chosen, earliest=earliest, today=today)
        self._scope = scope
        self._variables = {variable.name: variable for variable in source.definition.variables}
        entries = [(name, _entry(variable)) for name, variable in self._variables.items()]
        self.choose("sp", entries)
        with_codes = [entry for entry in entries if self._variables[entry[0]].kind not in TEXT_KINDS]
        self.choose("kryds", [("", _("Intet andet spørgsmål")), *with_codes])
        self.choose("region", [("", _("Alle regioner")), *regions])
        self.choose(
            "art",
            [
                ("", _("Alle slags")),
                *((kind.value, kind.label) for kind in OrganisationKind if kind is not OrganisationKind.REGION),
            ],
        )
        self.choose("udfald", [("", _("Alle")), *Outcome.choices, (UNKNOWN, _("Vides ikke"))])
        for name, fact in _FACTS.items():
            if fact not in source.facts or (name == "region" and len(regions) < 2):
                del self.fields[name]

    @property
    def variable(self) -> Variable:
        """The question that is shown: the chosen one, or the first."""
        return self._variables.get(self._valid("sp")) or next(iter(self._variables.values()))

    @property
    def beside(self) -> Variable | None:
        """The question beside it. A question is not put beside itself, nor beside what is written in own words."""
        chosen = self._variables.get(self._valid("kryds"))
        alone = chosen is None or chosen.name == self.variable.name or self.variable.kind in TEXT_KINDS
        return None if alone else chosen

    @property
    def neighbours(self) -> tuple[Variable | None, Variable | None]:
        """The question before the shown one, and the one after."""
        every = list(self._variables.values())
        place = every.index(self.variable)
        return every[place - 1] if place else None, every[place + 1] if place + 1 < len(every) else None

    def filters(self) -> Filters:
        """Whose answers count."""
        return Filters(
            first=self.first,
            last=self.last,
            region=self._valid("region"),
            practice_kind=self._valid("art"),
            outcome=self._valid("udfald"),
            regions=self._scope.regions,
        )

    def words(self) -> list[str]:
        """What was chosen, for people to read below a picture that has left the page."""
        return _period_words(self.first, self.last) + [
            str(dict(cast(Any, self.fields[name]).choices)[value])
            for name in ("region", "art", "udfald")
            if (value := self._valid(name))
        ]

    def chosen(self) -> dict[str, str]:
        """The parameters of an address that shows the same."""
        every = {"sp": self.variable.name, "kryds": self.beside.name if self.beside else ""}
        every |= {name: self._valid(name) for name in ("fra", "til", *_FACTS)}
        return {name: value for name, value in every.items() if value}


class ResponseRateForm(PeriodForm):
    """Which questionnaire, whose region, and when."""

    skema = forms.ChoiceField(label=gettext_lazy("Spørgeskema"), required=False)
    region = forms.ChoiceField(label=gettext_lazy("Region"), required=False)

    def __init__(
        self,
        chosen: Mapping[str, str],
        *,
        titles: Sequence[tuple[str, str]],
        regions: Regions,
        earliest: date | None,
        today: date,
    ) -> None:
        super().__init__(chosen, earliest=earliest, today=today)
        self.choose("skema", titles)
        self.choose("region", [("", _("Alle regioner")), *regions])
        if len(titles) < 2:
            del self.fields["skema"]
        if len(regions) < 2:
            del self.fields["region"]

    def words(self) -> list[str]:
        """What was chosen, for people to read."""
        region = self.chosen_region
        names = dict(cast(Any, self.fields["region"]).choices) if region else {}
        return _period_words(self.first, self.last) + ([str(names[region])] if region else [])

    @property
    def chosen_region(self) -> str:
        """The code of the region, or nothing."""
        return self._valid("region")

    @property
    def chosen_key(self) -> str:
        """The key of the questionnaire, or nothing."""
        return self._valid("skema")

    def chosen(self) -> dict[str, str]:
        """The parameters of an address that shows the same."""
        every = {name: self._valid(name) for name in ("skema", "fra", "til", "region")}
        return {name: value for name, value in every.items() if value}


def _months(earliest: date, today: date) -> dict[str, date]:
    first, last = (day.year * 12 + day.month - 1 for day in (min(earliest, today), today))
    months = (date(count // 12, count % 12 + 1, 1) for count in range(first, last + 1))
    return {f"{month:%Y-%m}": month for month in months}


def _entry(variable: Variable) -> str:
    return Truncator(question_text(variable)).chars(_LABEL)


def _period_words(first: date | None, last: date | None) -> list[str]:
    if first is None and last is None:
        return []
    said = {"first": date_format(first, "F Y") if first else "", "last": date_format(last, "F Y") if last else ""}
    if first is None:
        return [_("til og med %(last)s") % said]
    if last is None:
        return [_("fra og med %(first)s") % said]
    return [said["first"] if said["first"] == said["last"] else _("%(first)s til %(last)s") % said]
