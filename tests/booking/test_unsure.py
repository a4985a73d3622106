"""Where the rule had little to go by, the doctor's buttons stand open."""

from __future__ import annotations

import pytest

from booking import queries
from booking.enums import Confidence, OutcomeBy
from tests.factories.accounts import member
from tests.factories.monitoring import booked_meeting
from vdx.lib import clock

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("confidence", "by", "unsure"),
    [
        (Confidence.LOW, OutcomeBy.RULE, True),
        (Confidence.HIGH, OutcomeBy.RULE, False),
        (Confidence.LOW, OutcomeBy.PERSON, False),
    ],
)
def test_the_doctor_is_asked_where_the_rule_is_unsure(confidence, by, unsure):
    doctor = member()
    meeting = booked_meeting(doctor, start=clock.now())
    meeting.cause_confidence, meeting.outcome_by = confidence, by
    meeting.save()
    card = queries.card_of_room(doctor, meeting.room.uuid, now=clock.now())
    assert card is not None
    assert card.unsure is unsure
