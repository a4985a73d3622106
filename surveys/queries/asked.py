"""How far a guest has come with the questionnaire."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from surveys.enums import InvitationState, ResponseState
from surveys.models import FreeText, Invitation, Response
from surveys.queries.definition import definition_of, published_version
from surveys.rules.activation import Answer
from surveys.rules.asking import Guest
from surveys.rules.questionnaire import PATIENTS, QuestionnaireDef


class Standing(StrEnum):
    """What a guest is offered."""

    NEW = "new"
    BEGUN = "begun"
    ANSWERED = "answered"
    DECLINED = "declined"
    # Begun on an earlier day: what was sent by then is kept, and nobody can go on.
    OVER = "over"
    # Begun in another browser; or nobody is asked at present.
    NOTHING = "nothing"


_OF_STATE = {
    InvitationState.OFFERED: Standing.NEW,
    InvitationState.OPENED: Standing.NEW,
    InvitationState.COMPLETE: Standing.ANSWERED,
    InvitationState.DECLINED: Standing.DECLINED,
    InvitationState.PARTLY: Standing.OVER,
}


@dataclass(frozen=True)
class Paper:
    """A guest's questionnaire: the version, and what has been sent of it. ``study_id`` may have no row yet."""

    study_id: UUID
    questionnaire_id: int
    version_id: int
    definition: QuestionnaireDef
    state: ResponseState
    reached: int
    answers: dict[str, Answer]
    sent: bool

    @property
    def is_open(self) -> bool:
        """Whether somebody may still go on."""
        return self.state == ResponseState.OPEN


def standing_of(guest: Guest, *, study_id: UUID | None, today: date) -> Standing:
    """What the guest is offered. ``study_id``: of the browser's cookie. Two queries."""
    version = published_version(PATIENTS)
    own = None if study_id is None else Response.objects.filter(pk=study_id).values_list("state", "date").first()
    if own is not None and own[0] == ResponseState.OPEN:
        return Standing.BEGUN if own[1] == today else Standing.OVER
    known = None
    if guest.seat_key or guest.browser:
        known = Invitation.objects.filter(
            questionnaire__key=PATIENTS, room_uuid=guest.room_uuid, seat_key=guest.seat_key, browser=guest.browser
        ).first()
    if known is None:
        return Standing.NEW if version is not None else Standing.NOTHING
    if known.state == InvitationState.BEGUN and known.updated < today:
        return Standing.OVER
    standing = _OF_STATE.get(InvitationState(known.state), Standing.NOTHING)
    return Standing.NOTHING if standing == Standing.NEW and version is None else standing


def paper(study_id: UUID, *, today: date) -> Paper | None:
    """What the cookie's study id stands for; None where nothing is asked now, or its day is over."""
    response = Response.objects.select_related("version").filter(pk=study_id).first()
    if response is None:
        version = published_version(PATIENTS)
        if version is None:
            return None
        definition = definition_of(version.pk)
        return Paper(study_id, version.questionnaire_id, version.pk, definition, ResponseState.OPEN, 0, {}, sent=False)
    if response.date != today:
        return None
    version = response.version
    texts = dict(FreeText.objects.filter(response=response).values_list("variable", "text"))
    return Paper(
        study_id,
        version.questionnaire_id,
        version.pk,
        definition_of(version.pk),
        ResponseState(response.state),
        response.reached,
        {**response.answers, **texts},
        sent=True,
    )


def has_withdrawn(guest: Guest) -> bool:
    """Whether the guest has said no thanks, or has erased the answers."""
    return Invitation.objects.filter(
        questionnaire__key=PATIENTS,
        room_uuid=guest.room_uuid,
        seat_key=guest.seat_key,
        browser=guest.browser,
        state=InvitationState.DECLINED,
    ).exists()
