"""What a host may order."""

from __future__ import annotations

from rooms import protocol
from rooms.live import effects as do
from rooms.live.effects import Effects

Order = (
    protocol.Admit | protocol.Refuse | protocol.Extend | protocol.End | protocol.Lock | protocol.Remove | protocol.Mute
    | protocol.Ring | protocol.Delay | protocol.TellSentence
)  # fmt: skip


def ordered(order: Order) -> Effects:
    """What a host's order means; whether the one who gives it is a host is known already."""
    match order:
        case protocol.Admit(seat):
            return [do.Admit(seat)]
        case protocol.Refuse(seat):
            return [do.Refuse(seat)]
        case protocol.Lock(locked):
            return [do.Lock(locked)]
        case protocol.Remove(seat):
            return [do.Remove(seat)]
        case protocol.Mute(seat):
            return [do.Mute(seat)]
        case protocol.Ring(seat):
            return [do.Ring(seat)]
        case protocol.Delay(minutes):
            return [do.Delay(minutes)]
        case protocol.TellSentence(to, sentence):
            return [do.TellSentence(to, sentence)]
        case protocol.Extend(minutes):
            return [do.Extend(minutes)]
        case protocol.End():
            return [do.End()]
