"""Numbers: what is counted adds up over threads and processes, and nothing about a person can become a label."""

from __future__ import annotations

import threading

import pytest
from django.core.cache import cache

from vdx.lib import metrics
from vdx.lib.metrics import Counter, Gauge, Timing


@pytest.fixture
def own(monkeypatch):
    """Metrics of the test alone."""
    metrics.hand_over()
    cache.clear()
    monkeypatch.setattr(metrics, "_registered", {})
    monkeypatch.setattr(metrics, "_counted", {})


def lines() -> list[str]:
    return [line for line in metrics.exposition().splitlines() if not line.startswith("#")]


def test_a_counter_counts_for_each_series_and_stands_at_zero_before(own):
    counter = Counter("joins_total", "People who joined.", ("result",), [("in",), ("refused",)])
    counter.count("in")
    counter.count("in")
    assert metrics.exposition() == (
        "# HELP joins_total People who joined.\n"
        "# TYPE joins_total counter\n"
        'joins_total{result="in"} 2\n'
        'joins_total{result="refused"} 0\n'
    )


def test_what_was_not_said_beforehand_is_no_label(own):
    with pytest.raises(KeyError):
        Counter("joins_total", "People who joined.", ("result",), [("in",)]).count("eva@klak.dk")
    with pytest.raises(ValueError, match="already"):
        Counter("joins_total", "The same name twice.")


def test_a_timing_has_buckets_that_hold_each_other(own):
    timing = Timing("answer_seconds", "How long.", (0.1, 1.0), ("kind",), [("a",)])
    for seconds in (0.05, 0.1, 0.5, 3.25):
        timing.note(seconds, "a")
    assert lines() == [
        'answer_seconds_bucket{kind="a",le="0.1"} 2',
        'answer_seconds_bucket{kind="a",le="1.0"} 3',
        'answer_seconds_bucket{kind="a",le="+Inf"} 4',
        'answer_seconds_sum{kind="a"} 3.9',
        'answer_seconds_count{kind="a"} 4',
    ]


def test_a_gauge_is_read_when_somebody_asks_and_one_that_fails_takes_no_other_along(own, caplog):
    Gauge("rooms", 'Rooms "now".', lambda: {('a\\b\n"c',): 2.5}, ("state",))
    Gauge("broken", "Never there.", lambda: 1 / 0)
    assert lines() == ['rooms{state="a\\\\b\\n\\"c"} 2.5']
    assert "the metric broken could not be read" in caplog.text


def test_threads_count_every_time(own):
    counter = Counter("calls_total", "Calls.")

    def many():
        for _ in range(500):
            counter.count()
            if _ % 50 == 0:
                metrics.hand_over()

    threads = [threading.Thread(target=many) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert lines() == ["calls_total 2000"]


def test_another_process_counts_into_the_same(own):
    counter = Counter("calls_total", "Calls.")
    counter.count()
    metrics.hand_over()
    # What another process does with the cache that they share.
    metrics._increase(counter._keys[()], 41)
    assert lines() == ["calls_total 42"]


def test_without_the_cache_the_counts_wait(own, monkeypatch, caplog):
    counter = Counter("calls_total", "Calls.")

    def away(*args, **kwargs):
        raise ConnectionError

    with monkeypatch.context() as broken:
        broken.setattr(metrics.cache, "incr", away)
        counter.count()
        metrics.hand_over()
    assert "counts wait for the cache: ConnectionError" in caplog.text
    assert lines() == ["calls_total 1"]


def test_what_is_counted_is_handed_over_by_itself(own, monkeypatch):
    monkeypatch.setattr(metrics, "HAND_OVER_SECONDS", 0.01)
    counter = Counter("calls_total", "Calls.")
    counter.count()
    for _ in range(500):
        if cache.get(counter._keys[()]) == 1:
            return
        threading.Event().wait(0.01)
    pytest.fail("nobody handed it over")
