"""How the asking goes over the newest weeks that are settled, for whoever watches the hub."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from django.db.models import Count, Sum

from surveys.enums import Audience, InvitationState
from surveys.models import Invitation, PostcardCount
from surveys.rules.funnel import Funnel, Step
from surveys.rules.postcard import ANSWER_WITHIN

WEEKS = 4
# What is kept of how far a doctor's postcard came.
_POSTCARD_STEPS = (Step.OFFERED, Step.ANSWERED)


def recent_funnel(today: date) -> Mapping[tuple[Audience, Step], int]:
    """How many were asked in those weeks, and how far they came. Two queries, as long as four weeks.

    Weeks in which somebody may still answer are left out: invitations keep no moment, and a number that is looked at
    every few seconds would tell when somebody answered.
    """
    settled = today - timedelta(days=7) - ANSWER_WITHIN - timedelta(days=1)
    last = settled - timedelta(days=settled.weekday())
    first = last - timedelta(weeks=WEEKS - 1)
    invited = Invitation.objects.filter(week__gte=first, week__lte=last, questionnaire__audience=Audience.PATIENT)
    states = dict(invited.order_by().values_list("state").annotate(number=Count("pk")))
    guests = Funnel({InvitationState(state): number for state, number in states.items()})
    cards = PostcardCount.objects.filter(week__gte=first, week__lte=last).aggregate(
        asked=Sum("asked", default=0), answered=Sum("answered", default=0)
    )
    hosts = Funnel(
        {
            InvitationState.COMPLETE: cards["answered"],
            InvitationState.EXPIRED: cards["asked"] - cards["answered"],
        }
    )
    return {
        **{(Audience.PATIENT, step): guests.at_least(step) for step in Step},
        **{(Audience.HOST, step): hosts.at_least(step) for step in _POSTCARD_STEPS},
    }
