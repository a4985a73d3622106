"""A room of the relay: who is in it, what each one publishes, and who gets a copy of what.

Every participant has a leg to publish on, with a microphone, a camera and a screen, and a leg to listen on, with three
sections for each of the others. Sections are agreed once a participant comes or goes; a camera or a screen that is
switched on or off needs no new offer, since its section was there all the time.
"""

from __future__ import annotations

import asyncio
from time import monotonic

from media.engines.relay import routes
from media.engines.relay.feedback import Feedback, Listener, Sender
from media.engines.relay.leg import Leg, Reason, Side, Workshop
from media.engines.relay.news import News, Tell
from media.engines.relay.participant import Participant
from media.engines.relay.sdp import AUDIO_CLOCK, AUDIO_TYPES, KINDS, VIDEO_CLOCK, VIDEO_TYPES, Kind, Section
from media.engines.relay.streams import Port, Stream

#: Seconds from one look at everybody to the next: a little under one, so that who vanishes is missed within five.
LOOK_SECONDS = 0.95
#: Packets a second of one stream above which it is not believed to be sound or picture, and rests for a second.
MOST_PACKETS = 4000
#: A participant without legs is forgotten after this many seconds.
FORGET_SECONDS = 60.0
#: Seconds between two changes of what a participant wants. Between them the newest counts.
WANT_PAUSE = 0.2
SIDES: tuple[Side, Side] = ("publish", "subscribe")


class Room:
    """The participants of one room, all of them in this worker."""

    def __init__(self, workshop: Workshop, feedback: Feedback, tell: Tell) -> None:
        self._workshop = workshop
        self._feedback = feedback
        self._tell = tell
        self._closing: list[Leg] = []
        self.participants: dict[str, Participant] = {}
        self._news = News(self.participants, tell)
        self.packets = 0

    # --- Coming and going ----------------------------------------------------------------------------------

    async def join(self, seat: str, epoch: int) -> None:
        """Take a participant in, or connect one anew; both legs get an offer.

        With the epoch that it has already, a participant is only taken over by another web process: what goes on
        goes on, and what that one does not know is told again. A smaller epoch comes late and changes nothing.
        """
        before = self.participants.get(seat)
        if before is not None:
            if before.epoch == epoch:
                self._tell_again(before)
            if before.epoch >= epoch:
                return
            self._take_down(before)
            self._news.away(seat)
        new = Participant(seat, epoch)
        self.participants[seat] = new
        new.publish = self._leg(new, "publish")
        new.subscribe = self._leg(new, "subscribe")
        await new.publish.open()
        await new.subscribe.open()
        if self.participants.get(seat) is not new:
            return
        new.is_open = True
        self._offer(new, new.publish, [Section(kind, "recvonly") for kind in KINDS])
        for participant in list(self.participants.values()):
            self._plan(participant)
        self._bind()
        self._news.wanted()

    def knows(self, seat: str, epoch: int) -> bool:
        """Whether this epoch's connections of the seat are here still, at least one of them."""
        participant = self._current(seat, epoch)
        return participant is not None and (participant.publish is not None or participant.subscribe is not None)

    def leave(self, seat: str, epoch: int) -> None:
        """Let a participant go, unless it has connected anew meanwhile."""
        participant = self.participants.get(seat)
        if participant is None or participant.epoch > epoch:
            return
        del self.participants[seat]
        self._take_down(participant)
        self._news.left(seat)
        for other in list(self.participants.values()):
            self._plan(other)
        self._news.wanted()

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

    def want(self, seat: str, epoch: int, wants: dict[str, frozenset[Kind]]) -> None:
        """What a participant wants of the others, by their seats; of a seat that is not named, everything."""
        participant = self._current(seat, epoch)
        if participant is None:
            return
        is_due = participant.wants_next is None
        participant.wants_next = wants
        if is_due:
            # What somebody wants and wants not, as fast as a socket can say it, costs a whole picture each time.
            wait = max(0.0, participant.wants_at + WANT_PAUSE - monotonic())
            if wait:
                asyncio.get_running_loop().call_later(wait, self._take_wants, participant)
            else:
                self._take_wants(participant)

    def _take_wants(self, participant: Participant) -> None:
        wants, participant.wants_next = participant.wants_next, None
        if wants is not None and self.participants.get(participant.seat) is participant:
            participant.wants, participant.wants_at = wants, monotonic()
            self._bind()
            self._news.wanted()

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
            on_moved=lambda leg, host: self._moved(participant, leg, host),
        )

    def _moved(self, participant: Participant, leg: Leg, host: str) -> None:
        """A leg's browser goes on from another address: so does its other leg, which may have said nothing yet."""
        for other in (participant.publish, participant.subscribe):
            if other is not None and other is not leg:
                other.doubt(host)

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
        for side in SIDES:
            leg = participant.leg(side)
            if leg is None:
                self._tell_lost(participant, side, "closed")
            elif leg.awaiting:
                self._tell(participant.seat, participant.epoch, participant.told[side])
        self._news.catch_up(participant, everything=True)

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
        if leg.side == "publish":
            self._news.up(participant)
        else:
            self._news.catch_up(participant, everything=False)

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
        self._tell_lost(participant, leg.side, reason)
        if leg.side == "publish":
            self._news.away(participant.seat)

    def _tell_lost(self, participant: Participant, side: Side, reason: Reason) -> None:
        self._tell(participant.seat, participant.epoch, {"event": "lost", "leg": side, "reason": reason})

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
        elif leg is participant.subscribe:
            participant.subscribe = None
            for slot in participant.slots:
                routes.unbind(slot)
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
        """Bring the sections of a listening leg in line with who is there, and offer them where they changed."""
        leg = participant.subscribe
        if leg is None or leg.gone or leg.awaiting or not participant.is_open:
            # An offer is out: its answer makes the next plan. Or they come at once, by two web processes: so does the
            # end of their joining.
            return
        sections = routes.plan(self.participants, participant)
        if sections != participant.offered or leg.revision == 0:
            participant.offered = sections
            self._offer(participant, leg, sections)

    def _bind(self) -> None:
        routes.bind(self.participants, self._feedback)

    # --- Every second --------------------------------------------------------------------------------------

    def second(self) -> None:
        """Reports to senders, streams that send too much, who has vanished, whose line is poor."""
        self.packets = 0
        now = monotonic()
        for participant in list(self.participants.values()):
            for leg in (participant.publish, participant.subscribe):
                if leg is not None:
                    leg.look()
            self._news.look(participant)
            for stream in participant.streams.values():
                stream.count(LOOK_SECONDS, MOST_PACKETS)
                self.packets += stream.packets
            since = participant.legless_since
            if since is not None and now - since > FORGET_SECONDS:
                self.leave(participant.seat, participant.epoch)
        for participant in self.participants.values():
            listener = participant.listener
            if listener is not None:
                listener.line.second(sent=listener.sent(), pictures=listener.pictures(), now=now)
                self._news.poor(participant, now)
        for participant in self.participants.values():
            if participant.sender is not None:
                self._feedback.report(participant.sender, routes.limit(self.participants, participant))
