"""The door to meetings: which of them a person may see and change, and on behalf of whom a person may book.

A doctor or secretary has the meetings that bear the own e-mail, in the organisations of the active memberships. A
secretary also has those of everybody in the practice, and books for its doctors. Nobody else has any: neither
colleagues nor administrators nor MedCom.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.apps import apps
from django.db.models import Q, QuerySet

from booking.models import CalendarFeed, Meeting
from booking.services.feeds import feed_digest
from vdx.accounts.access import organisations_of
from vdx.accounts.enums import CLINICAL_ROLES, Role
from vdx.lib import rate, throttle
from vdx.lib.errors import NotFound

# Calendar programs look every quarter of an hour, on a doctor's several devices.
_LOOKS_A_MINUTE = 30

if TYPE_CHECKING:
    from vdx.accounts.models import Organisation, User


@dataclass(frozen=True)
class Host:
    """A doctor in a practice, for whom somebody may book. ``key`` names the two in forms and addresses."""

    key: str
    user: User
    organisation: Organisation


def meetings_of(user: User) -> QuerySet[Meeting]:
    """Every meeting that the person may see and change."""
    own = Q(organized_by__email__iexact=user.email, organisation__in=organisations_of(user, CLINICAL_ROLES))
    practice = Q(organisation__in=organisations_of(user, {Role.SECRETARY}))
    return Meeting.objects.filter(own | practice)


def meeting(user: User, uuid: UUID) -> Meeting:
    """The meeting, with room, organisation and people at hand. Raises ``NotFound``: absent and forbidden look alike."""
    found = (
        meetings_of(user).select_related("room", "organisation", "organized_by", "created_by").filter(uuid=uuid).first()
    )
    if found is None:
        raise NotFound
    return found


def hosts(user: User) -> list[Host]:
    """The doctors for whom the person may book: the person alone, or for a secretary the practice's; the own first."""
    memberships = (
        apps.get_model("accounts", "Membership")
        .objects.filter(role=Role.DOCTOR, ended_at__isnull=True, user__is_active=True)
        .filter(Q(user=user) | Q(organisation__in=organisations_of(user, {Role.SECRETARY})))
        .select_related("user", "organisation")
        .order_by("user__name", "organisation__name", "pk")
    )
    found = [Host(str(row.pk), row.user, row.organisation) for row in memberships]
    return sorted(found, key=lambda host: host.user.pk != user.pk)


def own_meeting(user: User, meeting: Meeting) -> bool:
    """Whether the meeting is the person's own, and not a colleague's."""
    return meeting.organized_by.email.casefold() == user.email.casefold()


def feed_of(user: User) -> CalendarFeed | None:
    """The user's own calendar address, of which only the fact is known."""
    return CalendarFeed.objects.filter(user=user).first()


def owner_of_feed(secret: str, *, address: str) -> User:
    """Whose calendar an address opens. Raises ``Throttled``, and ``NotFound`` for wrong, renewed and closed ones alike,
    and for a doctor who works nowhere any more."""
    attempt = throttle.attempt("calendar", (address,), free=50, ceiling=60)
    feed = CalendarFeed.objects.select_related("user").filter(secret_digest=feed_digest(secret)).first()
    if feed is None or not feed.user.is_active or not organisations_of(feed.user, {Role.DOCTOR}).exists():
        raise NotFound
    attempt.take_back()
    rate.count("calendar", str(feed.pk), limit=_LOOKS_A_MINUTE)
    owner: User = feed.user
    return owner
