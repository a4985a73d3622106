"""How good a conversation sounded, calculated from what the network did to it: a simplified E-model.

Source: ITU-T Recommendation G.107 (06/2015), the E-model, with its default values, so that R = 93.2 - Id - Ie,eff + A:

- Id, the impairment by delay, by the two straight lines of R. G. Cole and J. H. Rosenbluth, "Voice over IP performance
  monitoring" (ACM SIGCOMM CCR 31(2), 2001): 0.024 d, and 0.11 (d - 177.3) more above 177.3 ms one way.
- Ie,eff, the impairment by loss (G.107, 7.3): Ie + (95 - Ie) Ppl / (Ppl / BurstR + Bpl), loss taken as random
  (BurstR 1). G.113 (Appendix I) has no values for Opus: those of G.711 with concealment are used, Ie 0 and Bpl 25.1.
- A, the advantage of being mobile, is 0.
- MOS from R by G.107, Annex B.

It is an estimate of sound alone, made of numbers that hold picture and sound: good for comparing months and lines, not
for promising anything to anybody. Whenever a number or a step changes, :data:`VERSION` does.
"""

from __future__ import annotations

#: Written wherever a calculated value is shown.
VERSION = "VDX-MOS 1 (ITU-T G.107, forenklet)"

_BEST = 93.2
_IE, _BPL = 0.0, 25.1
# Packetising and playing out, and what a jitter buffer holds back: twice the jitter.
_CODEC_MS, _JITTERS = 40.0, 2.0
_BEND_MS = 177.3


def one_way_ms(*, rtt_ms: float, jitter_ms: float) -> float:
    """From mouth to ear: half the way there and back, what the jitter buffer holds, and the codec."""
    return rtt_ms / 2 + _JITTERS * jitter_ms + _CODEC_MS


def r_factor(*, loss: float, rtt_ms: float, jitter_ms: float) -> float:
    """The rating R, 0 to 93.2. ``loss`` is a share from 0 to 1. Raises ``ValueError`` for what cannot be."""
    if not 0 <= loss <= 1 or rtt_ms < 0 or jitter_ms < 0:
        raise ValueError("a share of loss from 0 to 1, and times that are not negative")
    delay = one_way_ms(rtt_ms=rtt_ms, jitter_ms=jitter_ms)
    by_delay = 0.024 * delay + (0.11 * (delay - _BEND_MS) if delay > _BEND_MS else 0.0)
    percent = 100 * loss
    by_loss = _IE + (95 - _IE) * percent / (percent + _BPL)
    return max(0.0, _BEST - by_delay - by_loss)


def mos(*, loss: float, rtt_ms: float, jitter_ms: float) -> float:
    """The mean opinion score to be expected, 1 (bad) to 4.4 (as good as it gets)."""
    r = r_factor(loss=loss, rtt_ms=rtt_ms, jitter_ms=jitter_ms)
    # Below R = 6.5 the curve of Annex B would dip under 1.
    return max(1.0, 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6)
