"""Which region an organisation belonged to on a day."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Period:
    """A region by date; both dates included, None: without end."""

    region_id: int
    valid_from: date | None
    valid_until: date | None

    def covers(self, day: date) -> bool:
        """Whether the period includes ``day``."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )


def region_for(
    organisation_id: int,
    day: date,
    *,
    parents: Mapping[int, int | None],
    periods: Mapping[int, Sequence[Period]],
    regions: Collection[int],
) -> int | None:
    """The id of the region, or None where there is none.

    From the organisation upwards the first word counts: a period that covers the day, or being a region. So a
    unit follows its practice. Of overlapping periods the one that began last wins.
    """
    seen: set[int] = set()
    node: int | None = organisation_id
    while node is not None and node not in seen:
        seen.add(node)
        covering = [period for period in periods.get(node, ()) if period.covers(day)]
        if covering:
            return max(covering, key=lambda period: period.valid_from or date.min).region_id
        if node in regions:
            return node
        node = parents.get(node)
    return None
