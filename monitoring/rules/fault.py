"""Whose fault a failed or poor call was: one cause, how sure that is, and the facts that speak for it.

Each rule below is a small function that looks at one kind of fact and gives findings: a cause, a weight from 1 to 10,
and the evidence in a word. Weights of the same cause add up; the heaviest cause wins. The confidence falls when
another cause comes close. What the words mean to people stands in ``monitoring/wording.py``.

Weights, from the surest facts to mere hints:

- 10: it cannot have been anything else (a browser that knows no WebRTC, a device that was offline while its line was
  gone);
- 8-9: seen by the machine that failed, or by the hub itself (permission refused, no media server answers);
- 5-7: seen from outside, with the other side as a witness (one socket gone while the other's stood);
- 3-4: measured, and could have two reasons (packets lost on one of two legs);
- 1-2: makes another finding likelier, and proves nothing alone (inside an app, page in the background).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from booking.enums import Cause, Confidence
from rooms.enums import Trouble

# Seconds for which a socket must be gone before it says something of a network: a reconnection takes two or three.
OUTAGE = 5
LONG_OUTAGE = 20
# Shares of packets, milliseconds and shares of time, as rules/quality.py has them for one sample.
LOSS = 0.05
RTT_MS = 800
HELD_BACK = 0.3
# Below this a finding does not tell against a call that went well.
GRAVE = 7
# Seconds after the booked start from which somebody is late.
LATE = 300


class How(StrEnum):
    """How the call went, as far as sound and picture tell."""

    WELL = "well"
    POOR = "poor"
    FAILED = "failed"


@dataclass(frozen=True)
class Side:
    """What is known of one side: the doctor's devices, or all the guests'. Seconds, shares 0 to 1, milliseconds.

    ``outage_alone``: its socket was gone while the other side's stood; ``outage_together``: both were gone.
    ``gets``: seconds in which sound or picture came from the other side. ``loss``: of the packets sent to it.
    ``late``: first connected so long after the booked start, below zero before it. ``details``: what was said along
    with a trouble. ``detour``: its sound and picture went by TURN over TCP or TLS. ``test``: words for what its device
    test found wrong.
    """

    came: bool = True
    late: float = 0
    troubles: frozenset[str] = frozenset()
    details: frozenset[tuple[str, str]] = frozenset()
    outage_alone: float = 0
    outage_together: float = 0
    gets: float = 0
    samples: int = 0
    loss: float | None = None
    rtt_ms: float | None = None
    slow_sending: float = 0
    slow_device: float = 0
    detour: bool = False
    app: bool = False
    test: frozenset[str] = frozenset()

    def has(self, *words: Trouble) -> bool:
        """Whether any of these was reported, and the same device has not worked again since."""
        return any(word.value in self.troubles for word in words)


@dataclass(frozen=True)
class Facts:
    """Everything the judgement is made from. ``together``: seconds in which both took part.

    ``at_once``: seconds in which both were connected, let in or not. ``by_server``: the call went by a media server,
    not from browser to browser.
    """

    how: How = How.FAILED
    doctor: Side = field(default_factory=Side)
    patient: Side = field(default_factory=Side)
    together: float = 0
    at_once: float = 0
    by_server: bool = True


@dataclass(frozen=True)
class Finding:
    """One thing that speaks for a cause."""

    cause: Cause
    weight: int
    evidence: str


@dataclass(frozen=True)
class Judgement:
    """``evidence``: words of ``monitoring/wording.py``, the weightiest first."""

    cause: Cause
    confidence: Confidence
    evidence: tuple[str, ...] = ()


Rule = Callable[[Facts], Iterator[Finding]]


def attribute(facts: Facts) -> Judgement:
    """The likeliest cause. A call that went well has one only where a device of somebody's was not used at all."""
    facts = _without_who_waited(facts)
    found = [finding for rule in RULES for finding in rule(facts)]
    if facts.how is How.WELL:
        found = [finding for finding in found if finding.weight >= GRAVE and finding.cause in _DEVICES]
        if not found:
            return Judgement(Cause.NONE, Confidence.HIGH)
    if not found:
        return Judgement(Cause.UNKNOWN, Confidence.LOW)
    weights: dict[Cause, int] = {}
    for finding in found:
        weights[finding.cause] = weights.get(finding.cause, 0) + finding.weight
    # Of two that weigh the same the one whose strongest fact is stronger, then the earlier rule's.
    order = sorted(
        weights, key=lambda cause: (weights[cause], max(f.weight for f in found if f.cause is cause)), reverse=True
    )
    cause = order[0]
    rest = weights[order[1]] if len(order) > 1 else 0
    spoken = sorted((f for f in found if f.cause is cause), key=lambda f: -f.weight)
    return Judgement(cause, _confidence(weights[cause], rest), tuple(dict.fromkeys(f.evidence for f in spoken)))


