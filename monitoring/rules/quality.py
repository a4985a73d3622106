"""Which measures of a device are let through: the members that docs/protocol.md names under `quality`, and no other.

A browser may send anything. What is kept are numbers within reason and words from a fixed list, so that no address
and no candidate can be kept by mistake.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from vdx.lib.browsers import BROWSERS, SYSTEMS

# From the link to the first picture, without the time in which people kept each other waiting.
LINK_TO_PICTURE = "linkToPictureSeconds"
# Highest value that is believed. Counters are the growth since the last sample, as a rule over five seconds.
NUMBERS: dict[str, float] = {
    "rttMs": 60_000,
    "packetsReceived": 1_000_000,
    "packetsLost": 1_000_000,
    "jitterMs": 60_000,
    "framesDecoded": 10_000,
    "framesPerSecond": 1_000,
    "freezeCount": 10_000,
    "freezeSeconds": 3_600,
    "concealedSamples": 10_000_000,
    # An outage is told when it is over, so by more than the five seconds.
    "withoutMediaSeconds": 3_600,
    LINK_TO_PICTURE: 600,
    "sentKbps": 1_000_000,
}
WORDS: dict[str, frozenset[str]] = {
    # W3C WebRTC, RTCPeerConnectionState and RTCIceConnectionState; qualityLimitationReason of webrtc-stats.
    "connection": frozenset({"new", "connecting", "connected", "disconnected", "failed", "closed"}),
    "ice": frozenset({"new", "checking", "connected", "completed", "disconnected", "failed", "closed"}),
    "limitation": frozenset({"none", "cpu", "bandwidth", "other"}),
    # What the hub itself saw of the machine.
    "browser": BROWSERS,
    "system": SYSTEMS,
}
# One sample stands for so many seconds (docs/protocol.md, "quality").
SAMPLE_SECONDS = 5
# A sample is poor above any of these. Loss and way: talk gets hard (ITU-T G.114, G.1010); a picture that stands still
# for a second in five is seen by everybody.
POOR_LOSS, POOR_RTT_MS, POOR_JITTER_MS, POOR_FREEZE_SECONDS = 0.05, 800, 100, 1.0
# Fewer packets than this say nothing of loss.
_FEW = 10
# A call is poor when this share of it was, or when nothing came for as long, but never for a hiccup.
POOR_SHARE, MISSED_SHARE, MISSED_SECONDS = 0.2, 0.05, 8
_SEAT_KEY = re.compile(r"[0-9A-Za-z_-]{12}")
_CANDIDATE = "(?:host|srflx|prflx|relay)"
_PAIR = re.compile(f"{_CANDIDATE}/{_CANDIDATE}/(?:udp|tcp|tls)")

Measures = dict[str, str | float]


def clean(sent: Mapping[str, object]) -> Measures:
    """What may be kept of a sample; empty where nothing is of use.

    A number out of range is left out, but for a loss below zero (late packets counted twice by the browser: RFC 3550
    6.4.1), which is taken as none.
    """
    kept: Measures = {}
    for name, limit in NUMBERS.items():
        value = sent.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            continue
        if name == "packetsLost":
            value = max(value, 0)
        if 0 <= value <= limit:
            kept[name] = value
    for name, words in WORDS.items():
        word = sent.get(name)
        if isinstance(word, str) and word in words:
            kept[name] = word
    for name, shape in (("pair", _PAIR), ("peer", _SEAT_KEY)):
        word = sent.get(name)
        if isinstance(word, str) and shape.fullmatch(word):
            kept[name] = word
    return {} if set(kept) <= {"peer", "browser", "system"} else kept


@dataclass(frozen=True)
class Sums:
    """What one sample adds to the aggregates of its device. Counts are whole, the rest as measured."""

    packets_received: int
    packets_lost: int
    jitter_ms_sum: float
    jitter_samples: int
    rtt_ms_sum: float
    rtt_samples: int
    fps_sum: float
    fps_samples: int
    freezes: int
    freeze_seconds: float
    seconds_without_media: float
    candidate_pair: str
    media_seconds: float
    picture_seconds: float
    poor_seconds: float
    slow_device_seconds: float
    slow_line_seconds: float
    browser: str
    system: str
    # Told once at most; None: not by this sample.
    seconds_to_picture: float | None


def is_poor_sample(measures: Measures) -> bool:
    """Whether what a device got over five seconds was poor."""

    def number(name: str) -> float:
        value = measures.get(name, 0)
        return value if isinstance(value, int | float) else 0

    received, lost = number("packetsReceived"), number("packetsLost")
    return (
        (received + lost >= _FEW and lost / (received + lost) >= POOR_LOSS)
        or number("rttMs") >= POOR_RTT_MS
        or number("jitterMs") >= POOR_JITTER_MS
        or number("freezeSeconds") >= POOR_FREEZE_SECONDS
    )


def is_poor(
    *, media_seconds: float, poor_seconds: float, seconds_without_media: float, seconds_together: float
) -> bool:
    """Whether a call was poor for a device: for a fifth of it, or because nothing came for too long."""
    if seconds_without_media >= max(MISSED_SECONDS, MISSED_SHARE * seconds_together):
        return True
    # One bad moment at the beginning makes no poor call.
    return poor_seconds >= 2 * SAMPLE_SECONDS and poor_seconds >= POOR_SHARE * media_seconds


def whole_seconds(total: float) -> int:
    """A sum of tenths of seconds in whole ones, the rest cut off; what floats lose in adding up is put right first."""
    return int(round(total, 1))


def sums(measures: Measures) -> Sums:
    """The sums of one cleaned sample. A measure that is missing adds neither to its sum nor to its count."""

    def number(name: str) -> float:
        value = measures.get(name, 0)
        return value if isinstance(value, int | float) else 0

    def there(name: str) -> int:
        return 1 if name in measures else 0

    return Sums(
        packets_received=int(number("packetsReceived")),
        packets_lost=int(number("packetsLost")),
        jitter_ms_sum=number("jitterMs"),
        jitter_samples=there("jitterMs"),
        rtt_ms_sum=number("rttMs"),
        rtt_samples=there("rttMs"),
        fps_sum=number("framesPerSecond"),
        fps_samples=there("framesPerSecond"),
        freezes=int(number("freezeCount")),
        freeze_seconds=number("freezeSeconds"),
        seconds_without_media=number("withoutMediaSeconds"),
        candidate_pair=str(measures.get("pair", "")),
        media_seconds=SAMPLE_SECONDS * (number("packetsReceived") > 0),
        picture_seconds=SAMPLE_SECONDS * (number("framesDecoded") > 0),
        poor_seconds=SAMPLE_SECONDS * is_poor_sample(measures),
        slow_device_seconds=SAMPLE_SECONDS * (measures.get("limitation") == "cpu"),
        slow_line_seconds=SAMPLE_SECONDS * (measures.get("limitation") == "bandwidth"),
        browser=str(measures.get("browser", "")),
        system=str(measures.get("system", "")),
        seconds_to_picture=number("linkToPictureSeconds") if "linkToPictureSeconds" in measures else None,
    )
