"""The names that guests want to be shown by: in a process's memory, as long as a call may last, and nowhere else."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta

MOST = 20_000
KEEP = timedelta(hours=4)


class NameBook:
    """Names by room and seat, bounded and forgetful.

    Every web process has one, filled by the announcements of the seats that it hears. A page that was loaded anew
    asks for its own name, and any process that remembers answers (docs/decisions/0005).
    """

    def __init__(self, *, most: int = MOST, keep: timedelta = KEEP) -> None:
        self._most = most
        self._keep = keep
        self._names: OrderedDict[tuple[str, str], tuple[str, datetime]] = OrderedDict()

    def remember(self, room: str, seat: str, name: str, now: datetime) -> None:
        """Keep a name, and forget the ones that have not been heard for longest."""
        self._names[room, seat] = (name, now + self._keep)
        self._names.move_to_end((room, seat))
        while self._names:
            key, (_, expires) = next(iter(self._names.items()))
            if len(self._names) <= self._most and expires > now:
                break
            del self._names[key]

    def recall(self, room: str, seat: str, now: datetime) -> str:
        """The name, or an empty text."""
        name, expires = self._names.get((room, seat), ("", now))
        return name if expires > now else ""

    def forget(self, room: str, seat: str) -> None:
        """Forget one seat's name."""
        self._names.pop((room, seat), None)

    def forget_room(self, room: str) -> None:
        """Forget all names of a room."""
        for key in [key for key in self._names if key[0] == room]:
            del self._names[key]

    def __len__(self) -> int:
        return len(self._names)


BOOK = NameBook()