def _without_who_waited(facts: Facts) -> Facts:
    """Where one side alone came, nothing of its own kept the other one away: only what the other met counts."""
    if facts.together >= 1 or facts.doctor.came == facts.patient.came:
        return facts
    if facts.doctor.came:
        return replace(facts, doctor=_waited(facts.doctor))
    return replace(facts, patient=_waited(facts.patient))


def _waited(side: Side) -> Side:
    return Side(late=side.late, troubles=side.troubles & {Trouble.HUB_FULL.value})


def _confidence(weight: int, rest: int) -> Confidence:
    if weight >= 8 and rest * 2 <= weight:
        return Confidence.HIGH
    if weight >= 5 and rest * 4 <= weight * 3:
        return Confidence.MEDIUM
    return Confidence.LOW


# --- The rules, from the surest to the faintest ---


def capacity(facts: Facts) -> Iterator[Finding]:
    """The hub itself let the call not begin, since it held as many as it can. One that began later was let in later."""
    if facts.together < 1 and any(side.has(Trouble.HUB_FULL) for _, side in _sides(facts)):
        yield Finding(Cause.HUB_FULL, 10, "hub_full")


def permission(facts: Facts) -> Iterator[Finding]:
    """A browser said no. The microphone weighs more: without it there is no consultation.

    A camera alone keeps no sound away: where nothing came either way, something else did.
    """
    for who, side in _sides(facts):
        cause = _PERMISSION[who]
        if side.has(Trouble.MICROPHONE_REFUSED):
            yield Finding(cause, 9, f"{who}_microphone_refused")
        if side.has(Trouble.CAMERA_REFUSED):
            yield Finding(cause, _of_camera(facts, side), f"{who}_camera_refused")
        for device in ("camera", "microphone"):
            if f"{device}_refused" in side.test:
                yield Finding(cause, 3, f"{who}_test_{device}_refused")


def device(facts: Facts) -> Iterator[Finding]:
    """Camera, microphone, speaker or the browser itself."""
    for who, side in _sides(facts):
        cause = _DEVICE[who]
        if side.has(Trouble.TOO_OLD_BROWSER):
            yield Finding(cause, 10, f"{who}_too_old_browser")
        if side.has(Trouble.INSECURE):
            yield Finding(cause, 9, f"{who}_app_without_devices" if side.app else f"{who}_no_devices_given")
        for name, weight in (("microphone", 9), ("camera", _of_camera(facts, side))):
            for what in ("missing", "busy", "failed", "ended"):
                if f"{name}_{what}" in side.troubles:
                    yield Finding(cause, weight, f"{who}_{name}_{what}")
                if f"{name}_{what}" in side.test:
                    yield Finding(cause, 3, f"{who}_test_{name}_{what}")
        if side.has(Trouble.MICROPHONE_SILENT):
            yield Finding(cause, 7, f"{who}_microphone_silent")
        if "microphone_silent" in side.test:
            yield Finding(cause, 3, f"{who}_test_microphone_silent")
        if side.has(Trouble.SPEAKER_BLOCKED):
            yield Finding(cause, 6, f"{who}_speaker_blocked")
        if "speaker" in side.test:
            yield Finding(cause, 3, f"{who}_test_speaker")
        if side.slow_device >= HELD_BACK:
            yield Finding(cause, 4, f"{who}_slow_device")
        if side.has(Trouble.PAGE_HIDDEN) and not side.outage_alone:
            yield Finding(cause, 2, f"{who}_page_hidden")
        if side.app and facts.how is not How.WELL:
            yield Finding(cause, 1, f"{who}_in_app")


