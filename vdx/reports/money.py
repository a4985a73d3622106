"""Fees and costs as rows, the header first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from monitoring.queries import CostLine
from monitoring.rules.fees import PAID, Paid, Rate
from vdx.reports.tables import Rows


def fees_table(paid: Sequence[Paid], regions: Sequence[str]) -> Rows:
    """What each region's practices get for each kind; for signing up ``calls`` is how many signed up."""
    sums: dict[tuple[str, str], tuple[int, int]] = {}
    for some in paid:
        calls, amount = sums.get((some.region, some.kind), (0, 0))
        sums[some.region, some.kind] = calls + some.calls, amount + some.amount
    rows: Rows = [["region", "kind", "calls", "amount_ore"]]
    # A region may have fees and none of what the other tables count: a call to which nobody came.
    named = {some.region for some in paid}
    for region in [*regions, *sorted(named.difference(regions))]:
        for kind in PAID:
            rows.append([region, kind, *sums.get((region, kind), (0, 0))])
    return rows


def costs_table(lines: Iterable[CostLine]) -> Rows:
    """What was entered for the period; without a region it is the whole country's."""
    rows: Rows = [["region", "item", "quantity", "unit", "amount_ore"]]
    for line in lines:
        quantity = f"{line.quantity.normalize():f}"
        rows.append([line.region, line.item, quantity, line.unit, line.amount_ore])
    return rows


def rates_table(rates: Iterable[Rate]) -> Rows:
    """Every fee; of one that is paid for several units (eight hours) the amount is the unit's."""
    rows: Rows = [["region", "practice_kind", "kind", "rule", "amount_ore", "valid_from"]]
    for rate in rates:
        rows.append([rate.region, rate.practice_kind, rate.kind, rule(rate), rate.amount, rate.valid_from.isoformat()])
    return rows


def rule(rate: Rate) -> str:
    """The rule with its numbers: ``per_begun_module:10``, ``per_whole_module:10:3`` (at most three), ``one_off:8``."""
    words = [rate.rule]
    if rate.module_minutes:
        words.append(str(rate.module_minutes))
        if rate.most_modules is not None:
            words.append(str(rate.most_modules))
    elif rate.quantity != 1:
        words.append(str(rate.quantity))
    return ":".join(words)
