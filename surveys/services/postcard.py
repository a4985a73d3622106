"""Taking in a postcard so that nobody can tell afterwards whose it was.

No line here logs, audits or tells a fact: each would carry a time.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from surveys.enums import Edition, InvitationState
from surveys.models import Postcard, PostcardDay, PostcardRequest
from surveys.rules.postcard import MIXED_WITH
from surveys.services.ask import week_of

_random = secrets.SystemRandom()


@dataclass(frozen=True)
class Answers:
    """The five answers, by the codes of ``surveys.enums``; None where the doctor gave none."""

    carried_out: int | None = None
    picture: int | None = None
    sound: int | None = None
    longer: int | None = None
    replaced: int | None = None

    def empty(self) -> bool:
        """Whether nothing was answered at all."""
        return self == Answers()


def send_postcard(
    *, room_uuid: UUID, seat_key: str, answers: Answers, edition: Edition, region_code: str, today: date
) -> bool:
    """Keep the answers of a host about a call. False where this host has answered about it already, or said nothing.

    Flag and card are two transactions on purpose, never one: rows of the same transaction carry the same number in
    PostgreSQL (``xmin``), which would tie the card to the room. The flag comes first, so that a second submit finds
    it; should the process die between the two, a card is lost, and nothing is given away.
    """
    if answers.empty() or not _claim(room_uuid=room_uuid, seat_key=seat_key, edition=edition, today=today):
        return False
    _add(
        Postcard(
            date=today,
            edition=edition,
            region_code=region_code if edition == Edition.SYDDANMARK else "",
            carried_out=answers.carried_out,
            picture=answers.picture,
            sound=answers.sound,
            longer=answers.longer,
            # The fifth question is not in Syddanmark's edition.
            replaced=None if edition == Edition.SYDDANMARK else answers.replaced,
        ),
        today,
    )
    return True


@transaction.atomic(durable=True)
def _claim(*, room_uuid: UUID, seat_key: str, edition: Edition, today: date) -> bool:
    """Set the flag, and say whether it was ours to set."""
    unanswered = _asked(room_uuid, seat_key, edition, today).exclude(state=InvitationState.COMPLETE)
    return unanswered.update(state=InvitationState.COMPLETE) == 1


@transaction.atomic(durable=True)
def skip_postcard(*, room_uuid: UUID, seat_key: str, edition: Edition, today: date) -> None:
    """Note "not now" of a host who has not answered. The card can still be sent as long as any can."""
    asked = _asked(room_uuid, seat_key, edition, today)
    asked.filter(state=InvitationState.OFFERED).update(state=InvitationState.DECLINED)


def _asked(room_uuid: UUID, seat_key: str, edition: Edition, today: date) -> QuerySet[PostcardRequest]:
    """The host's invitation, made now if need be: whoever leaves early is asked before the call is over."""
    PostcardRequest.objects.get_or_create(
        room_uuid=room_uuid, seat_key=seat_key, defaults={"week": week_of(today), "edition": edition}
    )
    return PostcardRequest.objects.filter(room_uuid=room_uuid, seat_key=seat_key)


@transaction.atomic(durable=True)
def _add(card: Postcard, day: date) -> None:
    """Put a card among the others of its day.

    A table keeps its rows more or less in the order in which they came (``rowid`` in SQLite, ``ctid`` in
    PostgreSQL, and so every dump and backup), and the order in which calls ended is known. So the new card is
    written together with up to 63 others of the same date, chosen at random: all are deleted and written anew in
    random order in one transaction. The row of the day is locked meanwhile, so that two cards at once are mixed one
    after the other and each finds the other's.
    """
    PostcardDay.objects.get_or_create(date=day)
    PostcardDay.objects.select_for_update().get(date=day)
    keys = list(Postcard.objects.filter(date=day).values_list("key", flat=True))
    chosen = _random.sample(keys, min(MIXED_WITH, len(keys)))
    mixed = [*Postcard.objects.filter(key__in=chosen), card]
    Postcard.objects.filter(key__in=chosen).delete()
    _random.shuffle(mixed)
    Postcard.objects.bulk_create(mixed)
