"""How far a practice has come: every step, and where it stands."""

from __future__ import annotations

from datetime import date

import pytest

from monitoring.rules.readiness import Calls, Person, Step, joined, readiness

DAY = date(2026, 11, 2)


def person(user: int = 1, **known: bool) -> Person:
    given = {
        "calls": True,
        "logged_in": False,
        "needs_second_factor": False,
        "has_second_factor": False,
        "passed": False,
    }
    return Person(user=user, **{**given, **known})


CAME = person(logged_in=True)
OWES = person(2, logged_in=True, needs_second_factor=True)
SAFE = person(2, logged_in=True, needs_second_factor=True, has_second_factor=True)
TESTED = person(logged_in=True, passed=True)
OFFICE = person(3, calls=False, logged_in=True, needs_second_factor=True, has_second_factor=True)


@pytest.mark.parametrize(
    ("people", "calls", "stuck_at", "done"),
    [
        ([], Calls(), Step.LOGGED_IN, 0),
        ([person()], Calls(), Step.LOGGED_IN, 0),
        # The office alone holds no consultation.
        ([OFFICE], Calls(), Step.LOGGED_IN, 0),
        ([CAME], Calls(), Step.DEVICE_TEST, 2),
        # Who never came cannot have enrolled yet, and holds nobody back.
        ([CAME, person(2, needs_second_factor=True)], Calls(), Step.DEVICE_TEST, 2),
        ([CAME, OWES], Calls(), Step.SECOND_FACTOR, 1),
        ([CAME, SAFE], Calls(), Step.DEVICE_TEST, 2),
        ([TESTED, OWES], Calls(), Step.SECOND_FACTOR, 2),
        ([TESTED], Calls(), Step.TEST_CALL, 3),
        ([TESTED], Calls(test_call=DAY), Step.REAL_CALL, 4),
        # A step that was done out of turn does not take its place.
        ([CAME], Calls(test_call=DAY), Step.DEVICE_TEST, 3),
        # Who has held a real call got through, whatever was left out.
        ([CAME, OWES], Calls(real_call=DAY), None, 2),
        ([], Calls(real_call=DAY), None, 1),
    ],
)
def test_where_a_practice_stands(people: list[Person], calls: Calls, stuck_at: Step | None, done: int) -> None:
    found = readiness(people, calls)
    assert (found.stuck_at, found.done) == (stuck_at, done)


def test_the_steps_are_told_in_order_with_their_numbers() -> None:
    found = readiness([TESTED, SAFE, person(4), OFFICE], Calls(test_call=DAY))
    assert [(state.step, state.done, state.count, state.of, state.day) for state in found.states] == [
        (Step.LOGGED_IN, True, 2, 3, None),
        (Step.SECOND_FACTOR, True, 2, 2, None),
        (Step.DEVICE_TEST, True, 1, 3, None),
        (Step.TEST_CALL, True, None, None, DAY),
        (Step.REAL_CALL, False, None, None, None),
    ]


def test_who_works_in_two_units_is_one_person() -> None:
    assert readiness([CAME, CAME], Calls()).states[0].of == 1


def test_units_share_their_first_days() -> None:
    early, late = date(2026, 1, 1), date(2026, 2, 1)
    assert joined([Calls(late, None), Calls(early, late), Calls()]) == Calls(early, late)
    assert joined([]) == Calls()
