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

from booking.models import Meeting
from vdx.accounts.access import organisations_of
from vdx.accounts.enums import CLINICAL_ROLES, Role
from vdx.lib.errors import NotFound

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
