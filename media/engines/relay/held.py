"""A room as its worker holds it: which web process speaks for whom, and how often somebody connects anew."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from time import monotonic

from media.engines.relay import wire
from media.engines.relay.allowance import Allowance
from media.engines.relay.room import Room

logger = logging.getLogger(__name__)

#: Octets that a web process may leave unread before it is dropped.
MOST_UNREAD = 4_000_000
#: How often a second, and how often at once, a seat may connect anew. Each time costs two sockets on every address.
JOIN_RATE, JOIN_BURST = 1.0, 3.0


@dataclass(eq=False)
class Client:
    """One web process."""

    writer: asyncio.StreamWriter

    def send(self, message: wire.Message) -> None:
        transport = self.writer.transport
        if transport.is_closing():
            return
        if transport.get_write_buffer_size() > MOST_UNREAD:
            logger.warning("a web process does not read: dropped")
            transport.abort()
            return
        self.writer.write(wire.dump(message))


@dataclass
class Held:
    """A room, and who speaks for its participants: ``owners``, or ``orphans`` with nobody since a monotonic time.

    ``later``: the newest wish to connect of seats that have connected too often of late.
    """

    room: Room
    owners: dict[str, Client] = field(default_factory=dict)
    orphans: dict[str, float] = field(default_factory=dict)
    later: dict[str, tuple[Client, int]] = field(default_factory=dict)
    _joins: dict[str, Allowance] = field(default_factory=dict)

    def own(self, seat: str, client: Client) -> None:
        """This web process speaks for the seat from now on."""
        self.owners[seat] = client
        self.orphans.pop(seat, None)

    def may_join(self, seat: str, client: Client, epoch: int) -> bool:
        """Whether the seat may connect now. If not, it will at the next look, with the newest epoch."""
        if self._joins.setdefault(seat, Allowance(JOIN_RATE, JOIN_BURST)).take():
            self.later.pop(seat, None)
            return True
        waiting = self.later.get(seat)
        if waiting is None or waiting[1] <= epoch:
            self.later[seat] = client, epoch
        return False

    def take_later(self) -> list[tuple[str, Client, int]]:
        """Whose time has come."""
        due = [(seat, client, epoch) for seat, (client, epoch) in self.later.items()]
        self.later.clear()
        return due

    def leave(self, seat: str, client: Client, epoch: int) -> None:
        """The seat leaves. Whom another web process has taken over does not leave by the one before."""
        self._wish_no_more(seat, client)
        if self.owners.get(seat, client) is client:
            self.room.leave(seat, epoch)

    def release(self, seat: str, client: Client) -> None:
        """The web process speaks for the seat no longer."""
        self._wish_no_more(seat, client)
        if self.owners.get(seat) is client:
            del self.owners[seat]
            self.orphans[seat] = monotonic()

    def orphan(self, client: Client) -> None:
        """The web process has gone."""
        for seat in {*self.owners, *self.later}:
            self.release(seat, client)

    def tidy(self) -> None:
        """Keep nothing of seats that are here no more."""
        for kept in (self.owners, self._joins):
            for seat in [seat for seat in kept if seat not in self.room.participants and seat not in self.later]:
                del kept[seat]

    def _wish_no_more(self, seat: str, client: Client) -> None:
        if seat in self.later and self.later[seat][0] is client:
            del self.later[seat]
