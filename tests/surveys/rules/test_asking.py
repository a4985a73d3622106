"""Who may be asked for how long, which pages lie ahead, and the bands in which a call is remembered."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from surveys.rules import walk
from surveys.rules.activation import holds, read
from surveys.rules.asking import (
    ASK_WITHIN,
    may_be_asked,
    minutes_band,
    newly_shown,
    pace,
    possible,
    progress,
    quality_band,
    week_of,
)
from surveys.rules.questionnaire import QuestionnaireDef, from_json

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
CASES = json.loads((Path(__file__).parent.parent / "activation_cases.json").read_text())


@pytest.fixture(scope="module")
def patients() -> QuestionnaireDef:
    return from_json(json.loads(Path("surveys/migrations/shipped/patients.json").read_text()))


@pytest.mark.parametrize(("rule", "answers", "expected"), CASES)
def test_rules_hold_as_they_do_in_the_browser(rule: object, answers: dict, expected: bool) -> None:
    assert holds(read(rule), answers) is expected


@pytest.mark.parametrize(
    ("closed_at", "allowed"),
    [(None, True), (NOW, True), (NOW - ASK_WITHIN, True), (NOW - ASK_WITHIN - timedelta(seconds=1), False)],
)
def test_a_guest_may_be_asked_for_a_week(closed_at: datetime | None, allowed: bool) -> None:
    assert may_be_asked(closed_at=closed_at, now=NOW) is allowed


def test_the_first_minute_is_five_questions_and_the_whole_takes_five_minutes(patients: QuestionnaireDef) -> None:
    found = pace(patients)

    assert (found.minutes, found.first) == (5, 2)
    asked = [len(walk.shown(patients, {"contact": contact})) for contact in (1, 2)]
    assert asked == [24, 7]
    first = [each for each in patients.variables if each.page <= found.first]
    assert [sum(each.name in walk.shown(patients, {"contact": contact}) for each in first) for contact in (1, 2)] == [
        5,
        5,
    ]


def test_a_first_page_that_takes_longer_than_a_minute_is_not_said_to_be_quick(patients: QuestionnaireDef) -> None:
    grids = replace(patients, pages=(patients.pages[2] + patients.pages[5],))

    assert (pace(grids).first, pace(replace(patients, pages=patients.pages[:1])).minutes) == (0, 1)


def test_weeks_begin_on_monday() -> None:
    assert week_of(date(2026, 11, 23)) == week_of(date(2026, 11, 29)) == date(2026, 11, 23)
    assert week_of(date(2026, 11, 30)) == date(2026, 11, 30)


def test_what_hangs_on_the_same_page_may_still_come(patients: QuestionnaireDef) -> None:
    assert possible(patients, 2, {})[2] == {"contact", "contact_why", "times_used", "device"}
    assert "picture_prevented" in possible(patients, 4, {"contact": 1})[4]


def test_what_earlier_pages_have_ruled_out_never_comes(patients: QuestionnaireDef) -> None:
    ahead = possible(patients, 3, {"contact": 2})

    assert set(ahead) == {6, 7}
    assert ahead[6] == {"accept_again", "accept_again_why"}


def test_progress_never_grows_longer(patients: QuestionnaireDef) -> None:
    assert progress(patients, 1, {}) == (1, 7)
    assert progress(patients, 2, {}) == (2, 7)
    assert progress(patients, 3, {"contact": 1}) == (3, 7)
    assert progress(patients, 6, {"contact": 2}) == (3, 4)
    assert progress(patients, 7, {"contact": 2}) == (4, 4)


def test_a_question_that_the_answers_bring_up_has_to_be_seen(patients: QuestionnaireDef) -> None:
    assert newly_shown(patients, 2, {"contact", "device"}, {"contact": 2})
    assert not newly_shown(patients, 2, {"contact", "device", "contact_why"}, {"contact": 2})


def stay(first: int, last: int) -> tuple[datetime, datetime]:
    return NOW + timedelta(minutes=first), NOW + timedelta(minutes=last)


@pytest.mark.parametrize(
    ("stays", "band"),
    [
        ([], "under_5"),
        ([[stay(0, 60)]], "under_5"),
        ([[stay(0, 60)], [stay(10, 14)]], "under_5"),
        ([[stay(0, 60)], [stay(10, 15)]], "5_9"),
        ([[stay(0, 60)], [stay(0, 6), stay(20, 26)]], "10_14"),
        ([[stay(0, 19)], [stay(0, 19)], [stay(0, 19)]], "15_19"),
        ([[stay(0, 30)], [stay(0, 30)]], "20_plus"),
    ],
)
def test_minutes_count_while_two_were_there(stays: list, band: str) -> None:
    assert minutes_band(stays) == band


@pytest.mark.parametrize(
    ("outcome", "cause", "band"),
    [
        ("carried_out", "none", "good"),
        ("carried_out", "patient_network", "fair"),
        ("sound_only", "patient_device", "fair"),
        ("moved_to_telephone", "", "poor"),
        ("technical_failure", "firewall", "poor"),
        ("no_show_doctor", "human_never_opened", "unknown"),
        ("", "", "unknown"),
    ],
)
def test_the_connection_in_bands(outcome: str, cause: str, band: str) -> None:
    assert quality_band(outcome=outcome, cause=cause) == band
