"""Which way the connection's sound and picture go, and what its browser has been told of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from rooms import protocol
from rooms.live import effects as do
from rooms.live.effects import Announce, Effects, Send
from rooms.protocol import Wire

DIRECT = "direct"
# A page asks every few seconds at most. What it asks costs the hub several queries, and a media server connections.
ASK_EVERY = timedelta(seconds=1)


class Way:
    """``engine`` is ENGINE of docs/protocol.md, None until the seat has one. ``is_told``: the browser knows that it
    takes part, whether or not there is an engine for it yet."""

    def __init__(self) -> None:
        self.engine: Wire | None = None
        self.is_told = False
        self._epoch: int | None = None
        self._asked: dict[str, datetime] = {}

    def come(self, message: protocol.Hello) -> None:
        """The page's connections to the media server may have lived on while its socket was away."""
        self._epoch = message.epoch if message.resumed else None

    @property
    def is_direct(self) -> bool:
        """It goes from browser to browser now."""
        return self.engine is not None and self.engine["name"] == DIRECT

    @property
    def is_on_server(self) -> bool:
        """It goes by a media server now."""
        return self.engine is not None and not self.is_direct

    @property
    def may_be_direct(self) -> bool:
        """Nothing is known against it. Who is on a server stays there."""
        return self._epoch is None and (self.engine is None or self.is_direct)

    def is_behind(self, engine: str | None) -> bool:
        """The room is on this server engine, and the connection is not."""
        return engine is not None and (self.engine is None or self.engine["name"] != engine)

    def ask(self, now: datetime, *, failed: bool) -> Effects:
        """The browser asks anew; ``failed``: the direct way did not carry. More than once a second gets the same
        answer."""
        failed = failed and self.is_direct
        if self.engine is not None and self._asks_too_often("failed" if failed else "engine", now):
            return [] if failed else [Send(protocol.engine_message(self.engine))]
        return [do.JoinEngine(direct=self.may_be_direct and not failed)]

    def say(self, data: Wire, now: datetime) -> Effects:
        """The browser says something to the media server. ``again`` more than once a second is passed over."""
        if data.get("again") and self._asks_too_often("again", now):
            return []
        return [do.TellServer(data)]

    def _asks_too_often(self, what: str, now: datetime) -> bool:
        last = self._asked.get(what)
        if last is not None and now - last < ASK_EVERY:
            return True
        self._asked[what] = now
        return False

    def welcomed(self, *, takes_part: bool) -> Effects:
        """The welcome has said it."""
        self.is_told = takes_part
        return self._listen() if takes_part and self.engine is not None else []

    def let_in(self, engine: Wire | None, others: Sequence[Wire], here: Wire) -> Effects:
        """The browser hears that it takes part and with whom, and all the others that it does (``here``).

        Without an engine no media server takes the seat in. It is in the call all the same, before everybody's eyes,
        so that both sides are offered what helps.
        """
        self.engine = engine
        self.is_told = True
        return [Send(protocol.admitted(engine, others)), *self._listen(), Announce(here)]

    def joined(self, engine: Wire, *, renewed: bool = True) -> Effects:
        """The seat has another engine, or (``renewed``) fresh servers."""
        is_other = self.is_behind(engine["name"])
        self.engine = engine
        if not renewed and not is_other:
            return []
        return [Send(protocol.engine_message(engine)), *self._listen()]

    def _listen(self) -> Effects:
        if self.engine is None or self.is_direct:
            return []
        epoch, self._epoch = self._epoch, None
        return [do.Listen(self.engine["name"], epoch)]
