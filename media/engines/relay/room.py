"""A room of the relay: who is in it, what each one publishes, and who gets a copy of what.

Every participant has a leg to publish on, with a microphone, a camera and a screen, and a leg to listen on, with three
sections for each of the others. Sections are agreed once a participant comes or goes; a camera or a screen that is
switched on or off needs no new offer, since its section was there all the time.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import Any

from media.engines.relay.feedback import Feedback, Listener, Sender
from media.engines.relay.leg import Leg, Reason, Side, Workshop
from media.engines.relay.sdp import AUDIO_CLOCK, AUDIO_TYPES, KINDS, VIDEO_CLOCK, VIDEO_TYPES, Kind, Section
from media.engines.relay.streams import Copy, Port, Stream

#: Tells the web process something about a participant: seat, epoch, and the event's members.
Tell = Callable[[str, int, dict[str, Any]], None]

#: Packets a second of one stream above which it is not believed to be sound or picture, and rests for a second.
MOST_PACKETS = 4000
#: A participant without legs is forgotten after this many seconds.
FORGET_SECONDS = 60.0
#: Louder than this many -dBov is speech, for the one who is loudest.
SPEECH = 50


@dataclass(slots=True)
class Slot:
    """One section of a listening leg: whose what it carries. ``agreed`` when the browser has answered to it."""

    section: Section
    seat: str = ""
    agreed: bool = False
    copy: Copy | None = None
    stream: Stream | None = None


@dataclass(slots=True, eq=False)
class Participant:
    """One connection of a seat. A seat that connects anew has a greater epoch."""

    seat: str
    epoch: int
    publish: Leg | None = None
    subscribe: Leg | None = None
    sender: Sender | None = None
    listener: Listener | None = None
    streams: dict[Kind, Stream] = field(default_factory=dict)
    slots: list[Slot] = field(default_factory=list)
    offered: list[Section] = field(default_factory=list)
    wants: dict[str, frozenset[Kind]] = field(default_factory=dict)
    told: dict[Side, dict[str, Any]] = field(default_factory=dict)
    legless_since: float | None = None

    def leg(self, side: Side) -> Leg | None:
        return self.publish if side == "publish" else self.subscribe


class Room:
    """The participants of one room, all of them in this worker."""

    def __init__(self, workshop: Workshop, feedback: Feedback, tell: Tell) -> None:
        self._workshop = workshop
        self._feedback = feedback
        self._tell = tell
        self._closing: list[Leg] = []
        self._counted: dict[Stream, int] = {}
        self._speaker = ""
        self.participants: dict[str, Participant] = {}
        self.packets = 0

    # --- Coming and going ----------------------------------------------------------------------------------

    async def join(self, seat: str, epoch: int) -> None:
        """Take a participant in, or connect one anew; both legs get an offer.

        With the epoch that it has already, a participant is only taken over by another web process: what goes on
        goes on, and offers that wait for an answer are told again. A smaller epoch comes late and changes nothing.
        """
        before = self.participants.get(seat)
        if before is not None:
            if before.epoch == epoch:
                self._tell_again(before)
            if before.epoch >= epoch:
                return
            self._take_down(before)
        new = Participant(seat, epoch)
        self.participants[seat] = new
        new.publish = self._leg(new, "publish")
        new.subscribe = self._leg(new, "subscribe")
        await new.publish.open()
        await new.subscribe.open()
        if self.participants.get(seat) is not new:
            return
        self._offer(new, new.publish, [Section(kind, "recvonly") for kind in KINDS])
        for participant in list(self.participants.values()):
            self._plan(participant)
        self._bind()

    def leave(self, seat: str, epoch: int) -> None:
        """Let a participant go, unless it has connected anew meanwhile."""
        participant = self.participants.get(seat)
        if participant is None or participant.epoch > epoch:
            return
        del self.participants[seat]
        self._take_down(participant)
        for other in list(self.participants.values()):
            self._plan(other)

    async def answer(self, seat: str, epoch: int, side: Side, revision: int, text: str) -> None:
        """The browser's answer to an offer."""
        participant = self._current(seat, epoch)
        if participant is None:
            return
        leg = participant.leg(side)
        if leg is None or not await leg.answer(revision, text):
            return
        if side == "subscribe":
            for slot, section in zip(participant.slots, participant.offered, strict=False):
                slot.agreed = slot.section == section
            self._plan(participant)
            self._bind()

    async def candidate(self, seat: str, epoch: int, side: Side, line: str) -> None:
        """One more address of the browser's."""
        participant = self._current(seat, epoch)
        leg = participant.leg(side) if participant is not None else None
        if leg is not None:
            await leg.candidate(line)

    def want(self, seat: str, epoch: int, wants: dict[str, frozenset[Kind]]) -> None:
        """What a participant wants of the others, by their seats; of a seat that is not named, everything."""
        participant = self._current(seat, epoch)
        if participant is not None:
            participant.wants = wants
            self._bind()

    async def close(self) -> None:
        """Let everybody go."""
        for participant in list(self.participants.values()):
            self._take_down(participant)
        self.participants.clear()
        await self.sweep()

    async def sweep(self) -> None:
        """Close the legs that are gone."""
        while self._closing:
            await self._closing.pop().close()

    @property
    def is_empty(self) -> bool:
        return not self.participants and not self._closing

    def _current(self, seat: str, epoch: int) -> Participant | None:
        participant = self.participants.get(seat)
        return participant if participant is not None and participant.epoch == epoch else None

    # --- Legs ----------------------------------------------------------------------------------------------

    def _leg(self, participant: Participant, side: Side) -> Leg:
        return Leg(
            self._workshop,
            side,
            on_up=lambda leg: self._up(participant, leg),
            on_gone=lambda leg, reason: self._lost(participant, leg, reason),
        )

    def _offer(self, participant: Participant, leg: Leg, sections: list[Section]) -> None:
        text = leg.offer(sections)
        tracks = {
            str(index): {"seat": slot.seat, "source": slot.section.kind}
            for index, slot in enumerate(participant.slots if leg.side == "subscribe" else [])
            if slot.seat
        }
        event = {"event": "offer", "leg": leg.side, "revision": leg.revision, "sdp": text, "tracks": tracks}
        participant.told[leg.side] = event
        self._tell(participant.seat, participant.epoch, event)

    def _tell_again(self, participant: Participant) -> None:
        for leg in (participant.publish, participant.subscribe):
            if leg is not None and leg.awaiting:
                self._tell(participant.seat, participant.epoch, participant.told[leg.side])

    def _up(self, participant: Participant, leg: Leg) -> None:
        port = leg.port
        if port is None or self.participants.get(participant.seat) is not participant:
            return
        if leg.side == "publish":
            self._publish(participant, leg, port)
        else:
            listener = participant.listener = Listener(port)
            port.report = lambda packet: self._feedback.heard_from_listener(listener, packet)
            self._bind()
        self._tell(participant.seat, participant.epoch, {"event": "up", "leg": leg.side})

    def _publish(self, participant: Participant, leg: Leg, port: Port) -> None:
        sender = participant.sender = Sender(port, participant.seat.encode())
        port.report = lambda packet: self._feedback.heard_from_sender(sender, packet)
        port.started = lambda _: self._bind()
        sections = leg.answered.sections if leg.answered is not None else ()
        nameless: list[Kind] = []
        for kind, section in zip(KINDS, sections, strict=False):
            if section.direction not in {"sendonly", "sendrecv"}:
                continue
            if section.ssrcs:
                self._add_stream(participant, port, kind, section.ssrcs[0])
            else:
                nameless.append(kind)

        def stray(ssrc: int, payload_type: int) -> Stream | None:
            """A stream whose SSRC the answer did not tell: the first section of its kind that has none."""
            for kind in nameless:
                if payload_type in (AUDIO_TYPES if kind == "microphone" else VIDEO_TYPES):
                    nameless.remove(kind)
                    return self._add_stream(participant, port, kind, ssrc)
            return None

        port.stray = stray

    def _add_stream(self, participant: Participant, port: Port, kind: Kind, ssrc: int) -> Stream:
        sound = kind == "microphone"
        stream = Stream(port, ssrc, clock=AUDIO_CLOCK if sound else VIDEO_CLOCK, picture=not sound)
        participant.streams[kind] = port.streams[ssrc] = stream
        return stream

    def _lost(self, participant: Participant, leg: Leg, reason: Reason) -> None:
        if self.participants.get(participant.seat) is not participant:
            return
        self._drop(participant, leg)
        self._tell(participant.seat, participant.epoch, {"event": "lost", "leg": leg.side, "reason": reason})

    def _drop(self, participant: Participant, leg: Leg) -> None:
        """Take one leg out of everything; it is closed by the next sweep."""
        leg.gone = True
        self._closing.append(leg)
        if leg is participant.publish:
            participant.publish = None
            participant.sender = None
            streams = list(participant.streams.values())
            participant.streams.clear()
            self._bind()
            for stream in streams:
                self._feedback.forget(stream)
                self._counted.pop(stream, None)
        elif leg is participant.subscribe:
            participant.subscribe = None
            for slot in participant.slots:
                self._unbind(slot)
            participant.slots.clear()
            participant.listener = None
        if participant.publish is None and participant.subscribe is None:
            participant.legless_since = monotonic()

    def _take_down(self, participant: Participant) -> None:
        for leg in (participant.publish, participant.subscribe):
            if leg is not None:
                self._drop(participant, leg)

    # --- Who gets what -------------------------------------------------------------------------------------

    def _plan(self, participant: Participant) -> None:
        """Give every other participant its sections on this one's listening leg, and offer them where they changed."""
        leg = participant.subscribe
        if leg is None or leg.gone or leg.awaiting:
            # An offer is out: its answer makes the next plan.
            return
        others = [seat for seat in self.participants if seat != participant.seat]
        for slot in participant.slots:
            if slot.seat and slot.seat not in self.participants:
                self._unbind(slot)
                slot.seat, slot.agreed, slot.copy = "", False, None
                slot.section = Section(slot.section.kind, "inactive")
        have = {(slot.seat, slot.section.kind) for slot in participant.slots if slot.seat}
        for seat in others:
            for kind in KINDS:
                if (seat, kind) not in have:
                    self._take_slot(participant, seat, kind)
        if not participant.slots:
            # Alone: connect all the same, so that the first one who comes is seen at once.
            participant.slots = [Slot(Section(kind, "inactive")) for kind in KINDS]
        sections = [replace(slot.section) for slot in participant.slots]
        if sections != participant.offered or leg.revision == 0:
            participant.offered = sections
            self._offer(participant, leg, sections)

    def _take_slot(self, participant: Participant, seat: str, kind: Kind) -> None:
        stream = f"{seat}.{'screen' if kind == 'screen' else 'camera'}"
        ssrc = random.randrange(2, 1 << 32)  # noqa: S311 - a number that must not collide, not a secret
        section = Section(kind, "sendonly", ssrc, stream, f"{seat}.{kind}")
        for slot in participant.slots:
            if not slot.seat and slot.section.kind == kind:
                slot.seat, slot.section = seat, section
                return
        participant.slots.append(Slot(section, seat))

    def _bind(self) -> None:
        """Bring copies in line with what is published, agreed and wanted. Does nothing where nothing has changed."""
        for participant in self.participants.values():
            listener = participant.listener
            if listener is None:
                continue
            for slot in participant.slots:
                wanted = self._wanted(participant, slot)
                if wanted is slot.stream:
                    continue
                self._unbind(slot)
                if wanted is None:
                    listener.copies.pop(slot.section.ssrc, None)
                    continue
                if slot.copy is None:
                    slot.copy = Copy(listener.port, slot.section.ssrc)
                slot.copy.attach(wanted)
                slot.stream = wanted
                listener.copies[slot.section.ssrc] = (wanted, slot.copy)
                self._feedback.ask_picture(wanted)

    def _wanted(self, participant: Participant, slot: Slot) -> Stream | None:
        if not slot.agreed or not slot.seat:
            return None
        publisher = self.participants.get(slot.seat)
        if publisher is None:
            return None
        stream = publisher.streams.get(slot.section.kind)
        if stream is None or not stream.started:
            return None
        wants = participant.wants.get(slot.seat)
        return stream if wants is None or slot.section.kind in wants else None

    def _unbind(self, slot: Slot) -> None:
        if slot.copy is not None and slot.stream is not None:
            slot.copy.detach(slot.stream)
        slot.stream = None

    # --- Every second --------------------------------------------------------------------------------------

    def second(self) -> None:
        """Reports to senders, streams that send too much, who has vanished, who speaks."""
        self.packets = 0
        now = monotonic()
        loudest, speaker = SPEECH, ""
        for participant in list(self.participants.values()):
            for leg in (participant.publish, participant.subscribe):
                if leg is not None:
                    leg.look()
            if participant.sender is not None:
                self._feedback.report(participant.sender, self._limit(participant))
            for kind, stream in participant.streams.items():
                self._count(stream)
                if kind == "microphone" and stream.level is not None and stream.level < loudest:
                    loudest, speaker = stream.level, participant.seat
            since = participant.legless_since
            if since is not None and now - since > FORGET_SECONDS:
                self.leave(participant.seat, participant.epoch)
        if speaker and speaker != self._speaker:
            self._speaker = speaker
            for participant in self.participants.values():
                self._tell(participant.seat, participant.epoch, {"event": "speaker", "speaker": speaker})

    def _count(self, stream: Stream) -> None:
        highest = stream.advance()
        fresh = highest - self._counted.get(stream, stream.base)
        self._counted[stream] = highest
        self.packets += fresh
        if stream.held is not None:
            stream.copies, stream.held = stream.held, None
        if fresh > MOST_PACKETS:
            stream.held, stream.copies = stream.copies, ()

    def _limit(self, participant: Participant) -> int:
        """The bits a second that this one may send: its share of what the weakest listener can take."""
        own = set(map(id, participant.streams.values()))
        least = 0
        for other in self.participants.values():
            listener = other.listener
            if listener is None or not listener.bitrate or other is participant:
                continue
            mine = sum(
                1
                for stream, _ in listener.copies.values()
                if id(stream) in own and stream.ring is not None and stream.started
            )
            if mine:
                share = listener.bitrate * mine // max(1, listener.pictures())
                least = min(least, share) if least else share
        return least
