"""Which honoraria are shown, and what the business case is worked out for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from monitoring.forms import PeriodForm
from monitoring.rules.business_case import Wish

MOST_CONSULTATIONS = 100_000_000
MOST_FEE = 10_000
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(?:[.\s][0-9]{3})+(?:,[0-9]+)?")


class MoneyForm(PeriodForm):
    """A period, perhaps a region of several, and pilot practices alone or all."""

    region = forms.ChoiceField(
        label=_("Region"), required=False, error_messages={"invalid_choice": _("Vælg en region fra listen.")}
    )
    pilot = forms.BooleanField(label=_("Kun praksis i pilotprojektet"), required=False)

    def __init__(
        self, chosen: Mapping[str, str], *, regions: Sequence[str], whole: bool, earliest: date | None, today: date
    ) -> None:
        """``regions``: short names to choose from; ``whole``: also all of them together."""
        super().__init__(chosen, earliest=earliest, today=today)
        self._regions, self._whole = list(regions), whole
        self.data = {**chosen, **self.data}
        choices = [("", _("Hele landet"))] if whole else []
        cast(Any, self.fields["region"]).choices = choices + [(name, name) for name in regions]
        if len(regions) + whole < 2:
            del self.fields["region"]

    @property
    def chosen_region(self) -> str:
        """The region's short name; empty: all that the person may see."""
        chosen = str(self.cleaned_data.get("region", "")) if self.is_valid() else ""
        return chosen or ("" if self._whole else next(iter(self._regions), ""))

    @property
    def pilot_only(self) -> bool:
        """Whether pilot practices alone are wanted."""
        return self.is_valid() and bool(self.cleaned_data["pilot"])

    def address(self) -> dict[str, str]:
        """What was chosen, as it stands in an address."""
        first, last = self.period()
        chosen = {
            "fra": f"{first:%Y-%m}",
            "til": f"{last:%Y-%m}",
            "region": self.chosen_region if "region" in self.fields else "",
            "pilot": "on" if self.pilot_only else "",
        }
        return {name: value for name, value in chosen.items() if value}


class _Crowns(forms.DecimalField):
    """An amount in figures; ``1E+2`` is none."""

    def to_python(self, value: Any) -> Any:
        """Refuses powers of ten."""
        if "e" in str(value).lower():
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


def _plain(text: str) -> str:
    """A number as Danes write it (``1.000``, ``1 000``, ``1.234,50``), as a program does."""
    text = text.strip()
    if _THOUSANDS.fullmatch(text):
        text = re.sub(r"[.\s]", "", text)
    return text.replace(",", ".")


class WishForm(forms.Form):
    """How many consultations, how many of them on video, and at which fee. What is left out is as it was."""

    antal = forms.IntegerField(
        label=_("Konsultationer i alt"),
        min_value=0,
        max_value=MOST_CONSULTATIONS,
        help_text=_("Både på video og i klinikken."),
        error_messages={"invalid": _("Skriv et helt tal.")},
    )
    andel = forms.IntegerField(
        label=_("Andel på video, i procent"),
        min_value=0,
        max_value=100,
        error_messages={"invalid": _("Skriv et helt tal fra 0 til 100.")},
    )
    honorar = _Crowns(
        label=_("Honorar pr. videokonsultation, i kr."),
        min_value=0,
        max_value=MOST_FEE,
        decimal_places=2,
        error_messages={"invalid": _("Skriv et beløb i kroner, for eksempel 160,00.")},
    )

    def __init__(self, chosen: Mapping[str, str], *, start: Wish) -> None:
        self.start = start
        # As far as each slider goes.
        self.most: dict[str, int] = {}
        usual = {
            "antal": str(start.volume),
            "andel": str(start.share),
            "honorar": f"{Decimal(start.fee) / 100:.2f}",
        }
        # Danish dots and commas are typed where the browser has no field for numbers.
        typed = {name: _plain(chosen.get(name, "")) for name in usual}
        super().__init__({name: typed[name] or value for name, value in usual.items()})
        for name, step, most in (
            ("antal", "1", max(1000, 10 * start.volume)),
            ("andel", "1", 100),
            ("honorar", "0.01", max(400, start.fee // 50)),
        ):
            self.fields[name].widget.attrs.update({"step": step, "inputmode": "decimal"})
            self.most[name] = most

    def wish(self) -> Wish:
        """What was asked for; as it was where it cannot be used."""
        if not self.is_valid():
            return self.start
        chosen = self.cleaned_data
        return Wish(volume=chosen["antal"], share=chosen["andel"], fee=int(chosen["honorar"] * 100))
