"""How many may test their devices at once. Each test is a small call: nobody may load the media server with them."""

from __future__ import annotations

from collections import Counter

#: At once in one web process, and of those by one customer's network, which may be a whole practice's.
AT_ONCE = 10
FROM_ONE = 4
#: A test's socket lives at most so many seconds.
SECONDS = 60
#: Tests that a browser, and a network, may make before they have to wait, and for how many seconds at most.
FREE, CEILING = 10, 60
FREE_SHARED, CEILING_SHARED = 100, 15
#: Messages that one test may send; a good one sends some thirty.
MESSAGES = 500


class Places:
    """The tests of one web process, by the network that they come from."""

    def __init__(self, at_once: int = AT_ONCE, from_one: int = FROM_ONE) -> None:
        self._at_once, self._from_one = at_once, from_one
        self._taken: Counter[str] = Counter()

    def take(self, network: str) -> bool:
        """Take a place; False where there is none just now."""
        if self._taken.total() >= self._at_once or self._taken[network] >= self._from_one:
            return False
        self._taken[network] += 1
        return True

    def give_back(self, network: str) -> None:
        """The test is over."""
        self._taken[network] -= 1
        if self._taken[network] <= 0:
            del self._taken[network]
