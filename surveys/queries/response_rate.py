"""Who was asked, and how far they came, by week."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet

from surveys.enums import Audience, Edition, InvitationKind, InvitationState
from surveys.models import Invitation, PostcardCount, Questionnaire
from surveys.rules.funnel import Funnel, Step, total
from surveys.rules.postcard import ANSWER_WITHIN, SYDDANMARK
from surveys.rules.questionnaire import postcard_key


@dataclass(frozen=True)
class Whose:
    """Whose invitations count: those of the regions, and those of the organisations. None: everybody's."""

    regions: frozenset[str] | None
    organisation_ids: frozenset[int] | None


@dataclass(frozen=True)
class ResponseRate:
    """The funnel of each week that anybody was asked in, and of each way of being asked."""

    weeks: Mapping[date, Funnel]
    kinds: Mapping[InvitationKind, Funnel]
    # What is kept of how far somebody came.
    steps: tuple[Step, ...] = tuple(Step)

    @property
    def whole(self) -> Funnel:
        """All of it together."""
        return total(self.weeks.values())


def asked_questionnaires() -> list[Questionnaire]:
    """The questionnaires that guests are invited to, and any other that somebody was. One query."""
    invited = Exists(Invitation.objects.filter(questionnaire=OuterRef("pk")))
    return list(Questionnaire.objects.filter(Q(audience=Audience.PATIENT) | invited).order_by("-audience", "key"))


def asked_postcards(regions: frozenset[str] | None) -> list[Questionnaire]:
    """The editions of the postcard that somebody with these regions (None: all) sees the response rate of.

    Syddanmark's is that region's own. The national one knows no region, and is for everybody who has one.
    """
    editions = (
        {Edition.NATIONAL, Edition.SYDDANMARK} if regions is None or SYDDANMARK in regions else {Edition.NATIONAL}
    )
    if regions is not None and not regions:
        return []
    keys = [postcard_key(edition) for edition in editions]
    return list(Questionnaire.objects.filter(key__in=keys).order_by("key"))


def edition_of(questionnaire: Questionnaire) -> Edition | None:
    """Which edition of the postcard it is; None: no postcard."""
    return next((edition for edition in Edition if postcard_key(edition) == questionnaire.key), None)


def postcard_first_week(edition: Edition) -> date | None:
    """The Monday of the first week that is counted."""
    found: date | None = PostcardCount.objects.filter(edition=edition).aggregate(first=Min("week"))["first"]
    return found


def postcard_rate(edition: Edition, *, first: date, last: date, today: date) -> ResponseRate:
    """The funnels of the weeks that begin from ``first`` to ``last``, both included. One query.

    Only of weeks that nobody can answer for any more: a number that goes up by one tells who answered.
    """
    last = min(last, today - timedelta(days=7) - ANSWER_WITHIN - timedelta(days=1))
    counts = PostcardCount.objects.filter(edition=edition, week__gte=first, week__lte=last).order_by("week")
    return ResponseRate(
        weeks={
            count.week: Funnel(
                {
                    InvitationState.COMPLETE: count.answered,
                    InvitationState.DECLINED: count.declined,
                    InvitationState.EXPIRED: count.asked - count.answered - count.declined,
                }
            )
            for count in counts
        },
        kinds={},
        steps=(Step.OFFERED, Step.ANSWERED),
    )


def first_week(questionnaire: Questionnaire, whose: Whose) -> date | None:
    """The Monday of the first week that anybody was asked in."""
    found: date | None = _invitations(questionnaire, whose).aggregate(first=Min("week"))["first"]
    return found


def response_rate(
    questionnaire: Questionnaire, whose: Whose, *, first: date, last: date, region: str = ""
) -> ResponseRate:
    """The funnels of the weeks that begin from ``first`` to ``last``, both included. One query."""
    invitations = _invitations(questionnaire, whose).filter(week__gte=first, week__lte=last)
    if region:
        invitations = invitations.filter(region_code=region)
    weeks: dict[date, Counter[InvitationState]] = defaultdict(Counter)
    kinds: dict[InvitationKind, Counter[InvitationState]] = defaultdict(Counter)
    rows = invitations.values_list("week", "kind", "state").annotate(number=Count("pk")).order_by("week", "kind")
    for week, kind, state, number in rows:
        weeks[week][InvitationState(state)] += number
        kinds[InvitationKind(kind)][InvitationState(state)] += number
    return ResponseRate(
        weeks={week: Funnel(dict(states)) for week, states in weeks.items()},
        kinds={kind: Funnel(dict(kinds[kind])) for kind in InvitationKind if kind in kinds},
    )


def _invitations(questionnaire: Questionnaire, whose: Whose) -> QuerySet[Invitation]:
    found = Invitation.objects.filter(questionnaire=questionnaire)
    if whose.regions is None or whose.organisation_ids is None:
        return found
    return found.filter(Q(region_code__in=whose.regions) | Q(organisation_id__in=whose.organisation_ids))
