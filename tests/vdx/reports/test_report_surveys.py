"""Answers in the report's files: each question with its n, only those of the period, over versions and editions."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from surveys.enums import Edition, InvitationKind, InvitationState
from surveys.models import Invitation, Postcard, Questionnaire
from surveys.rules.postcard import SYDDANMARK
from surveys.rules.questionnaire import PATIENTS
from tests.factories.accounts import OrganisationFactory
from tests.factories.responses import response
from vdx.reports.evaluation import report_tables
from vdx.reports.tables import Rows

pytestmark = pytest.mark.django_db

FIRST, LAST = date(2019, 6, 1), date(2020, 1, 31)
WITHIN, BEFORE, AFTER = date(2019, 7, 1), FIRST - timedelta(days=1), LAST + timedelta(days=1)


def tables() -> dict[str, Rows]:
    return report_tables(first=FIRST, last=LAST)


def card(number: int = 1, *, day: date | None = WITHIN, edition: Edition = Edition.NATIONAL, **answers: int) -> None:
    region = SYDDANMARK if edition == Edition.SYDDANMARK else ""
    for _ in range(number):
        Postcard.objects.create(date=day, edition=edition, region_code=region, **answers)


def answered(number: int, answers: dict[str, Any], **more: Any) -> None:
    for _ in range(number):
        response({"contact": 1, **answers}, **{"day": WITHIN, **more})


def test_postcards_of_both_editions_are_counted_together() -> None:
    card(100, carried_out=1, picture=1)
    card(40, carried_out=1, edition=Edition.SYDDANMARK)
    card(26, carried_out=2)
    # Not answered is not counted.
    card(3, sound=1)

    made = tables()

    assert made["postcards_carried_out"] == [["code", "label", "n", "percent"], [1, "Ja", 140, 84], [2, "Nej", 26, 16]]
    assert made["postcards_picture"][1:] == [[1, "Godt", 100, 100], [2, "Dårligt", 0, 0]]
    assert [row[:2] for row in made["postcards_replaced"][1:]] == [
        [1, "Almindelig konsultation"],
        [2, "Sygebesøg"],
        [3, "Telefonkonsultation"],
        [4, "Andet"],
    ]
    # Of none there is no share.
    assert {tuple(row[2:]) for row in made["postcards_replaced"][1:]} == {(0, "")}
    assert ["postcards", "carried_out", 166, 169, 98] in made["survey_answers"]


def test_carried_out_is_crossed_by_sound_picture_and_time() -> None:
    card(3, sound=1, carried_out=1, picture=1)
    card(1, sound=1, carried_out=2, picture=1)
    card(2, sound=2, carried_out=1, edition=Edition.SYDDANMARK)
    card(5, sound=2)
    card(5, carried_out=2)

    made = tables()

    assert made["postcards_carried_out_by_sound"] == [
        ["sound", "carried_out", "n", "percent"],
        [1, 1, 3, 75],
        [1, 2, 1, 25],
        [2, 1, 2, 100],
        [2, 2, 0, 0],
    ]
    assert made["postcards_carried_out_by_picture"][3:] == [[2, 1, 0, ""], [2, 2, 0, ""]]
    assert made["postcards_carried_out_by_longer"][0] == ["longer", "carried_out", "n", "percent"]


def test_only_answers_of_the_period_count_and_those_without_a_date() -> None:
    for day in (FIRST, LAST):
        card(1, day=day, sound=1)
        answered(3, {"sound": 1}, day=day)
    for day in (BEFORE, AFTER):
        card(1, day=day, sound=2)
        answered(3, {"sound": 2}, day=day)
    card(1, day=None, sound=1)
    answered(1, {"sound": 3}, day=None)

    made = tables()

    assert made["postcards_sound"][1:] == [[1, "God", 3, 100], [2, "Dårlig", 0, 0]]
    assert made["patients_sound"][1:] == [[1, "God", 6, 86], [2, "Dårlig", 0, 0], [3, "Ved ikke", 1, 14]]
    rates = {row[0]: row[1:] for row in made["response_rates"]}
    assert rates["postcards_without_date"] == [1, 3, 33]
    assert rates["patients_without_date"] == [1, 7, 14]


def test_lines_of_a_scale_are_questions_and_several_answers_have_a_row_each() -> None:
    answered(2, {"easy_to_use": 5, "advantages": [1, 6]})
    answered(1, {"easy_to_use": 4, "advantages": [1], "birth_year": 1946})
    answered(1, {"advantages": [7]})

    made = tables()

    rows = {row[0]: row[1:] for row in made["patients_easy_to_use"][1:]}
    assert rows[5] == ["Helt enig", 2, 67]
    assert rows[4] == ["Enig", 1, 33]
    several = {row[0]: row[2:] for row in made["patients_advantages"][1:]}
    # Per cent of the four who answered: together more than a hundred.
    assert (several[1], several[6], several[7], several[5]) == ([3, 75], [2, 50], [1, 25], [0, 0])
    # Years stand by tens.
    assert made["patients_birth_year"][1:] == [[1940, "1940–1949", 1, 100]]


def test_what_is_written_in_own_words_is_in_no_file() -> None:
    answered(1, {"other_problems": 1}, texts={"other_problems_text": "Hund på skærmen"})

    made = tables()

    assert [name for name in made if "text" in name or "comment" in name or name.endswith("_why")] == []
    assert "Hund" not in str(made)


def test_who_answered_the_background_alone_is_left_out_and_counted() -> None:
    answered(1, {})
    response({"sex": 1}, day=WITHIN, reached=1)

    made = tables()

    assert made["patients_sex"][1:] == [[1, "Mand", 0, ""], [2, "Kvinde", 0, ""]]
    rates = {row[0]: row[1:] for row in made["response_rates"]}
    assert rates["patients_background_only"] == [1, 2, 50]


def test_a_part_of_the_patients_answers_that_few_gave_is_withheld() -> None:
    answered(4, {"picture": 1})
    assert tables()["patients_picture"][1:][0] == [1, "Godt", 4, 100]

    # Now these four are a part of all.
    answered(5, {"picture": 1}, day=AFTER)
    made = tables()

    assert made["patients_picture"][1:] == [[1, "Godt", "", ""], [2, "Dårligt", "", ""], [3, "Ved ikke", "", ""]]
    assert ["patients", "picture", "", "", ""] in made["survey_answers"]


def test_response_rates_have_their_denominators() -> None:
    asked = Questionnaire.objects.get(key=PATIENTS)
    organisation = OrganisationFactory()
    states = [InvitationState.COMPLETE, InvitationState.PARTLY, InvitationState.DECLINED, InvitationState.EXPIRED]
    for number, state in enumerate([*states, InvitationState.COMPLETE]):
        Invitation.objects.create(
            questionnaire=asked,
            room_uuid=f"00000000-0000-4000-8000-{number:012}",
            seat_key="s",
            kind=InvitationKind.SEAT,
            state=state,
            # The last one's week began before the period.
            week=date(2019, 5, 27) if number == 4 else date(2019, 6, 3),
            organisation=organisation,
            updated=WITHIN,
        )
    card(2, carried_out=1)
    answered(1, {})

    rates = {row[0]: row[1:] for row in tables()["response_rates"]}

    assert rates["measure"] == ["n", "of", "percent"]
    assert rates["answered_of_invitations"] == [2, 4, 50]
    # No calls are counted here: there is nothing to be a part of.
    assert rates["postcards_of_counted_calls"] == [2, 0, ""]
    assert rates["patients_of_consultations"] == [1, 0, ""]
