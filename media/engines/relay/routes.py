"""Who gets what in a room: sections of listening legs, and the copies of streams that fill them."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace

from media.engines.relay.feedback import Feedback
from media.engines.relay.participant import Participant, Slot
from media.engines.relay.sdp import KINDS, Kind, Section
from media.engines.relay.streams import Copy, Stream

Participants = Mapping[str, Participant]


def plan(participants: Participants, participant: Participant) -> list[Section]:
    """Give every other participant its sections on this one's listening leg; what an offer must say then.

    Sections of those who have left are free and used again. Those of somebody who is away for a while stay.
    """
    for slot in participant.slots:
        if slot.seat and slot.seat not in participants:
            unbind(slot)
            slot.seat, slot.agreed, slot.copy = "", False, None
            slot.section = Section(slot.section.kind, "inactive")
    have = {(slot.seat, slot.section.kind) for slot in participant.slots if slot.seat}
    for seat in participants:
        for kind in KINDS:
            if seat != participant.seat and (seat, kind) not in have:
                _take_slot(participant, seat, kind)
    if not participant.slots:
        # Alone: connect all the same, so that the first one who comes is seen at once.
        participant.slots = [Slot(Section(kind, "inactive")) for kind in KINDS]
    return [replace(slot.section) for slot in participant.slots]


def _take_slot(participant: Participant, seat: str, kind: Kind) -> None:
    stream = f"{seat}.{'screen' if kind == 'screen' else 'camera'}"
    ssrc = random.randrange(2, 1 << 32)  # noqa: S311 - a number that must not collide, not a secret
    section = Section(kind, "sendonly", ssrc, stream, f"{seat}.{kind}")
    for slot in participant.slots:
        if not slot.seat and slot.section.kind == kind:
            slot.seat, slot.section = seat, section
            return
    participant.slots.append(Slot(section, seat))


def bind(participants: Participants, feedback: Feedback) -> None:
    """Bring copies in line with what is published, agreed and wanted. Does nothing where nothing has changed."""
    for participant in participants.values():
        listener = participant.listener
        if listener is None:
            continue
        for slot in participant.slots:
            wanted = _wanted(participants, participant, slot)
            if wanted is slot.stream:
                continue
            unbind(slot)
            if wanted is None:
                listener.forget(slot.section.ssrc)
                continue
            if slot.copy is None:
                slot.copy = Copy(listener.port, slot.section.ssrc)
            slot.copy.attach(wanted)
            slot.stream = wanted
            listener.copies[slot.section.ssrc] = (wanted, slot.copy)
            feedback.ask_picture(wanted)


def _wanted(participants: Participants, participant: Participant, slot: Slot) -> Stream | None:
    if not slot.agreed or not slot.seat:
        return None
    publisher = participants.get(slot.seat)
    if publisher is None:
        return None
    stream = publisher.streams.get(slot.section.kind)
    if stream is None or not stream.started:
        return None
    return stream if participant.wants_of(slot.seat, slot.section.kind) else None


def unbind(slot: Slot) -> None:
    """The section carries nothing from now on."""
    if slot.copy is not None and slot.stream is not None:
        slot.copy.detach(slot.stream)
    slot.stream = None


def limit(participants: Participants, participant: Participant) -> int:
    """The bits a second that this one may send: its share of what the weakest listener can take; 0: unknown."""
    own = set(map(id, participant.streams.values()))
    least = 0
    for other in participants.values():
        listener = other.listener
        if listener is None or not listener.bitrate or other is participant:
            continue
        mine = sum(1 for stream, _ in listener.copies.values() if id(stream) in own and stream.is_picture_now)
        if mine:
            share = listener.bitrate * mine // listener.pictures()
            least = min(least, share) if least else share
    return least
