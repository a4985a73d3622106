"""What those who take part hand to each other beside sound and picture: text, pictures, links.

The hub hands on and keeps nothing. What it counts is there so that nobody floods the others, their lines or this
process: docs/protocol.md, "piece".
"""

from __future__ import annotations

from datetime import datetime, timedelta

from rooms import protocol
from rooms.enums import SeatRole
from rooms.live import effects as do
from rooms.live import events
from rooms.live.effects import Effects, Send
from rooms.live.facts import Identity
from rooms.live.roster import Roster
from rooms.protocol import Wire
from rooms.rules.allowance import Allowance

#: Characters a seat may hand on in a second, all who get them counted, and how many it may save up.
A_SECOND = 512 * 1024
SAVED = 2 * 1024 * 1024
#: What a connection begins with: connecting anew is no way to more.
BEGINS = 512 * 1024
#: Pictures a seat may show in a minute.
PICTURES = 12
#: Pieces of pictures and links on their way to one seat that it has not said to have got. A seat whose line stands
#: still shall not fill the memory of the process that holds its socket.
WINDOW = 8
#: After so long a piece counts as lost, and no more as on its way.
LOST_AFTER = timedelta(seconds=10)
# What a message weighs beside its data.
_ENVELOPE = 200


class Exchange:
    """One seat's handing on, and what it gets."""

    def __init__(self, me: Identity, now: datetime) -> None:
        self.me = me
        self._bytes = Allowance(now, start=BEGINS, most=SAVED, per_second=A_SECOND)
        self._pictures = Allowance(now, start=PICTURES / 2, most=PICTURES, per_second=PICTURES / 60)
        self._shown: dict[str, datetime] = {}
        # By seat: what is on its way there, and since when.
        self._away: dict[str, list[tuple[str, int, datetime]]] = {}

    def say(self, message: protocol.Piece | protocol.Got, others: Roster, now: datetime) -> Effects:
        """What this seat's page hands on; that the seat takes part is known already."""
        if message.to and not others.takes_part(message.to):
            return [do.Fail("not_there")]
        if isinstance(message, protocol.Got):
            weighs = self._bytes.take(_ENVELOPE, now)
            told = do.Tell(message.to, events.got(sender=self.me.seat, id=message.id, part=message.part))
            return [told] if weighs else [do.Fail("too_much")]
        if message.kind == "link" and self.me.role != SeatRole.HOST:
            return [do.Fail("not_allowed")]
        seats = [message.to] if message.to else others.taking_part()
        return self._handed_on(message, seats, now)

    def _handed_on(self, piece: protocol.Piece, seats: list[str], now: datetime) -> Effects:
        counted = piece.kind != "text" or bool(piece.data.get("sent"))
        ready = [seat for seat in seats if not counted or self._on_the_way(seat, now) < WINDOW]
        if len(ready) < len(seats):
            # The page sends it again, as it does whatever was not said to have come.
            return [do.Fail("too_much")]
        weight = (_ENVELOPE + sum(len(value) for value in piece.data.values() if isinstance(value, str))) * len(ready)
        if not self._bytes.take(weight, now) or not self._may_show(piece, now):
            return [do.Fail("too_much")]
        event = events.piece(
            sender=self.me.seat, id=piece.id, of=piece.kind, part=piece.part, parts=piece.parts, data=piece.data
        )
        for seat in ready:
            if counted:
                self._away[seat].append((piece.id, piece.part, now))
        return [do.Tell(seat, event) for seat in ready]

    def _on_the_way(self, seat: str, now: datetime) -> int:
        kept = [one for one in self._away.get(seat, []) if now - one[2] < LOST_AFTER]
        self._away[seat] = kept
        return len(kept)

    def _may_show(self, piece: protocol.Piece, now: datetime) -> bool:
        if piece.kind != "picture" or piece.id in self._shown or "cancelled" in piece.data:
            return True
        if not self._pictures.take(1, now):
            return False
        self._shown[piece.id] = now
        if len(self._shown) > 2 * PICTURES:
            del self._shown[next(iter(self._shown))]
        return True

    def hear(self, event: Wire) -> Effects:
        """What another seat hands to this one."""
        sender, id, part = event["sender"], event["id"], event["part"]
        if event["kind"] == "got":
            self._away[sender] = [one for one in self._away.get(sender, []) if one[:2] != (id, part)]
            return [Send(protocol.got(sender=sender, id=id, part=part))]
        piece = protocol.piece(
            sender=sender, id=id, kind=event["of"], part=part, parts=event["parts"], data=event["data"]
        )
        return [Send(piece)]
