"""How far a practice has come on its way to the first real call, and what is next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Step(StrEnum):
    """What a practice does before its first consultation on video, in this order."""

    LOGGED_IN = "logged_in"
    SECOND_FACTOR = "second_factor"
    DEVICE_TEST = "device_test"
    TEST_CALL = "test_call"
    REAL_CALL = "real_call"


@dataclass(frozen=True)
class Person:
    """Somebody who works there. ``calls``: a doctor or secretary, who holds consultations.

    ``passed``: the device test was passed on a machine where the person was logged in.
    """

    user: int
    calls: bool
    logged_in: bool
    needs_second_factor: bool
    has_second_factor: bool
    passed: bool


@dataclass(frozen=True)
class Calls:
    """Danish days of the first test call and of the first real one; None: not yet."""

    test_call: date | None = None
    real_call: date | None = None


@dataclass(frozen=True)
class State:
    """One step of one practice: done or not, and by how many of how many where people do it one by one."""

    step: Step
    done: bool
    count: int | None = None
    of: int | None = None
    day: date | None = None


@dataclass(frozen=True)
class Readiness:
    """All steps of a practice, and the one at which it stands: None when a real call was held."""

    states: tuple[State, ...]
    stuck_at: Step | None

    @property
    def done(self) -> int:
        """How many steps are done."""
        return sum(state.done for state in self.states)


def readiness(people: Iterable[Person], calls: Calls) -> Readiness:
    """Where a practice stands.

    Logged in and the device test: one doctor or secretary who has is enough to go on. Second factor: nobody who came
    and must have one is without. A test call is two devices that met. A practice that has held a real call is stuck
    nowhere, whatever it left out.
    """
    staff = list({person.user: person for person in people}.values())
    callers = [person for person in staff if person.calls]
    came = sum(person.logged_in for person in callers)
    owing = [person for person in staff if person.logged_in and person.needs_second_factor]
    protected = sum(person.has_second_factor for person in owing)
    passed = sum(person.passed for person in callers)
    states = (
        State(Step.LOGGED_IN, came > 0, came, len(callers)),
        State(Step.SECOND_FACTOR, came > 0 and protected == len(owing), protected, len(owing)),
        State(Step.DEVICE_TEST, passed > 0, passed, len(callers)),
        State(Step.TEST_CALL, calls.test_call is not None, day=calls.test_call),
        State(Step.REAL_CALL, calls.real_call is not None, day=calls.real_call),
    )
    return Readiness(states, None if calls.real_call else next_step(states))


def next_step(states: Sequence[State]) -> Step | None:
    """The first step that is not done."""
    return next((state.step for state in states if not state.done), None)


def joined(calls: Iterable[Calls]) -> Calls:
    """The first days of several units together."""
    known = list(calls)
    return Calls(
        min((each.test_call for each in known if each.test_call), default=None),
        min((each.real_call for each in known if each.real_call), default=None),
    )
