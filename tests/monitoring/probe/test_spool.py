"""The file between the probe and the hub: nothing is lost or counted twice, whoever is killed when."""

from __future__ import annotations

import json
import multiprocessing
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from monitoring.probe import spool
from monitoring.probe.legs import LEGS, Run, run_of

AT = datetime(2026, 3, 2, 10, 0, 3, tzinfo=UTC)


def run(**changes: object) -> Run:
    values: dict[str, object] = {
        "key": uuid4(),
        "slot": int(AT.timestamp()) // 60 * 60,
        "interval": 60,
        "started_at": AT,
        "legs": dict.fromkeys(LEGS, 12),
    }
    return Run(**{**values, **changes})  # type: ignore[arg-type]


def kept(folder: Path) -> list[Run]:
    return [found for path in spool.take(folder) for found in spool.runs_in(path)]


def test_what_is_appended_is_taken_once_it_is_kept(tmp_path: Path) -> None:
    runs = [run(), run(legs={"token": 3}, failed="booking", reason="status_503", missing=("database",))]
    for one in runs:
        spool.append(tmp_path, one)

    assert spool.newest(tmp_path) == runs[1]
    [path] = spool.take(tmp_path)
    assert list(spool.runs_in(path)) == runs

    # Whoever took it is killed before it was kept: the next one finds it again.
    assert spool.take(tmp_path) == [path]
    spool.done(path)
    spool.done(path)
    assert spool.take(tmp_path) == []
    assert spool.newest(tmp_path) is None


@pytest.mark.parametrize("cut", [1, 40, 120])
def test_half_a_line_of_a_probe_that_was_killed_spoils_no_other(tmp_path: Path, cut: int) -> None:
    first, lost, last = run(), run(), run()
    spool.append(tmp_path, first)
    spool.append(tmp_path, lost)
    file = tmp_path / spool.NAME
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) - cut])

    spool.append(tmp_path, last)

    # With nothing but its end of line gone, the cut one is whole.
    assert kept(tmp_path) == ([first, lost, last] if cut == 1 else [first, last])


@pytest.mark.parametrize(
    "line",
    [
        "[]",
        "null",
        "{}",
        "\x00\x00\x00",
        json.dumps({**run().as_line(), "legs": {"made_up": 1}}),
        json.dumps({**run().as_line(), "legs": {"token": -1}}),
        json.dumps({**run().as_line(), "legs": {"token": 1}}),
        json.dumps({**run().as_line(), "started": "2026-03-02T10:00:00"}),
        json.dumps({**run().as_line(), "interval": 0}),
        json.dumps({**run().as_line(), "failed": "elsewhere"}),
        json.dumps({**run().as_line(), "slot": float("inf")}),
        json.dumps({**run().as_line(), "legs": {"token": float("inf")}}),
        "[" * 100_000,
    ],
)
def test_a_line_that_is_no_run_is_passed_over(tmp_path: Path, line: str) -> None:
    good = run()
    spool.append(tmp_path, good)
    with (tmp_path / spool.NAME).open("a") as file:
        file.write(line + "\n")

    assert spool.newest(tmp_path) == good
    assert kept(tmp_path) == [good]


def test_what_the_hub_missed_is_kept_in_known_words_alone() -> None:
    found = run_of({**run(legs={}, failed="token").as_line(), "missing": ["worker", "a name", "database"]})

    assert found.missing == ("database", "worker")


@pytest.mark.parametrize("reason", ["a\0b", "two words", "x" * 41, None])
def test_what_it_failed_by_is_a_word(reason: str | None) -> None:
    line = {**run(legs={}, failed="token").as_line(), "reason": reason}

    assert run_of(line).reason == "unreadable"
    assert run_of({**line, "reason": "status_503"}).reason == "status_503"


def test_a_fault_goes_back_through_every_file_that_waits(tmp_path: Path) -> None:
    bad = [run(legs={}, failed="token", reason="no_answer") for _ in range(3)]
    spool.append(tmp_path, bad[0])
    # Somebody took the file away and could not keep it, twice.
    spool.take(tmp_path)
    spool.append(tmp_path, bad[1])
    spool.take(tmp_path)
    assert spool.newest(tmp_path) == bad[1]
    spool.append(tmp_path, bad[2])

    assert spool.newest(tmp_path) == bad[2]
    assert spool.failing_since(tmp_path) == (bad[0], False)

    good = run()
    spool.append(tmp_path, good)
    assert spool.failing_since(tmp_path) == (None, True)
    spool.append(tmp_path, bad[1])
    assert spool.failing_since(tmp_path) == (bad[1], True)


def test_a_file_that_nobody_takes_away_is_laid_aside(tmp_path: Path) -> None:
    runs = [run() for _ in range(4)]
    for one in runs:
        spool.append(tmp_path, one, most=500)

    assert len(list(tmp_path.glob("taken-*.jsonl"))) == 2
    assert {found.key for found in kept(tmp_path)} == {one.key for one in runs}


def _append_some(folder: str) -> None:
    for _ in range(40):
        spool.append(Path(folder), run())


def test_two_probes_and_a_hub_that_takes_lose_nothing(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    probes = [context.Process(target=_append_some, args=(str(tmp_path),)) for _ in range(2)]
    for one in probes:
        one.start()
    found: dict[object, Run] = {}
    while any(one.is_alive() for one in probes):
        for path in spool.take(tmp_path):
            found |= {one.key: one for one in spool.runs_in(path)}
            spool.done(path)
    found |= {one.key: one for one in kept(tmp_path)}

    assert [one.exitcode for one in probes] == [0, 0]
    assert len(found) == 80
