"""Lines put away once and read several times, in an order that tells nothing of when they were written.

Held back months would be told all the same by the lines around them, as the database gives lines in the order of time.
So lines go into buckets in turn, each bucket has some of every time, and its lines are drawn in random order: the
same in every reading. So are the buckets. Memory holds one bucket, and what is on its way to the file.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import BinaryIO

# Of a million lines each bucket holds some 15,000.
BUCKETS = 64
# Characters of a bucket in memory.
_HELD = 1 << 15


class Spool:
    """Lines in a binary file that may be read and written. ``lines`` is their number."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.lines = 0
        self._chance = random.SystemRandom().getrandbits(64)
        # A few lines have a bucket each: it is the order of the buckets that mixes them.
        self._order = random.SystemRandom().sample(range(BUCKETS), BUCKETS)
        self._held: list[list[str]] = [[] for _ in range(BUCKETS)]
        self._sizes = [0] * BUCKETS
        self._places: list[list[tuple[int, int]]] = [[] for _ in range(BUCKETS)]
        self._end = 0

    def add(self, lines: list[str]) -> None:
        """Put lines away."""
        self.lines += len(lines)
        for bucket in range(min(BUCKETS, len(lines))):
            text = "\n".join(lines[bucket::BUCKETS])
            self._held[bucket].append(text)
            self._sizes[bucket] += len(text)
            if self._sizes[bucket] > _HELD:
                self._put(bucket)

    def __iter__(self) -> Iterator[list[str]]:
        """The lines, a bucket at a time."""
        for bucket in range(BUCKETS):
            self._put(bucket)
        for bucket in self._order:
            lines: list[str] = []
            for start, length in self._places[bucket]:
                self.file.seek(start)
                lines += self.file.read(length).decode().split("\n")
            # Twice as fast as to shuffle.
            chance = random.Random(self._chance + bucket).random  # noqa: S311  # nobody can foretell the seed
            lines.sort(key=lambda _line, chance=chance: chance())  # type: ignore[misc]
            yield lines

    def close(self) -> None:
        """Let go of the file."""
        self.file.close()

    def _put(self, bucket: int) -> None:
        if not self._held[bucket]:
            return
        data = "\n".join(self._held[bucket]).encode()
        self._held[bucket].clear()
        self._sizes[bucket] = 0
        self.file.seek(self._end)
        self.file.write(data)
        self._places[bucket].append((self._end, len(data)))
        self._end += len(data)
