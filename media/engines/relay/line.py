"""How much a listener's way down carries: from its own estimate (REMB), and from what it says was lost.

The receiver's estimate follows delay and knows nothing of loss: on a line that throws away what it cannot carry, it
stays high. So loss makes an estimate of the relay's own, by the rules of draft-ietf-rmcat-gcc-02 section 6: above 10 %
it falls, under 2 % it rises, and in between it stays.

A receiver's estimate also grows by a few per cent a second only. When pictures come again after a while, the old one
would keep them small for long. So they are tried first: until the estimate has caught up with what is sent, or stops
growing, or packets are lost.
"""

from __future__ import annotations

#: Shares of lost packets above which the estimate falls, and below which it rises.
MUCH, LITTLE = 0.10, 0.02
#: By how much it rises a second, and where it ends.
RISE, LEAST = 1.08, 30_000
#: Fewer packets than this say nothing about loss.
FEW_PACKETS = 20
#: A line that carries less than this for so many seconds is for sound alone.
POOR_BITRATE, POOR_SECONDS = 100_000, 3.0
#: By how much the receiver's estimate must grow in so many seconds, or the trial is over.
GROWTH, GROWTH_SECONDS = 1.1, 3.0
#: An estimate that has grown by so much is on its way up, and is given its time.
ON_ITS_WAY = 1.2


class Line:
    """One listener's way down. ``said`` is its newest REMB in bits a second, 0 before the first."""

    __slots__ = (
        "_blocks",
        "_counted",
        "_expected",
        "_is_on_trial",
        "_missing",
        "_poor_from",
        "_poor_since",
        "_share",
        "_tried_at",
        "_tried_from",
        "by_loss",
        "said",
    )

    def __init__(self) -> None:
        self.said = 0
        #: The relay's own estimate, in bits a second; 0 while loss is no bound.
        self.by_loss = 0
        self._blocks: dict[int, tuple[int, int]] = {}
        self._counted: dict[int, tuple[int, int]] = {}
        self._expected = self._missing = 0
        self._share = 0.0
        self._tried_at: float | None = None
        self._tried_from = 0
        self._is_on_trial = False
        self._poor_since: float | None = None
        self._poor_from = 0

    @property
    def bitrate(self) -> int:
        """Bits a second that the line carries; 0: unknown."""
        said = 0 if self._is_on_trial else self.said
        return min(said, self.by_loss) if said and self.by_loss else said or self.by_loss

    @property
    def is_lossy(self) -> bool:
        """Whether it loses so much that more packets would only make it worse."""
        return self._share > MUCH

    def reported(self, ssrc: int, *, highest: int, lost: int) -> None:
        """A receiver report's block: the highest number that came, and how many are missing in all."""
        self._blocks[ssrc] = highest, lost

    def forget(self, ssrc: int) -> None:
        """Nothing is sent under this number any more."""
        self._blocks.pop(ssrc, None)

    def second(self, *, sent: int, pictures: int, now: float) -> None:
        """Once a second. ``sent``: bits a second that go to this listener; ``pictures``: how many that move."""
        share = self._lost()
        if not pictures:
            # Sound alone says nothing about how much more there is room for.
            self.by_loss, self._share, self._poor_since, self._tried_at = 0, 0.0, None, None
            return
        self._try(sent, now)
        if share is not None and share > MUCH:
            # More than half: the line is far too narrow, and what comes through is all that it carries.
            falls = share if share > 0.5 else share / 2
            self.by_loss = max(LEAST, int(min(self.by_loss or sent, sent) * (1 - falls)))
        elif share is not None and share < LITTLE and self.by_loss:
            self.by_loss = int(self.by_loss * RISE)
            if self.by_loss > max(self.said, 2 * sent):
                self.by_loss = 0
        self._look(now)

    def is_poor(self, now: float) -> bool:
        """Whether the line has carried too little for pictures long enough."""
        return self._poor_since is not None and now - self._poor_since >= POOR_SECONDS

    def _try(self, sent: int, now: float) -> None:
        if self._tried_at is None:
            self._is_on_trial, self._tried_at, self._tried_from = True, now, self.said
        elif not self._tried_from:
            self._tried_at, self._tried_from = now, self.said
        if not self._is_on_trial or not self.said:
            return
        if self.is_lossy or self.said >= sent:
            self._is_on_trial = False
        elif now - self._tried_at >= GROWTH_SECONDS:
            self._is_on_trial = self.said >= GROWTH * self._tried_from
            self._tried_at, self._tried_from = now, self.said

    def _look(self, now: float) -> None:
        bitrate = self.bitrate
        if not bitrate or bitrate >= POOR_BITRATE:
            self._poor_since = None
        elif self._poor_since is None or bitrate > ON_ITS_WAY * self._poor_from:
            self._poor_since, self._poor_from = now, bitrate

    def _lost(self) -> float | None:
        """The share of packets lost of late, smoothed; None where too few were sent to say anything new."""
        for ssrc, (highest, lost) in self._blocks.items():
            before = self._counted.get(ssrc)
            if before is not None and 0 <= highest - before[0] < 0x8000:
                self._expected += highest - before[0]
                self._missing += lost - before[1]
        self._counted = dict(self._blocks)
        if self._expected < FEW_PACKETS:
            return None
        share = min(1.0, max(0.0, self._missing / self._expected))
        self._expected = self._missing = 0
        self._share = (self._share + share) / 2
        return self._share
