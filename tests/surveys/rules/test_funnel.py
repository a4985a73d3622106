"""The response rate, with everybody who was asked as its denominator."""

from __future__ import annotations

from datetime import date

from surveys.enums import InvitationState as State
from surveys.rules.funnel import Funnel, Step, total, weeks_between

ALL = Funnel(
    {
        State.OFFERED: 10,
        State.OPENED: 4,
        State.BEGUN: 1,
        State.PARTLY: 2,
        State.COMPLETE: 13,
        State.DECLINED: 5,
        State.EXPIRED: 6,
    }
)


def test_whoever_is_at_a_step_has_passed_those_before_it() -> None:
    assert [ALL.at_least(step) for step in Step] == [41, 20, 16, 15, 13]


def test_the_rate_is_of_everybody_who_was_asked() -> None:
    assert (ALL.asked, ALL.answered, ALL.rate) == (41, 15, 37)
    assert ALL.share(Step.COMPLETE) == 32
    assert Funnel({}).rate is None


def test_no_step_has_more_than_the_one_before() -> None:
    for state in State:
        steps = [Funnel({state: 1}).at_least(step) for step in Step]
        assert steps == sorted(steps, reverse=True)
        assert steps[0] == 1


def test_funnels_together() -> None:
    assert total([ALL, Funnel({State.OFFERED: 1})]).asked == 42
    assert total([]).asked == 0


def test_weeks_begin_on_mondays() -> None:
    # 1 November 2026 is a Sunday.
    found = weeks_between(date(2026, 11, 1), date(2026, 11, 16))
    assert found == [date(2026, 10, 26), date(2026, 11, 2), date(2026, 11, 9), date(2026, 11, 16)]
    assert weeks_between(date(2026, 11, 2), date(2026, 11, 2)) == [date(2026, 11, 2)]
