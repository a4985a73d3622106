"""What the postcard's page needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from rooms import queries as rooms_queries
from rooms.queries import Hosted
from surveys.enums import Edition, InvitationState
from surveys.models import PostcardRequest
from surveys.rules.postcard import ANSWER_WITHIN, edition_for
from vdx.accounts import queries as accounts_queries

if TYPE_CHECKING:
    from vdx.accounts.models import Organisation


@dataclass(frozen=True)
class Card:
    """Which postcard a host meets. ``region`` only where the edition says so."""

    edition: Edition
    region: Organisation | None

    @property
    def region_code(self) -> str:
        """The code that is noted on the card."""
        return "" if self.region is None else self.region.code


def card_for(organisation_id: int, *, today: date) -> Card:
    """The edition for a practice on a day: by the region that it belongs to then."""
    region = accounts_queries.region_on([organisation_id], today).get(organisation_id)
    edition = edition_for(region.code if region else None)
    return Card(edition, region if edition == Edition.SYDDANMARK else None)


def has_answered(*, room_uuid: UUID, seat_key: str) -> bool:
    """Whether this host has answered about this call."""
    asked = PostcardRequest.objects.filter(room_uuid=room_uuid, seat_key=seat_key)
    return asked.filter(state=InvitationState.COMPLETE).exists()


def unanswered(user_id: int, *, now: datetime) -> list[Hosted]:
    """The calls of the last week that a login was asked about and has not answered for, the latest first.

    Two queries, whatever the number of calls.
    """
    hosted = rooms_queries.hosted_since(user_id, now - ANSWER_WITHIN)
    if not hosted:
        return []
    requests = PostcardRequest.objects.filter(room_uuid__in=[call.room_uuid for call in hosted])
    open_requests = requests.exclude(state=InvitationState.COMPLETE)
    asked = set(open_requests.values_list("room_uuid", "seat_key"))
    return [call for call in hosted if (call.room_uuid, call.seat_key) in asked]
