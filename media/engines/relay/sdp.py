"""Session descriptions: the offers that the relay makes, and what it needs of a browser's answer (RFC 8866, RFC 9429).

The server always offers, and every offer of the hub uses the same payload types and the same numbers of header
extensions, so that a packet of one leg is good on every other. Left out on purpose: ``sdes:mid`` (a packet is routed
by its SSRC alone), RTX (a lost packet is sent again as it was), transport-cc (the receivers' REMB is what is passed
on) and discontinuous transmission (silence must not chop).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from media.engines.relay.aiortc_private import LocalParameters, RemoteParameters

Kind = Literal["microphone", "camera", "screen"]
KINDS: tuple[Kind, ...] = ("microphone", "camera", "screen")
Direction = Literal["sendonly", "recvonly", "inactive"]

#: Longer answers are not read.
MOST_CHARACTERS = 64_000
MOST_SECTIONS = 64

OPUS, VP8, H264 = 111, 96, 102
AUDIO_TYPES = frozenset({OPUS})
VIDEO_TYPES = frozenset({VP8, H264})
AUDIO_CLOCK, VIDEO_CLOCK = 48_000, 90_000

_FEEDBACK = ("nack", "nack pli", "ccm fir", "goog-remb")
_SEND_TIME = "a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"
_AUDIO = (
    _SEND_TIME,
    f"a=rtpmap:{OPUS} opus/48000/2",
    f"a=fmtp:{OPUS} minptime=10;useinbandfec=1",
)
_VIDEO = (
    _SEND_TIME,
    f"a=rtpmap:{VP8} VP8/90000",
    *(f"a=rtcp-fb:{VP8} {word}" for word in _FEEDBACK),
    f"a=rtpmap:{H264} H264/90000",
    f"a=fmtp:{H264} level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f",
    *(f"a=rtcp-fb:{H264} {word}" for word in _FEEDBACK),
)


@dataclass(slots=True)
class Section:
    """One media section of an offer. ``ssrc``, ``stream`` and ``track`` where the relay sends."""

    kind: Kind
    direction: Direction
    ssrc: int = 0
    stream: str = ""
    track: str = ""


@dataclass(frozen=True, slots=True)
class AnsweredSection:
    """What an answer says of one section: whether the browser sends or receives, and the SSRCs it sends from."""

    direction: str
    ssrcs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the relay needs of an answer."""

    remote: RemoteParameters
    sections: tuple[AnsweredSection, ...]


class BadAnswer(ValueError):
    """The answer cannot be used. The text is for developers and quotes nothing of it."""


def build_offer(*, session: int, revision: int, local: LocalParameters, sections: Sequence[Section]) -> str:
    """An offer with all of the server's addresses in it; nothing trickles from this side."""
    mids = " ".join(str(index) for index in range(len(sections)))
    lines = [
        "v=0",
        f"o=- {session} {revision} IN IP4 127.0.0.1",
        "s=-",
        "t=0 0",
        f"a=group:BUNDLE {mids}",
        "a=msid-semantic:WMS *",
    ]
    for index, section in enumerate(sections):
        sound = section.kind == "microphone"
        types = str(OPUS) if sound else f"{VP8} {H264}"
        lines += [
            f"m={'audio' if sound else 'video'} 9 UDP/TLS/RTP/SAVPF {types}",
            "c=IN IP4 0.0.0.0",
            f"a=mid:{index}",
            f"a={section.direction}",
            "a=rtcp-mux",
            f"a=ice-ufrag:{local.username}",
            f"a=ice-pwd:{local.password}",
            "a=ice-options:trickle",
            f"a=fingerprint:sha-256 {local.fingerprint}",
            "a=setup:actpass",
            *(_AUDIO if sound else _VIDEO),
        ]
        if section.direction == "sendonly":
            lines += [
                f"a=msid:{section.stream} {section.track}",
                f"a=ssrc:{section.ssrc} cname:{section.stream}",
            ]
        if index == 0:
            lines += [f"a=candidate:{line}" for line in local.candidates]
            lines.append("a=end-of-candidates")
    return "\r\n".join(lines) + "\r\n"


@dataclass(slots=True)
class _Reading:
    username: str = ""
    password: str = ""
    setup: str = ""
    fingerprints: list[tuple[str, str]] = field(default_factory=list)


def read_answer(text: str) -> Answer:
    """Read a browser's answer. Raises :class:`BadAnswer`."""
    if len(text) > MOST_CHARACTERS:
        raise BadAnswer("too long")
    seen = _Reading()
    sections: list[tuple[str, list[int]]] = []
    for line in text.splitlines():
        if line.startswith("m="):
            sections.append(("inactive" if line.split(" ", 2)[1:2] == ["0"] else "sendrecv", []))
            if len(sections) > MOST_SECTIONS:
                raise BadAnswer("too many sections")
            continue
        if not line.startswith("a="):
            continue
        name, _, value = line[2:].partition(":")
        if name in {"sendrecv", "sendonly", "recvonly", "inactive"} and sections:
            sections[-1] = (name, sections[-1][1])
        elif name == "ssrc" and sections:
            number = value.partition(" ")[0]
            if number.isascii() and number.isdigit() and 0 < int(number) < 1 << 32:
                ssrcs = sections[-1][1]
                if int(number) not in ssrcs and len(ssrcs) < 4:
                    ssrcs.append(int(number))
        elif name == "ice-ufrag" and not seen.username:
            seen.username = value
        elif name == "ice-pwd" and not seen.password:
            seen.password = value
        elif name == "setup" and not seen.setup:
            seen.setup = value
        elif name == "fingerprint" and len(seen.fingerprints) < 4:
            algorithm, _, digest = value.partition(" ")
            if (algorithm.lower(), digest) not in seen.fingerprints:
                seen.fingerprints.append((algorithm.lower(), digest))
    if not seen.username or not seen.password or not seen.fingerprints:
        raise BadAnswer("no key to the connection")
    if seen.setup not in {"active", "passive"}:
        raise BadAnswer("nobody starts the handshake")
    remote = RemoteParameters(seen.username, seen.password, tuple(seen.fingerprints), seen.setup == "active")
    return Answer(remote, tuple(AnsweredSection(direction, tuple(ssrcs)) for direction, ssrcs in sections))
