"""The surveys' numbers for whoever watches the hub: settled weeks alone."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from surveys.enums import Audience, Edition, InvitationKind, InvitationState
from surveys.models import Invitation, PostcardCount, Questionnaire
from surveys.queries.recent import recent_funnel
from surveys.rules.funnel import Step
from tests.factories.accounts import OrganisationFactory

pytestmark = pytest.mark.django_db

# A Monday: of the week that ended the day before, somebody may still answer, and of the one before that as well.
TODAY = date(2026, 11, 23)
SETTLED, FIRST = date(2026, 11, 2), date(2026, 10, 12)


def invite(week: date, state: InvitationState) -> None:
    Invitation.objects.create(
        questionnaire=Questionnaire.objects.get(key="patients"),
        room_uuid=uuid4(),
        browser=uuid4().hex,
        kind=InvitationKind.NEVER_IN,
        state=state,
        week=week,
        organisation=OrganisationFactory.create(),
        updated=week,
    )


def test_the_four_newest_weeks_that_are_settled_are_counted(django_assert_num_queries) -> None:
    for week in (FIRST, SETTLED):
        for state in InvitationState:
            invite(week, state)
    for week in (date(2026, 10, 5), date(2026, 11, 9), date(2026, 11, 16), TODAY):
        invite(week, InvitationState.COMPLETE)
        PostcardCount.objects.create(week=week, edition=Edition.NATIONAL, asked=99, answered=99)
    PostcardCount.objects.create(week=FIRST, edition=Edition.NATIONAL, asked=10, answered=7)
    PostcardCount.objects.create(week=SETTLED, edition=Edition.SYDDANMARK, asked=4, answered=1)

    with django_assert_num_queries(2):
        found = recent_funnel(TODAY)
    assert found == {
        (Audience.PATIENT, Step.OFFERED): 14,
        (Audience.PATIENT, Step.OPENED): 8,
        (Audience.PATIENT, Step.BEGUN): 6,
        (Audience.PATIENT, Step.ANSWERED): 4,
        (Audience.PATIENT, Step.COMPLETE): 2,
        (Audience.HOST, Step.OFFERED): 14,
        (Audience.HOST, Step.ANSWERED): 8,
    }


def test_before_anybody_is_asked_everything_is_zero() -> None:
    assert set(recent_funnel(TODAY).values()) == {0}
