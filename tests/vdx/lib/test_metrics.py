"""Numbers: what is counted adds up over threads and processes, and nothing about a person can become a label."""

from __future__ import annotations

import threading

import pytest
from django.core.cache import cache
from django.db import OperationalError

from vdx.lib import metrics
from vdx.lib.metrics import Counter, Gauge, Level, Timing, once


@pytest.fixture
def own(monkeypatch):
    """Metrics of the test alone."""
    metrics.hand_over()
    cache.clear()
    monkeypatch.setattr(metrics, "_registered", {})
    monkeypatch.setattr(metrics, "_counted", {})
    monkeypatch.setattr(metrics, "_levels", {})
    monkeypatch.setattr(metrics, "_place", None)


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


def test_a_level_goes_up_and_down(own):
    level = Level("sockets", "Open sockets.", ("kind",), [("room",), ("desk",)])
    level.up("room")
    level.up("room")
    level.down("room")
    assert lines() == ['sockets{kind="room"} 1', 'sockets{kind="desk"} 0']
    level.down("room")
    assert lines() == ['sockets{kind="room"} 0', 'sockets{kind="desk"} 0']
    with pytest.raises(KeyError):
        level.up("eva@klak.dk")


def test_levels_of_all_processes_are_added_up_and_a_dead_one_s_are_forgotten(own, monkeypatch):
    level = Level("sockets", "Open sockets.")
    level.up()
    assert lines() == ["sockets 1"]
    # Another process has the next place.
    with monkeypatch.context() as other:
        other.setattr(metrics, "_PROCESS", "another")
        other.setattr(metrics, "_place", None)
        other.setattr(metrics, "_levels", {level._keys[()]: 4})
        metrics.hand_over()
        assert metrics._place == 1
    assert lines() == ["sockets 5"]
    # It says nothing any more, and the cache forgets it.
    cache.delete("metrics:place:1")
    assert lines() == ["sockets 1"]


def test_a_process_that_lost_its_place_takes_another(own):
    level = Level("sockets", "Open sockets.")
    level.up()
    metrics.hand_over()
    cache.set("metrics:place:0", {"of": "another", "levels": {level._keys[()]: 2}})
    assert lines() == ["sockets 3"]
    cache.clear()
    assert lines() == ["sockets 1"]


def test_a_level_is_said_anew_before_it_is_forgotten(own, monkeypatch):
    monkeypatch.setattr(metrics, "HAND_OVER_SECONDS", 0.01)
    monkeypatch.setattr(metrics, "RENEW_SECONDS", 0.02)
    level = Level("sockets", "Open sockets.")
    level.up()
    for _ in range(500):
        if cache.get("metrics:place:0"):
            break
        threading.Event().wait(0.01)
    cache.clear()
    for _ in range(500):
        if cache.get("metrics:place:0"):
            return
        threading.Event().wait(0.01)
    pytest.fail("it was not said anew")


def test_where_the_database_is_away_it_is_asked_once(own, caplog):
    asked = []

    def away():
        asked.append(1)
        raise OperationalError

    for name in ("first", "second", "third"):
        Gauge(name, "Read from the database.", away)
    Gauge("version", "Read from nowhere.", lambda: {(): 1}, source="here")
    Counter("calls_total", "Calls.")
    assert lines() == ["calls_total 0", "version 1"]
    assert len(asked) == 1


def test_what_several_gauges_are_taken_from_is_asked_for_once(own):
    asked = []

    def read():
        asked.append(1)
        return len(asked)

    shared = once(read)
    Gauge("one", "The first.", lambda: {(): shared()})
    Gauge("other", "The second.", lambda: {(): shared()})
    assert lines() == ["one 1", "other 1"]
    assert lines() == ["one 2", "other 2"]
    assert shared() == 3
