"""What participants are told of each other beside the media: who is away, what is wanted, whose line is poor."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from media.engines.relay.participant import Participant
from media.engines.relay.sdp import KINDS

#: Tells the web process something about a participant: seat, epoch, and the event's members.
Tell = Callable[[str, int, dict[str, Any]], None]
#: Silent looks (of 0.95 seconds) after which a participant is away. One look can be bad luck, and so can the lost
#: answer to the question that follows it; the leg itself is given up one look later.
AWAY_LOOKS = 3
#: Seconds between two words to a listener that its line is poor.
POOR_PAUSE = 5.0


class News:
    """The news of one room. ``participants`` is the room's own record, which changes."""

    def __init__(self, participants: Mapping[str, Participant], tell: Tell) -> None:
        self._participants = participants
        self._tell = tell
        #: Of everybody whose publishing leg has stood once.
        self._away: dict[str, bool] = {}
        self._poor: dict[str, float] = {}

    def up(self, participant: Participant) -> None:
        """A publishing leg stands."""
        if self._away.get(participant.seat, False):
            self._say_away(participant.seat, away=False)
        self._away[participant.seat] = False
        participant.wanted = None
        self.wanted()

    def away(self, seat: str) -> None:
        """A publishing leg has fallen silent, or is gone."""
        if self._away.get(seat) is False:
            self._away[seat] = True
            self._say_away(seat, away=True)

    def left(self, seat: str) -> None:
        """The hub tells everybody that a participant has gone for good."""
        self._away.pop(seat, None)
        self._poor.pop(seat, None)

    def look(self, participant: Participant) -> None:
        """About once a second: has the participant vanished, or come back?"""
        leg = participant.publish
        if leg is None or leg.port is None:
            return
        if leg.silent >= AWAY_LOOKS:
            self.away(participant.seat)
        elif not leg.silent and self._away.get(participant.seat, False):
            self._away[participant.seat] = False
            self._say_away(participant.seat, away=False)

    def catch_up(self, participant: Participant, *, everything: bool) -> None:
        """Tell one who was not there when it was news; ``everything``: also of those who are not away any more."""
        for seat, away in self._away.items():
            if seat != participant.seat and (away or everything):
                self._tell(participant.seat, participant.epoch, {"event": "away", "who": seat, "away": away})
        if everything:
            participant.wanted = None
            self.wanted()

    def wanted(self) -> None:
        """Tell senders what anybody wants of them, where that has changed."""
        for participant in self._participants.values():
            if participant.sender is None:
                continue
            others = [other for other in self._participants.values() if other is not participant]
            kinds = [kind for kind in KINDS if any(other.wants_of(participant.seat, kind) for other in others)]
            if kinds != participant.wanted:
                participant.wanted = kinds
                self._tell(participant.seat, participant.epoch, {"event": "wanted", "sources": kinds})

    def poor(self, participant: Participant, now: float) -> None:
        """Tell a listener whose line does not carry pictures."""
        listener, told = participant.listener, self._poor.get(participant.seat, -POOR_PAUSE)
        if listener is not None and listener.line.is_poor(now) and now - told >= POOR_PAUSE:
            self._poor[participant.seat] = now
            self._tell(participant.seat, participant.epoch, {"event": "poor"})

    def _say_away(self, seat: str, *, away: bool) -> None:
        for participant in self._participants.values():
            if participant.seat != seat:
                self._tell(participant.seat, participant.epoch, {"event": "away", "who": seat, "away": away})
