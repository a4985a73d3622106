"""What a connection wants done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from rooms.enums import ReadySentence
from rooms.protocol import Wire


@dataclass(frozen=True)
class Send:
    """Say this to the browser."""

    message: Wire


@dataclass(frozen=True)
class Fail:
    """Say an error to the browser, with the code's own words or those of the refusal; close if it is fatal."""

    code: str
    fatal: bool = False
    message: str = ""


@dataclass(frozen=True)
class Speak:
    """Say a ready sentence to the browser, in its language."""

    sentence: str


@dataclass(frozen=True)
class SayNoPlace:
    """Say to the browser, in its language, that the hub holds no more calls, and what to do meanwhile."""


@dataclass(frozen=True)
class Close:
    """Close the socket."""

    code: int


@dataclass(frozen=True)
class Announce:
    """Say this to all the room's connections, this one included."""

    event: Wire


@dataclass(frozen=True)
class Tell:
    """Say this to one seat's connections."""

    seat: str
    event: Wire


@dataclass(frozen=True)
class Later:
    """Call ``tick`` again after this time at the latest."""

    wait: timedelta


@dataclass(frozen=True)
class Connect:
    """Begin a visit; answer with ``connected``. ``direct``: its sound and picture may go without a server."""

    instance: str
    resumed: bool
    direct: bool


@dataclass(frozen=True)
class Beat:
    """Write the heartbeat and look everything up; answer with ``stood``.

    ``way``: look also which way the room's sound and picture go.
    """

    visit: int
    way: bool


@dataclass(frozen=True)
class JoinEngine:
    """Let the media engine take the seat in, or renew; answer with ``joined``.

    ``direct``: sound and picture may go without a server, and nothing is known against it; ``looked``: the room was
    asked a moment ago. Nobody waits long for a server: its answer may come later.
    """

    direct: bool
    looked: bool = False


@dataclass(frozen=True)
class Listen:
    """Hand the media server's words on by ``told``, those of connections of ``epoch`` if there are any.

    Once is enough for an engine: for one that is listened to already, nothing is to be done.
    """

    engine: str
    epoch: int | None


@dataclass(frozen=True)
class TellServer:
    """Say this to the media server."""

    data: Wire


@dataclass(frozen=True)
class LeaveEngine:
    """The seat needs its sound and picture no more."""


@dataclass(frozen=True)
class EndMedia:
    """The room is over: nobody's sound and picture goes on."""


@dataclass(frozen=True)
class Forward:
    """Ask the engine whether the signal goes on to the other seat, and send it there."""

    to: str
    event: Wire


@dataclass(frozen=True)
class Admit:
    """Let a seat in."""

    seat: str


@dataclass(frozen=True)
class Refuse:
    """Turn a seat away."""

    seat: str


@dataclass(frozen=True)
class Lock:
    """Let nobody new knock, or let them again."""

    locked: bool


@dataclass(frozen=True)
class Remove:
    """Take a seat out of the call, and its sound and picture with it."""

    seat: str


@dataclass(frozen=True)
class Mute:
    """Have a seat's microphone switched off."""

    seat: str


@dataclass(frozen=True)
class OfferHandover:
    """Draw a code by which the seat goes on at another device, and say it to the browser."""


@dataclass(frozen=True)
class AnswerHandover:
    """Say yes or no to the device that asks for the seat."""

    accept: bool


@dataclass(frozen=True)
class Extend:
    """Move the room's end."""

    minutes: int


@dataclass(frozen=True)
class End:
    """Close the room."""


@dataclass(frozen=True)
class GiveUp:
    """Give the seat up."""


@dataclass(frozen=True)
class Sample:
    """Hand a measurement on."""

    measures: dict[str, int | float | str]


@dataclass(frozen=True)
class Report:
    """Tell what went wrong on this device. ``by_hub``: it was seen from here."""

    what: str
    detail: str = ""
    by_hub: bool = False


@dataclass(frozen=True)
class AskForTelephone:
    """Keep that this seat would rather go on by telephone."""


@dataclass(frozen=True)
class MoveToTelephone:
    """The consultation goes on by telephone."""


@dataclass(frozen=True)
class Ring:
    """Ring at a seat that waits."""

    seat: str


@dataclass(frozen=True)
class Delay:
    """Say how late the doctor is."""

    minutes: int


@dataclass(frozen=True)
class TellSentence:
    """Say a ready sentence to a seat that waits, or to all who do."""

    seat: str | None
    sentence: ReadySentence


@dataclass(frozen=True)
class Disconnect:
    """End the visit at this time."""

    visit: int
    at: datetime


#: What goes to the database, and needs no answer.
Write = (
    Lock
    | Mute
    | AnswerHandover
    | Admit
    | Refuse
    | Extend
    | End
    | GiveUp
    | Sample
    | Report
    | AskForTelephone
    | MoveToTelephone
    | Ring
    | Delay
    | TellSentence
    | Disconnect
)
Effect = (
    Send | Fail | Speak | SayNoPlace | Close | Announce | Tell | Later | Connect | Beat | JoinEngine | Listen
    | TellServer | LeaveEngine | EndMedia | Forward | Remove | OfferHandover | Write
)  # fmt: skip
Effects = list[Effect]
