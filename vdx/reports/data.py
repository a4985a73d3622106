"""What a report on a period is made of: read once, and made into tables once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from monitoring import queries as monitoring_queries
from monitoring.queries import CostLine
from monitoring.rules.evaluation import Evaluation
from monitoring.rules.fees import Paid, Rate
from surveys.queries.evaluation import Answers, patients_answers, postcards_answers
from vdx.lib.database import one_look
from vdx.reports import money, surveys, tables
from vdx.reports.tables import Rows, Uptime


@dataclass(frozen=True)
class Data:
    """Everything of a period; both days are Danish ones and included."""

    first: date
    last: date
    numbers: Evaluation
    paid: Sequence[Paid]
    costs: Sequence[CostLine]
    rates: Sequence[Rate]
    uptime: Sequence[Uptime]
    patients: Answers
    postcards: Answers
    # By the name of the file; the header first.
    tables: dict[str, Rows]

    @property
    def totals(self) -> dict[str, int | str]:
        """The sums, shares and averages that the text names."""
        return {str(measure): value for measure, value in self.tables["totals"][1:]}

    def total(self, measure: str) -> int:
        """One of them that is always there."""
        return int(self.totals[measure])


def read(*, first: date, last: date) -> Data:
    """Everything of a period, in a number of queries that follows what is asked and not how much is answered.

    All of it is of one moment (on PostgreSQL), so that no call is in one table and not yet in another.
    """
    with one_look():
        return _read(first, last)


def _read(first: date, last: date) -> Data:
    numbers = monitoring_queries.evaluation(first=first, last=last)
    paid = monitoring_queries.honoraria(first=first, last=last)
    costs = monitoring_queries.costs(first=first, last=last)
    rates = [
        rate
        for rate in monitoring_queries.rates()
        if rate.valid_from <= last and (rate.valid_until is None or rate.valid_until >= first)
    ]
    uptime = monitoring_queries.uptime_by_month(first, last)
    patients, postcards = patients_answers(first=first, last=last), postcards_answers(first=first, last=last)
    made = {
        **tables.monitoring_tables(numbers),
        "figure6_uptime": tables.uptime_table(numbers.months, uptime),
        **surveys.survey_tables(surveys.PATIENTS, patients),
        **surveys.survey_tables(surveys.POSTCARDS, postcards),
        "survey_answers": surveys.answered_table({surveys.PATIENTS: patients, surveys.POSTCARDS: postcards}),
        "response_rates": surveys.rates_table(
            postcards,
            patients,
            calls=numbers.total(lambda cell: cell.calls),
            consultations=numbers.total(lambda cell: cell.consultations),
        ),
        "table7_costs": money.costs_table(costs),
        "table8_rates": money.rates_table(rates),
        "fees": money.fees_table(paid, numbers.regions),
    }
    made["totals"] = [
        *made["totals"],
        *tables.uptime_totals(uptime),
        ["fees_ore", sum(some.amount for some in paid)],
        ["costs_ore", sum(line.amount_ore for line in costs)],
    ]
    return Data(first, last, numbers, paid, costs, rates, uptime, patients, postcards, made)
