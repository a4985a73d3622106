"""Asking guests about a call, and counting how far they come.

An invitation leads to a call, and never to answers. It is written in transactions of its own, for the rows of one
transaction carry the same number in PostgreSQL (``xmin``). No line here logs, audits or tells a fact: each would
carry a time. ``today`` is the Danish date.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import transaction

from booking import queries as booking_queries
from rooms import queries as rooms_queries
from surveys.enums import InvitationKind, InvitationState
from surveys.models import Invitation
from surveys.queries.definition import published_version
from surveys.rules.asking import ASK_WITHIN, FORGOTTEN, Guest, may_be_asked, week_of
from surveys.rules.questionnaire import PATIENTS
from vdx.accounts import queries as accounts_queries
from vdx.lib import ids

# Rooms that one query is asked about: a database takes no list of any length.
_AT_ONCE = 500
_KEY_LENGTH = 12
_random = secrets.SystemRandom()

# What an invitation must have been to come into a state; and a declined one is offered again (``ask_again``).
_BEFORE = {
    InvitationState.OPENED: (InvitationState.OFFERED,),
    InvitationState.DECLINED: (InvitationState.OFFERED, InvitationState.OPENED),
    InvitationState.BEGUN: (InvitationState.OFFERED, InvitationState.OPENED),
    InvitationState.COMPLETE: (InvitationState.OFFERED, InvitationState.OPENED, InvitationState.BEGUN),
}


@transaction.atomic
def invite_guests(*, room_uuids: Collection[UUID], today: date) -> int:
    """Offer the guests of closed rooms the questionnaire, each seat once. Safe to do again. Says how many are new.

    Nobody is asked about a test call or a meeting that was called off, nor while no version is published.
    """
    version = published_version(PATIENTS)
    if version is None:
        return 0
    questionnaire_id = version.questionnaire_id
    tests = {uuid for uuid, meeting in booking_queries.meeting_facts(room_uuids).items() if meeting.is_test}
    seats = [Guest(*seat) for seat in rooms_queries.guests_after(room_uuids) if seat[0] not in tests]
    there = Invitation.objects.filter(
        questionnaire=questionnaire_id, room_uuid__in=room_uuids, kind=InvitationKind.SEAT
    )
    # Offered before it was known that the same person is asked by another seat, or is at work.
    there.filter(state=InvitationState.OFFERED).exclude(seat_key__in=[seat.seat_key for seat in seats]).delete()
    known = set(there.values_list("room_uuid", "seat_key"))
    new = [seat for seat in seats if (seat.room_uuid, seat.seat_key) not in known]
    if not new:
        return 0
    regions = _regions({seat.organisation_id for seat in new}, today)
    # Two at once: what the other has written stays as it is.
    Invitation.objects.bulk_create(
        [
            Invitation(**_identity(seat, questionnaire_id), **_defaults(seat, regions[seat.organisation_id], today))
            for seat in new
        ],
        ignore_conflicts=True,
    )
    return len(new)


@transaction.atomic(durable=True)
def note_offer(*, guest: Guest, questionnaire_id: int, today: date) -> None:
    """Count that the offer was shown in this browser, or to this seat."""
    _invitation(guest, questionnaire_id, today)


@transaction.atomic(durable=True)
def open_invitation(*, guest: Guest, questionnaire_id: int, today: date) -> InvitationState:
    """Note that the questionnaire was opened; say how far the guest had come, or has now."""
    return _advance(guest, questionnaire_id, InvitationState.OPENED, today)


@transaction.atomic(durable=True)
def decline(*, guest: Guest, questionnaire_id: int, today: date) -> InvitationState:
    """Note "no thanks" of a guest who has answered nothing; say how far the guest has come."""
    return _advance(guest, questionnaire_id, InvitationState.DECLINED, today)


@transaction.atomic
def ask_again(*, room_uuid: UUID, seat_key: str, today: date) -> bool:
    """Let a "no thanks" go that was said before the seat was let in, once more or at all. Whether there was one."""
    declined = Invitation.objects.filter(
        room_uuid=room_uuid, seat_key=seat_key, kind=InvitationKind.SEAT, state=InvitationState.DECLINED
    )
    return bool(declined.update(state=InvitationState.OFFERED, updated=today))


@transaction.atomic(durable=True)
def note_begun(*, guest: Guest, questionnaire_id: int, today: date) -> InvitationState:
    """Note that a first page is being sent; say how far the guest had come, or has now."""
    return _advance(guest, questionnaire_id, InvitationState.BEGUN, today)


@transaction.atomic(durable=True)
def note_complete(*, guest: Guest, questionnaire_id: int, today: date) -> InvitationState:
    """Note that all of it was answered."""
    return _advance(guest, questionnaire_id, InvitationState.COMPLETE, today)


@transaction.atomic(durable=True)
def withdraw(*, guest: Guest, questionnaire_id: int, today: date) -> None:
    """Count a guest who has erased the answers as one who said no thanks."""
    invitation = _invitation(guest, questionnaire_id, today)
    Invitation.objects.filter(pk=invitation.pk).update(state=InvitationState.DECLINED, updated=today)


@transaction.atomic
def close_invitations(*, today: date) -> int:
    """Let what was begun on an earlier day be partly answered, and what nobody opened for a week expire."""
    begun = Invitation.objects.filter(state=InvitationState.BEGUN, updated__lt=today)
    unopened = Invitation.objects.filter(state=InvitationState.OFFERED, updated__lt=today - ASK_WITHIN)
    return begun.update(state=InvitationState.PARTLY) + unopened.update(state=InvitationState.EXPIRED)


@transaction.atomic
def forget_invited(*, now: datetime) -> int:
    """Let the invitations of calls that nobody can answer for any more lead to no call. Says how many.

    Who answered is nobody's business then; what is left is a count by week and region, and the month of the last
    step. The rows are written anew in random order, so that not even their order leads back.
    """
    known = Invitation.objects.exclude(seat_key__startswith=FORGOTTEN).exclude(browser__startswith=FORGOTTEN)
    asked = list(known.values_list("room_uuid", flat=True).distinct().order_by("room_uuid"))
    over: list[Invitation] = []
    for start in range(0, len(asked), _AT_ONCE):
        some = asked[start : start + _AT_ONCE]
        closings = rooms_queries.closings(some)
        gone = [uuid for uuid in some if uuid not in closings or not may_be_asked(closed_at=closings[uuid], now=now)]
        over += Invitation.objects.select_for_update().filter(room_uuid__in=gone)
    for start in range(0, len(over), _AT_ONCE):
        Invitation.objects.filter(pk__in=[row.pk for row in over[start : start + _AT_ONCE]]).delete()
    _random.shuffle(over)
    for row in over:
        key = FORGOTTEN + ids.token()[: _KEY_LENGTH - 1]
        # The month is enough for counting the practices behind a month's answers.
        row.pk, row.room_uuid, row.updated = None, uuid4(), row.updated.replace(day=1)
        row.seat_key, row.browser = (key, "") if row.kind == InvitationKind.SEAT else ("", key)
    Invitation.objects.bulk_create(over, batch_size=_AT_ONCE)
    return len(over)


def _advance(guest: Guest, questionnaire_id: int, state: InvitationState, today: date) -> InvitationState:
    """Move the guest's invitation on to ``state``, if it may; say its state. Moved by a conditional UPDATE."""
    invitation = _invitation(guest, questionnaire_id, today)
    before = Invitation.objects.filter(pk=invitation.pk, state__in=_BEFORE[state])
    if before.update(state=state, updated=today):
        return state
    invitation.refresh_from_db(fields=["state"])
    return InvitationState(invitation.state)


