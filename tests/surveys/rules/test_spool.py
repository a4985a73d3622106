"""Lines that are put away come back whole, always in the same order, which is not that in which they came."""

from __future__ import annotations

import itertools
from tempfile import TemporaryFile

import pytest

from surveys.rules.export.spool import Spool


def read(spool: Spool) -> list[str]:
    return [line for lines in spool for line in lines]


@pytest.mark.parametrize("count", [0, 1, 63, 64, 65, 2000, 9001])
def test_every_line_comes_back_once_and_in_the_same_order(count: int) -> None:
    lines = [f"{number},æ" for number in range(count)]
    with TemporaryFile() as file:
        spool = Spool(file)
        for start in range(0, count, 2000):
            spool.add(lines[start : start + 2000])

        first = read(spool)

        assert sorted(first) == sorted(lines)
        assert read(spool) == first
        assert spool.lines == count


@pytest.mark.parametrize("count", [40, 5000])
def test_the_order_is_another_one_each_time_and_says_nothing_of_when(count: int) -> None:
    found = []
    for _ in range(2):
        with TemporaryFile() as file:
            spool = Spool(file)
            spool.add([f"{number}" for number in range(count)])
            found.append([int(line) for line in read(spool)])

    assert found[0] != found[1]
    for order in found:
        # Of lines in the order of time each would be greater than the one before; by chance, half of them are.
        rising = sum(later > earlier for earlier, later in itertools.pairwise(order))
        assert count * 0.2 < rising < count * 0.8


def test_memory_goes_to_the_file() -> None:
    with TemporaryFile() as file:
        spool = Spool(file)
        for _ in range(50):
            spool.add(["x" * 1000] * 640)

        assert file.tell() > 20_000_000
        assert len(read(spool)) == 32_000
