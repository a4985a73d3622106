"""What a listener's way down carries, second by second."""

from __future__ import annotations

from itertools import pairwise

from media.engines.relay.line import LEAST, POOR_SECONDS, Line


class Played:
    """A line, and seconds that pass on it."""

    def __init__(self, *, remb: int = 0, sent: int = 500_000) -> None:
        self.line = Line()
        self.line.said = remb
        self.sent = sent
        self.now = 100.0
        self._highest = self._lost = 0
        self.second()

    def second(self, *, loss: int = 0, packets: int = 100, pictures: int = 1, remb: int | None = None) -> int:
        """``loss`` packets of ``packets`` were lost. The bitrate after it."""
        if remb is not None:
            self.line.said = remb
        self._highest += packets
        self._lost += loss
        self.line.reported(5, highest=self._highest, lost=self._lost)
        self.now += 1
        self.line.second(sent=self.sent, pictures=pictures, now=self.now)
        return self.line.bitrate

    @property
    def is_poor(self) -> bool:
        return self.line.is_poor(self.now)


def test_nothing_said_is_no_bound() -> None:
    assert Played().second() == 0


def test_what_the_receiver_says_counts_when_it_has_caught_up() -> None:
    played = Played(remb=700_000)
    assert played.second() == 700_000
    assert played.second(remb=90_000) == 90_000


def test_five_per_cent_lost_changes_nothing() -> None:
    played = Played()
    assert [played.second(loss=5) for _ in range(20)] == [0] * 20


def test_much_loss_brings_the_estimate_down_and_none_brings_it_up_until_it_is_no_bound() -> None:
    played = Played(remb=700_000)
    falling = [played.second(loss=30) for _ in range(4)]
    assert falling == sorted(falling, reverse=True)
    assert falling[-1] < 400_000
    rising = [played.second() for _ in range(40)]
    assert rising[-1] == 700_000
    assert max(after / before for before, after in pairwise(rising) if after < 700_000) < 1.1


def test_a_line_that_drops_nearly_all_is_poor_within_seconds_and_never_nothing() -> None:
    played = Played(remb=2_000_000)
    seconds = 0
    while not played.is_poor:
        played.second(loss=90)
        seconds += 1
    assert seconds <= 7
    for _ in range(30):
        assert played.second(loss=90) >= LEAST


def test_under_100_kbit_is_poor_after_three_seconds() -> None:
    played = Played(remb=600_000)
    told = []
    for _ in range(int(POOR_SECONDS) + 2):
        played.second(remb=90_000)
        told.append(played.is_poor)
    assert told == [False, False, False, True, True]
    played.second(remb=110_000)
    assert not played.is_poor


def test_an_estimate_on_its_way_up_is_not_poor() -> None:
    played = Played(remb=600_000)
    estimate = 40_000.0
    while estimate < 100_000:
        played.second(remb=int(estimate))
        assert not played.is_poor
        estimate *= 1.09


def test_without_pictures_nothing_is_poor() -> None:
    played = Played(remb=50_000)
    for _ in range(10):
        played.second(pictures=0, loss=50)
        assert not played.is_poor
    assert played.line.by_loss == 0


def test_pictures_that_come_again_are_tried_while_the_old_estimate_grows() -> None:
    played = Played(remb=600_000)
    played.second(remb=60_000)
    played.second(pictures=0)
    estimate = 60_000.0
    while estimate < played.sent:
        assert played.second(remb=int(estimate)) == 0
        estimate *= 1.08
    assert played.second(remb=510_000) == 510_000
    assert played.second(remb=100_000) == 100_000


def test_a_trial_ends_when_the_estimate_stops_growing_or_packets_are_lost() -> None:
    for loss in (0, 60):
        played = Played(remb=600_000)
        played.second(pictures=0)
        bitrates = [played.second(remb=60_000, loss=loss) for _ in range(5)]
        assert bitrates[0] == 0 or loss
        assert bitrates[-1] != 0
        assert bitrates[-1] <= 60_000


def test_nothing_is_kept_of_what_is_not_sent_any_more() -> None:
    played = Played()
    for ssrc in range(100, 200):
        played.line.reported(ssrc, highest=10, lost=0)
        played.line.forget(ssrc)
    played.second()
    assert set(played.line._blocks) == set(played.line._counted) == {5}


def test_reports_that_start_over_are_no_loss() -> None:
    played = Played()
    played.line.reported(5, highest=1 << 30, lost=1 << 20)
    played.line.second(sent=played.sent, pictures=1, now=played.now + 1)
    assert played.line.bitrate == 0
    assert not played.line.is_lossy
