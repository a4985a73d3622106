"""What participants are told of each other beside the media: who is away, what is wanted, whose line is poor."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from time import monotonic
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
#: Seconds between two words to a sender of what is wanted of it. Between them the newest counts.
WANTED_PAUSE = 0.2


class News:
    """The news of one room. ``participants`` is the room's own record, which changes."""

    def __init__(self, participants: Mapping[str, Participant], tell: Tell) -> None:
        self._participants = participants
        self._tell = tell
        #: Of everybody whose publishing leg has stood once. Who left while away stays in it: what was told of a seat
        #: must be taken back when it connects again.
        self._away: dict[str, bool] = {}
        self._poor: dict[str, float] = {}
        self._later: asyncio.TimerHandle | None = None

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
        """A participant has gone, for good or until it connects anew."""
        if not self._away.get(seat):
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
            if seat in self._participants and seat != participant.seat and (away or everything):
                self._tell(participant.seat, participant.epoch, {"event": "away", "who": seat, "away": away})
        if everything:
            participant.wanted = None
            self.wanted()

    def wanted(self) -> None:
        """Tell senders what anybody wants of them, where that has changed; whom that was told just now, a little later.

        Without the pause one who wants and wants not, as fast as a socket can say it, has everybody else's browser
        start and stop its encoder as fast.
        """
        now = monotonic()
        wait = 0.0
        for participant in self._participants.values():
            if participant.sender is None:
                continue
            others = [other for other in self._participants.values() if other is not participant]
            kinds = [kind for kind in KINDS if any(other.wants_of(participant.seat, kind) for other in others)]
            if kinds == participant.wanted:
                continue
            rest = participant.wanted_at + WANTED_PAUSE - now
            if rest > 0:
                wait = max(wait, rest)
                continue
            participant.wanted, participant.wanted_at = kinds, now
            self._tell(participant.seat, participant.epoch, {"event": "wanted", "sources": kinds})
        if wait and self._later is None:
            self._later = asyncio.get_running_loop().call_later(wait, self._wanted_later)

    def _wanted_later(self) -> None:
        self._later = None
        self.wanted()

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
