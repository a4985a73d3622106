"""What a host has done for the one who waits here: rung, and said a sentence; and where the doctor is meanwhile.

It comes as a push when it was committed, and is looked up again at every beat and when the page comes back, so that
neither a lost push nor a reload hides it.
"""

from __future__ import annotations

from datetime import datetime

from rooms import protocol
from rooms.enums import SeatState
from rooms.live import effects as do
from rooms.live import events
from rooms.live.effects import Effects, Send
from rooms.live.facts import Called, Standing
from rooms.live.presence import Presence
from rooms.protocol import Wire
from rooms.rules.waiting import RING_LASTS, WORD_LASTS, doctor_is, is_news


class Bell:
    """Of the connection's own seat."""

    def __init__(self, own: Presence) -> None:
        self._own = own
        self._called = Called()
        self._doctor_elsewhere = False
        # What the page has been told of.
        self._rung_at: datetime | None = None
        self._told_at: datetime | None = None

    def learn(self, standing: Standing) -> None:
        """What the database says."""
        self._called, self._doctor_elsewhere = standing.called, standing.doctor_elsewhere
        self._own.rings = standing.rings
        self._own.test = standing.test or self._own.test

    def hear(self, event: Wire, now: datetime, *, on: bool) -> Effects:
        """A push. ``on``: the page has been welcomed."""
        if event["kind"] == "ring_asked":
            self._own.rings = event["rings"]
            return []
        self._called = events.called_of(event)
        return self.news(now) if on else []

    def news(self, now: datetime) -> Effects:
        """What the page has yet to be told. Whoever is let in is rung at no more."""
        if self._own.state != SeatState.WAITING:
            return []
        effects: Effects = []
        if is_news(self._called.told_at, self._told_at, now=now, lasts=WORD_LASTS):
            self._told_at = self._called.told_at
            effects.append(do.Speak(self._called.told))
        if is_news(self._called.rung_at, self._rung_at, now=now, lasts=RING_LASTS):
            self._rung_at = self._called.rung_at
            effects.append(Send(protocol.ringing()))
        return effects

    def doctor(self, *, here: bool) -> str:
        """Where the doctor is, as the page is told."""
        return str(doctor_is(here=here, elsewhere=self._doctor_elsewhere))
