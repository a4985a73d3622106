"""How many were asked, and how far they came: the response rate with its denominator."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from surveys.enums import InvitationState as State
from surveys.rules.shares import per_cent

# So many weeks are shown where nobody has chosen a period.
USUAL_WEEKS = 26


class Step(StrEnum):
    """How far somebody came at least. Whoever is at a step has passed those before it."""

    OFFERED = "offered"
    OPENED = "opened"
    BEGUN = "begun"
    ANSWERED = "answered"
    COMPLETE = "complete"


# Who declined or let it expire is counted as asked, and for no later step: from where they turned back is not kept.
_AT_LEAST: Mapping[Step, frozenset[State]] = {
    Step.OFFERED: frozenset(State),
    Step.OPENED: frozenset({State.OPENED, State.BEGUN, State.PARTLY, State.COMPLETE}),
    Step.BEGUN: frozenset({State.BEGUN, State.PARTLY, State.COMPLETE}),
    Step.ANSWERED: frozenset({State.PARTLY, State.COMPLETE}),
    Step.COMPLETE: frozenset({State.COMPLETE}),
}


@dataclass(frozen=True)
class Funnel:
    """How many invitations stand in each state."""

    states: Mapping[State, int]

    def at_least(self, step: Step) -> int:
        """How many came so far."""
        return sum(self.states.get(state, 0) for state in _AT_LEAST[step])

    @property
    def asked(self) -> int:
        """The denominator: everybody who was offered the questionnaire."""
        return self.at_least(Step.OFFERED)

    @property
    def answered(self) -> int:
        """Who sent answers and came to an end: the whole questionnaire, or a part of it."""
        return self.at_least(Step.ANSWERED)

    @property
    def rate(self) -> int | None:
        """Those who answered, of those who were asked, in per cent."""
        return per_cent(self.answered, self.asked)

    def share(self, step: Step) -> int | None:
        """Those who came so far, of those who were asked, in per cent."""
        return per_cent(self.at_least(step), self.asked)


def total(parts: Iterable[Funnel]) -> Funnel:
    """Funnels together."""
    states: Counter[State] = Counter()
    for part in parts:
        states.update(part.states)
    return Funnel(dict(states))


def weeks_between(first: date, last: date) -> list[date]:
    """The Mondays of every week from the one of the first day to the one of the last, both included."""
    monday, end = first - timedelta(days=first.weekday()), last - timedelta(days=last.weekday())
    return [monday + timedelta(weeks=number) for number in range((end - monday).days // 7 + 1)]