def own_line(facts: Facts) -> Iterator[Finding]:
    """One side's socket was gone while the other's stood: the other side is the witness that the hub was there."""
    for who, side in _sides(facts):
        other = facts.patient if who == "doctor" else facts.doctor
        cause = _NETWORK[who]
        if side.has(Trouble.OFFLINE):
            # A telephone that goes from one network to the other says so as well, for a second.
            yield Finding(cause, 10 if side.outage_alone >= OUTAGE else 2, f"{who}_offline")
        if side.outage_alone >= OUTAGE:
            weight = 8 if side.outage_alone >= LONG_OUTAGE else 7
            yield Finding(cause, weight, f"{who}_socket_gone_alone")
        elif _lost_alone(side, other):
            yield Finding(cause, 6, f"{who}_socket_silent_alone")
        if side.has(Trouble.SOCKET_NEVER) and not other.has(Trouble.SOCKET_NEVER):
            yield Finding(cause, 5, f"{who}_never_reached_the_hub")


def packets(facts: Facts) -> Iterator[Finding]:
    """Who loses whose packets.

    What the doctor misses got lost on the patient's way up or on the doctor's way down, and the other way round. A
    sender who says that the line holds back its pictures points at its own way up; a side that misses much while the
    other gets everything, and whose counterpart sends freely, points at its own way down. By a server the round trip
    is each side's own.
    """
    for who, side in _sides(facts):
        other = facts.patient if who == "doctor" else facts.doctor
        if side.slow_sending >= HELD_BACK:
            yield Finding(_NETWORK[who], 5, f"{who}_slow_sending")
        if (side.loss or 0) >= LOSS:
            to_blame = _other(who) if other.slow_sending >= HELD_BACK else who
            yield Finding(_NETWORK[to_blame], 4, f"{who}_loses_packets")
        if facts.by_server and (side.rtt_ms or 0) >= RTT_MS and (other.rtt_ms or 0) < RTT_MS:
            yield Finding(_NETWORK[who], 4, f"{who}_long_way")
        if facts.how is not How.WELL and side.test & {"socket", "slow"}:
            yield Finding(_NETWORK[who], 3, f"{who}_test_network")
        if _stands_still(side, other) and not _stands_still(other, side):
            yield Finding(_NETWORK[who], 2, f"{who}_stands_still")


def firewall(facts: Facts) -> Iterator[Finding]:
    """The hub is reached, sound and picture are not: something between lets no media through, or only by a detour.

    Where no media server answered anybody it is the server's fault, and nothing is said here. A device that has found
    a TURN server has come past its own wall: what is missing lies behind that.
    """
    if _server_away(facts):
        return
    for who, side in _sides(facts):
        other = facts.patient if who == "doctor" else facts.doctor
        steady = side.outage_alone < OUTAGE
        if side.has(Trouble.ICE_FAILED) and steady and side.gets == 0:
            alone = other.gets > 0 or not other.has(Trouble.ICE_FAILED)
            if _past_the_wall(side):
                yield Finding(Cause.MEDIA_SERVER, 6, f"{who}_nothing_behind_turn")
                alone = False
            yield Finding(Cause.FIREWALL, 8 if alone else 2, f"{who}_media_blocked")
        if side.has(Trouble.DTLS_FAILED) and steady:
            yield Finding(Cause.FIREWALL, 7, f"{who}_encryption_blocked")
        if "udp" in side.test and side.gets == 0:
            yield Finding(Cause.FIREWALL, 4, f"{who}_test_udp_blocked")
        if side.has(Trouble.SOCKET_NEVER):
            yield Finding(Cause.FIREWALL, 4, f"{who}_socket_blocked")
        if side.detour and facts.how is How.POOR:
            # In order and without loss, so that every lost packet holds up all that come after it.
            yield Finding(Cause.FIREWALL, 3, f"{who}_detour")


def media_server(facts: Facts) -> Iterator[Finding]:
    """No media server answered, or one went away in the middle. Both as witnesses weigh more."""
    for who, side in _sides(facts):
        if side.has(Trouble.SERVER_REFUSED, Trouble.NO_SERVER):
            yield Finding(Cause.MEDIA_SERVER, 8, f"{who}_no_media_server")
        if side.has(Trouble.SERVER_GONE):
            yield Finding(Cause.MEDIA_SERVER, 7, f"{who}_media_server_gone")
    both = (facts.doctor, facts.patient)
    if facts.by_server and not _server_away(facts) and all(s.has(Trouble.ICE_FAILED) and s.gets == 0 for s in both):
        # Two networks that both bar it are rarer than one server that nobody reaches.
        yield Finding(Cause.MEDIA_SERVER, 6, "nobody_reached_the_media_server")