def _invitation(guest: Guest, questionnaire_id: int, today: date) -> Invitation:
    """The guest's invitation, made now if need be: whoever leaves early is asked before the call is over."""
    identity = _identity(guest, questionnaire_id)
    found = Invitation.objects.filter(**identity).first()
    if found is not None:
        return found
    region_code = _regions({guest.organisation_id}, today)[guest.organisation_id]
    return Invitation.objects.get_or_create(**identity, defaults=_defaults(guest, region_code, today))[0]


def _identity(guest: Guest, questionnaire_id: int) -> dict[str, object]:
    return {
        "questionnaire_id": questionnaire_id,
        "room_uuid": guest.room_uuid,
        "seat_key": guest.seat_key,
        "browser": guest.browser,
    }


def _defaults(guest: Guest, region_code: str, today: date) -> dict[str, object]:
    return {
        "kind": InvitationKind.SEAT if guest.seat_key else InvitationKind.NEVER_IN,
        "week": week_of(today),
        "region_code": region_code,
        "organisation_id": guest.organisation_id,
        "updated": today,
    }


def _regions(organisation_ids: Collection[int], today: date) -> dict[int, str]:
    found = accounts_queries.region_on(organisation_ids, today)
    return {organisation: region.code if region else "" for organisation, region in found.items()}
