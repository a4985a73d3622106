"""What a call, or signing up, is paid with. Money is whole øre."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import gcd

PER_CALL, PER_BEGUN_MODULE, PER_WHOLE_MODULE, ONE_OFF = "per_call", "per_begun_module", "per_whole_module", "one_off"
CONSULTATION, CONFERENCE, NOT_CARRIED_OUT = "consultation", "conference", "not_carried_out"
SIGNING_UP = "signing_up"
# What a consultation on video is compared with, and the practices whose agreement that is.
ORDINARY, TELEPHONE, GENERAL = "ordinary", "telephone", "general"
# What calls and practices are paid with, in the order in which it is shown.
PAID = (CONSULTATION, CONFERENCE, NOT_CARRIED_OUT, SIGNING_UP)


@dataclass(frozen=True)
class Rate:
    """A fee: where (empty: everywhere), for whom and what, on which days (both included; None: without end), how.

    ``amount`` is øre a call, a module, or a unit of ``quantity`` (a one-off fee of eight hours: the hour).
    """

    region: str
    practice_kind: str
    kind: str
    rule: str
    amount: int
    valid_from: date
    valid_until: date | None = None
    module_minutes: int = 0
    most_modules: int | None = None
    quantity: int = 1

    def covers(self, day: date) -> bool:
        """Whether the fee is paid on a day."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


@dataclass(frozen=True)
class FeeCalls:
    """Calls of one kind that are alike: the practice, from which day on, and how long each was.

    ``whole`` and ``begun``: the minutes that were filled and those that were begun, in steps of :func:`module_steps`
    (the filled ones down to a step, the begun ones up to one); 0 where no module is paid by them.
    """

    practice: int
    practice_kind: str
    region: str
    day: date
    kind: str
    whole: int
    begun: int
    calls: int


@dataclass(frozen=True)
class Paid:
    """What a practice gets for its calls of one kind. For ``without_agreement`` of them no fee is agreed on at all."""

    practice: int
    region: str
    kind: str
    calls: int
    amount: int
    without_agreement: int = 0


def rates_for(rates: Iterable[Rate], *, region: str, practice_kind: str, kind: str, day: date) -> list[Rate]:
    """The fees that are paid. A region's own stand before those for everywhere; of several the newest counts.

    One-off fees that began on the same day stand beside each other.
    """
    fit = [
        rate
        for rate in rates
        if rate.kind == kind
        and rate.practice_kind == practice_kind
        and rate.region in {region, ""}
        and rate.covers(day)
    ]
    own = [rate for rate in fit if rate.region] or fit
    began = max((rate.valid_from for rate in own), default=day)
    newest = [rate for rate in own if rate.valid_from == began]
    return newest if kind == SIGNING_UP else newest[:1]


def modules(rate: Rate, *, whole: int, begun: int) -> int:
    """How many modules are paid, of a call with so many filled and so many begun minutes."""
    if rate.rule == PER_CALL:
        return 1
    if rate.rule == PER_BEGUN_MODULE:
        count = -(-begun // rate.module_minutes)
    else:
        count = whole // rate.module_minutes
    return count if rate.most_modules is None else min(count, rate.most_modules)


def module_steps(rates: Iterable[Rate]) -> dict[str, int]:
    """For each kind that is paid by the module the minutes that every such module is a multiple of.

    Calls that filled and began as many of these steps are paid alike, so nobody needs to know their minutes.
    """
    steps: dict[str, int] = {}
    for rate in rates:
        if rate.rule in {PER_BEGUN_MODULE, PER_WHOLE_MODULE}:
            steps[rate.kind] = gcd(steps.get(rate.kind, 0), rate.module_minutes)
    return steps


def pay(calls: Iterable[FeeCalls], rates: Sequence[Rate]) -> list[Paid]:
    """What each practice gets, by region and kind."""
    sums: dict[tuple[int, str, str], tuple[int, int, int]] = {}
    # Of a whole country's calls many are paid by the same few fees.
    known: dict[tuple[str, str, str, date], list[Rate]] = {}
    for some in calls:
        terms = some.region, some.practice_kind, some.kind, some.day
        if terms not in known:
            known[terms] = rates_for(
                rates, region=some.region, practice_kind=some.practice_kind, kind=some.kind, day=some.day
            )
        fitting = known[terms]
        each = sum(rate.amount * modules(rate, whole=some.whole, begun=some.begun) for rate in fitting)
        key = some.practice, some.region, some.kind
        count, amount, unpaid = sums.get(key, (0, 0, 0))
        sums[key] = count + some.calls, amount + each * some.calls, unpaid + (0 if fitting else some.calls)
    return [Paid(*key, *found) for key, found in sums.items()]


def pay_signing_up(practices: Iterable[tuple[int, str, str, date]], rates: Sequence[Rate]) -> list[Paid]:
    """The one-off fees of practices: id, kind, region and the day of signing up."""
    paid = []
    for practice, practice_kind, region, day in practices:
        fitting = rates_for(rates, region=region, practice_kind=practice_kind, kind=SIGNING_UP, day=day)
        if fitting:
            amount = sum(rate.amount * rate.quantity for rate in fitting)
            paid.append(Paid(practice, region, SIGNING_UP, 1, amount))
    return paid


def usual_fee(calls: Iterable[FeeCalls], rates: Sequence[Rate], kind: str) -> int | None:
    """The fee a call that most calls of a kind are paid with, the higher of two alike; None where none is."""
    counts: Counter[int] = Counter()
    known: dict[tuple[str, str, date], list[Rate]] = {}
    for some in calls:
        if some.kind != kind:
            continue
        terms = some.region, some.practice_kind, some.day
        if terms not in known:
            known[terms] = rates_for(rates, region=terms[0], practice_kind=terms[1], kind=kind, day=terms[2])
        for rate in known[terms]:
            if rate.rule == PER_CALL:
                counts[rate.amount] += some.calls
    return max(counts, key=lambda amount: (counts[amount], amount), default=None)


def nearest(rates: Iterable[Rate], *, region: str, practice_kind: str, kind: str, day: date) -> Rate | None:
    """The fee a call of a day; where none is in force the one that began last before it, or else the first after it.

    For comparing: an agreement that has run out, with none entered after it, says more than nothing.
    """
    known = [rate for rate in rates if rate.rule == PER_CALL]
    days = {rate.valid_from for rate in known if rate.kind == kind and rate.practice_kind == practice_kind}
    for other in (day, *sorted((start for start in days if start <= day), reverse=True), *sorted(days)):
        found = rates_for(known, region=region, practice_kind=practice_kind, kind=kind, day=other)
        if found:
            return found[0]
    return None


def changes(rates: Iterable[Rate], first: date, last: date) -> list[date]:
    """The first day of a period, and every day in it on which some fee changes, in order."""
    days = {first}
    for rate in rates:
        ends = None if rate.valid_until is None else rate.valid_until + timedelta(days=1)
        days |= {day for day in (rate.valid_from, ends) if day is not None and first < day <= last}
    return sorted(days)