def signalling(facts: Facts) -> Iterator[Finding]:
    """Both sockets were gone at once: they share nothing but the hub."""
    gone = min(facts.doctor.outage_together, facts.patient.outage_together)
    if gone >= OUTAGE:
        yield Finding(Cause.SIGNALLING, 9, "both_sockets_gone")
    elif facts.doctor.has(Trouble.SOCKET_NEVER) and facts.patient.has(Trouble.SOCKET_NEVER):
        yield Finding(Cause.SIGNALLING, 9, "nobody_reached_the_hub")
    elif _both_lost(facts.doctor) and _both_lost(facts.patient):
        yield Finding(Cause.SIGNALLING, 5, "both_sockets_lost")


def people(facts: Facts) -> Iterator[Finding]:
    """Somebody did not come, they came one after the other, or one was left waiting while the other was there.

    Weak enough that a fault seen at the door goes first.
    """
    if facts.how is not How.FAILED:
        return
    for who, side in _sides(facts):
        if not side.came and not side.troubles:
            # Whose page had something to tell has opened it.
            yield Finding(Cause.HUMAN_NEVER_OPENED, 6, f"{who}_never_opened")
    if not (facts.doctor.came and facts.patient.came) or facts.together >= 1:
        return
    if facts.at_once >= 1:
        yield Finding(Cause.UNKNOWN, 3, "never_let_in")
        return
    yield Finding(Cause.HUMAN_TOO_LATE, 5, "never_there_at_once")
    for who, side in _sides(facts):
        if side.late >= LATE:
            yield Finding(Cause.HUMAN_TOO_LATE, 3, f"{who}_late")


RULES: tuple[Rule, ...] = (capacity, permission, device, media_server, signalling, own_line, firewall, packets, people)

_PERMISSION: Mapping[str, Cause] = {"doctor": Cause.DOCTOR_PERMISSION, "patient": Cause.PATIENT_PERMISSION}
_DEVICE: Mapping[str, Cause] = {"doctor": Cause.DOCTOR_DEVICE, "patient": Cause.PATIENT_DEVICE}
_NETWORK: Mapping[str, Cause] = {"doctor": Cause.DOCTOR_NETWORK, "patient": Cause.PATIENT_NETWORK}
_DEVICES = frozenset({*_PERMISSION.values(), *_DEVICE.values()})


def _sides(facts: Facts) -> tuple[tuple[str, Side], tuple[str, Side]]:
    return ("patient", facts.patient), ("doctor", facts.doctor)


def _of_camera(facts: Facts, side: Side) -> int:
    """What a camera that cannot be used weighs."""
    no_microphone = any(word.startswith("microphone_") for word in side.troubles)
    return 8 if no_microphone or facts.doctor.gets > 0 or facts.patient.gets > 0 else 3


def _other(who: str) -> str:
    return "patient" if who == "doctor" else "doctor"


def _stands_still(side: Side, other: Side) -> bool:
    """What came from the other side came no more. A microphone that is dead there explains the silence here."""
    silent = side.has(Trouble.NO_SOUND_HERE) and not any(word.startswith("microphone_") for word in other.troubles)
    return silent or side.has(Trouble.FROZEN_HERE)


def _server_away(facts: Facts) -> bool:
    away = (Trouble.SERVER_REFUSED, Trouble.SERVER_GONE, Trouble.NO_SERVER)
    return facts.doctor.has(*away) or facts.patient.has(*away)


def _past_the_wall(side: Side) -> bool:
    """Whether the farthest candidate that a failed search had found was a relay's (RFC 8445, 5.1.1)."""
    return (Trouble.ICE_FAILED.value, "relay") in side.details


def _both_lost(side: Side) -> bool:
    return side.has(Trouble.SOCKET_SILENT, Trouble.SOCKET_LOST)


def _lost_alone(side: Side, other: Side) -> bool:
    return _both_lost(side) and not _both_lost(other)
