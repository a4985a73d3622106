"""A test of somebody's device: what of it may be kept, and what comes of it.

The page judges by the same rule, so that a person who has no connection is told all the same
(``static/js/test/verdict.js``); ``tests/device_test_cases.json`` holds both to one table. What is stored is judged
here, by what the page measured and not by what it thought of it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

Measures = dict[str, str | float | bool]

#: How a device was had: rooms' own words for what can go wrong (docs/protocol.md).
DEVICE = frozenset({"ok", "refused", "busy", "missing", "insecure", "failed"})
WAYS = frozenset({"ok", "failed", "none"})
WORDS: dict[str, frozenset[str]] = {
    "camera": DEVICE,
    # ``silent``: it gave nothing at all; ``quiet``: it works, and nobody has spoken.
    "microphone": DEVICE | {"quiet", "silent"},
    # What the person answered: heard the tone, did not.
    "speaker": frozenset({"ok", "no"}),
    "socket": frozenset({"ok", "failed"}),
    # Straight to the media server by UDP; ``none``: the hub asks for TURN alone.
    "udp": WAYS,
    "turnUdp": WAYS,
    "turnTcp": WAYS,
    "turnTls": WAYS,
    # The round through the media server. ``server``: none answered; ``busy``: too many tests just now.
    "loop": frozenset({"ok", "failed", "server", "busy"}),
    # What held the picture back at the end (webrtc-stats, qualityLimitationReason).
    "limitation": frozenset({"none", "cpu", "bandwidth", "other"}),
    # By which way the round went.
    "way": frozenset({"udp", "tcp", "turn-udp", "turn-tcp", "turn-tls"}),
}
FLAGS = frozenset({"secure", "webrtc"})
#: Highest value that is believed.
NUMBERS: dict[str, float] = {
    "lossPercent": 100,
    "jitterMs": 60_000,
    "rttMs": 60_000,
    "receivedKbps": 1_000_000,
    "sentKbps": 1_000_000,
    "framesPerSecond": 1_000,
    "seconds": 60,
}

# Below and above these a consultation is a poor one. Loss and round trip: ITU-T G.114 and G.1010 for talk; a picture
# of a talking head needs some 250 kbit/s, and sound alone less than 50.
LOSS_PERCENT = 5
RTT_MS = 500
JITTER_MS = 60
PICTURE_KBPS = 250
FRAMES = 8


@dataclass(frozen=True)
class Judgement:
    """``verdict`` is one of ``rooms.enums.TestVerdict``; ``reason`` chooses the sentence that the person reads."""

    verdict: str
    reason: str


REASONS = frozenset(
    {
        "fine", "detour", "camera_refused", "camera_busy", "camera_missing", "camera_failed", "microphone_refused",
        "microphone_busy", "microphone_missing", "microphone_failed", "microphone_quiet", "microphone_silent",
        "both_refused", "both_missing", "browser", "socket", "blocked", "server", "busy", "unfinished", "speaker",
        "slow", "no_picture",
    }
)  # fmt: skip


def clean(sent: Mapping[str, object]) -> Measures:
    """What may be kept of the measures: known words, flags, and numbers within reason. The rest is left out."""
    kept: Measures = {}
    for name, words in WORDS.items():
        word = sent.get(name)
        if isinstance(word, str) and word in words:
            kept[name] = word
    for name in sorted(FLAGS):
        flag = sent.get(name)
        if isinstance(flag, bool):
            kept[name] = flag
    for name, limit in NUMBERS.items():
        value = sent.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            continue
        if 0 <= value <= limit:
            kept[name] = round(value, 1)
    return kept


def judge(measures: Measures) -> Judgement:
    """What comes of the test. What is worst for a consultation goes first; what is not known does no harm."""
    if measures.get("secure") is False or measures.get("webrtc") is False:
        return Judgement("failed", "browser")
    return _of_microphone(measures) or _of_network(measures) or _of_camera(measures) or _of_comfort(measures)


def _of_microphone(measures: Measures) -> Judgement | None:
    """Without a microphone nobody is heard."""
    microphone, camera = measures.get("microphone", "ok"), measures.get("camera", "ok")
    if microphone in {"ok", "quiet", "silent"}:
        return None
    if microphone == camera and microphone in {"refused", "missing"}:
        return Judgement("failed", f"both_{microphone}")
    if microphone == "insecure":
        return Judgement("failed", "browser")
    return Judgement("failed", f"microphone_{microphone}")


def _of_network(measures: Measures) -> Judgement | None:
    if measures.get("socket") == "failed":
        return Judgement("failed", "socket")
    loop = measures.get("loop")
    if loop == "failed":
        return Judgement("failed", "blocked")
    if loop in {"server", "busy"}:
        return Judgement("unknown", str(loop))
    if loop is None or "microphone" not in measures:
        return Judgement("unknown", "unfinished")
    return None


def _of_camera(measures: Measures) -> Judgement | None:
    camera = measures.get("camera", "ok")
    if camera in {"refused", "busy", "missing", "failed"}:
        return Judgement("sound_only", f"camera_{camera}")
    return None


def _of_comfort(measures: Measures) -> Judgement:
    """Everything goes through: how well?"""
    if measures.get("framesPerSecond") == 0:
        return Judgement("sound_only", "no_picture")
    if measures.get("microphone") == "silent":
        return Judgement("poor", "microphone_silent")
    if measures.get("speaker") == "no":
        return Judgement("poor", "speaker")
    if (
        _number(measures, "lossPercent", 0) >= LOSS_PERCENT
        or _number(measures, "rttMs", 0) >= RTT_MS
        or _number(measures, "jitterMs", 0) >= JITTER_MS
        # A picture in which nothing moves needs less, and says nothing about the line.
        or (
            measures.get("limitation") == "bandwidth" and _number(measures, "receivedKbps", PICTURE_KBPS) < PICTURE_KBPS
        )
        or _number(measures, "framesPerSecond", FRAMES) < FRAMES
    ):
        return Judgement("poor", "slow")
    if measures.get("microphone") == "quiet":
        return Judgement("ok", "microphone_quiet")
    if measures.get("udp") == "failed" and measures.get("way") in {"turn-tcp", "turn-tls"}:
        return Judgement("ok", "detour")
    return Judgement("ok", "fine")


def _number(measures: Measures, name: str, otherwise: float) -> float:
    value = measures.get(name, otherwise)
    return value if isinstance(value, int | float) else otherwise
