"""What somebody looks at: asked of the database as it is needed, each thing once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from monitoring.queries.months import MonthScope, QualitySum, WordSum
from monitoring.queries.statistics import (
    Chosen,
    Report,
    chosen_scope,
    practices_by_month,
    quality_of,
    report_of,
    words_of,
)
from monitoring.rules.evaluation import percent
from monitoring.rules.statistics import Tally


class Looked:
    """The numbers of a choice. ``note``: where they come from, below a picture that is taken away.

    ``month_url``: where a month leads to, if anywhere.
    """

    def __init__(self, chosen: Chosen, *, note: str = "", month_url: Callable[[date], str] = lambda _month: "") -> None:
        self.chosen = chosen
        self.note = note
        self.month_url = month_url

    @cached_property
    def scope(self) -> MonthScope:
        """Who counts, where and when."""
        return chosen_scope(self.chosen)

    @cached_property
    def report(self) -> Report:
        """Calls by month and region, and by practice."""
        return report_of(self.scope, self.chosen)

    @cached_property
    def practices_by_month(self) -> dict[tuple[int | None, int, date], Tally]:
        """Calls by region, practice and month."""
        return practices_by_month(self.scope, self.chosen)

    @cached_property
    def words(self) -> list[WordSum]:
        """Outcomes, causes, devices, browsers, waiting and pictures."""
        return words_of(self.scope, self.chosen)

    @cached_property
    def quality(self) -> list[QualitySum]:
        """Sums of the devices' quality."""
        return quality_of(self.scope, self.chosen)

    def counts(self, about: str) -> Counter[str]:
        """How many go by each word, in the whole period."""
        found: Counter[str] = Counter()
        for row in self.words:
            if row.about == about:
                found[row.word] += row.total
        return found


def number(value: float, decimals: int = 0) -> str:
    """As it is written in the reader's language, rounded half up: Django by itself cuts the rest off."""
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return str(number_format(rounded, decimals, use_l10n=True, force_grouping=True))


def share(part: int, whole: int) -> str:
    """Whole per cent, or nothing of nothing."""
    value = percent(part, whole)
    return "" if value is None else _("%(number)d %%") % {"number": value}


def count_and_share(part: int, whole: int) -> str:
    """A number, and what it is of the whole."""
    return (
        _("%(number)s (%(share)s)") % {"number": number(part), "share": share(part, whole)} if whole else number(part)
    )


def minutes(seconds: int, calls: int) -> str:
    """The average in minutes with one decimal, or nothing of nothing."""
    return number(seconds / calls / 60, 1) if calls else ""


def month_name(month: date) -> str:
    """As a heading of a row."""
    return str(date_format(month, "F Y"))


def joined(*sentences: str) -> str:
    """Sentences one after the other."""
    return " ".join(filter(None, sentences))
