"""What a connection makes of things that go wrong, and of the wish to go on by telephone."""

from __future__ import annotations

from datetime import datetime, timedelta

from rooms import protocol
from rooms.enums import Trouble
from rooms.live import effects as do
from rooms.live.effects import Effects
from rooms.rules.trouble import MOST

# The same word once in so long: more would only make rows.
AGAIN_AFTER = timedelta(seconds=5)
ASK_AFTER = timedelta(seconds=2)


class Troubles:
    """Of one connection."""

    def __init__(self) -> None:
        self._told: dict[str, datetime] = {}
        self._count = 0
        self._asked: datetime | None = None

    def said(self, message: protocol.Trouble | protocol.Telephone, now: datetime, *, hosts: bool) -> Effects:
        """The page says what it saw, or asks for the telephone.

        The same trouble within five seconds is passed over, and so is what is told too often. A host moves the
        consultation to the telephone; what anybody else asks for is kept for them.
        """
        if isinstance(message, protocol.Trouble):
            return self._report(message.what, message.detail, now)
        return self._telephone(now, hosts=hosts)

    def no_server(self, now: datetime, *, had_one: bool) -> Effects:
        """No media server answers. ``had_one``: the seat's sound and picture went by one until now."""
        what = Trouble.SERVER_GONE if had_one else Trouble.SERVER_REFUSED
        return self._report(what.value, "", now, by_hub=True)

    def silent(self) -> Effects:
        """The socket has gone without a word, as when a line breaks: a page that is closed says so."""
        return [do.Report(Trouble.SOCKET_SILENT.value, by_hub=True)]

    def _telephone(self, now: datetime, *, hosts: bool) -> Effects:
        if hosts:
            return [do.MoveToTelephone()]
        if self._asked is not None and now - self._asked < ASK_AFTER:
            return []
        self._asked = now
        return [do.AskForTelephone()]

    def _report(self, what: str, detail: str, now: datetime, *, by_hub: bool = False) -> Effects:
        last = self._told.get(what)
        if self._count >= MOST or (last is not None and now - last < AGAIN_AFTER):
            return []
        self._told[what] = now
        self._count += 1
        return [do.Report(what, detail, by_hub)]
