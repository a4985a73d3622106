"""Reading a questionnaire's JSON with every fault noted at its place, rather than stopping at the first."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from surveys.rules.faults import Fault

# The database's own bounds of a whole number.
BIGGEST = 2**31 - 1
_HALF = re.compile("[\ud800-\udfff]")


class Place:
    """A value of the JSON, and where it stands. What cannot be read is noted in ``faults``, and read as empty."""

    def __init__(self, data: object, path: str, faults: list[Fault], name: str = "") -> None:
        self.data = data
        self.path = path
        self.faults = faults
        self.name = name

    def wrong(self, code: str, key: str = "", detail: str = "") -> None:
        """Note a fault here, or at ``key`` of this object."""
        self.faults.append(Fault(self._at(key) or ".", code, self.name, detail))

    def _at(self, key: str) -> str:
        return f"{self.path}.{key}".strip(".") if key else self.path

    def only(self, known: Collection[str], needed: Collection[str]) -> None:
        """An object with no other keys than ``known``, and with those of ``needed``."""
        if not isinstance(self.data, dict):
            self.wrong("not_an_object")
            return
        for key in self.data:
            if key not in known:
                self.wrong("unknown_key", detail=str(key)[:40])
        for key in sorted(needed):
            if key not in self.data:
                self.wrong("missing_key", key)

    def value(self, key: str) -> object:
        """What stands at ``key``; None where nothing does."""
        return self.data.get(key) if isinstance(self.data, dict) else None

    def word(self, key: str) -> str:
        """A text at ``key`` that is no prose."""
        return Place(self.value(key), self._at(key), self.faults, self.name).as_word() if self.has(key) else ""

    def has(self, key: str) -> bool:
        """Whether anything stands at ``key``."""
        return self.value(key) is not None

    def as_word(self) -> str:
        """This value as a text."""
        # A zero byte or half a character is no text to a database.
        if isinstance(self.data, str) and "\0" not in self.data and not _HALF.search(self.data):
            return self.data
        self.wrong("not_a_text")
        return ""

    def one_of(self, key: str, known: Collection[str]) -> str:
        """One of the known words; the first of them where it is none."""
        word = self.word(key)
        if word not in known:
            if isinstance(self.value(key), str):
                self.wrong("unknown_word", key, word[:40])
            return next(iter(known))
        return word

    def text(self, key: str) -> dict[str, str]:
        """Prose in both languages, each of which may be empty."""
        found = {"da": "", "en": ""}
        value = self.value(key)
        if value is None:
            return found
        place = Place(value, self._at(key), self.faults, self.name)
        place.only(set(found), ())
        for language in found:
            found[language] = place.word(language).strip()
        return found

    def number(self, key: str) -> int | None:
        """A whole number."""
        value = self.value(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or abs(value) > BIGGEST:
            self.wrong("not_a_number", key)
            return None
        return value

    def flag(self, key: str) -> bool:
        """True or false; false where nothing is said."""
        value = self.value(key)
        if value is None or isinstance(value, bool):
            return bool(value)
        self.wrong("not_a_flag", key)
        return False

    def each(self, key: str) -> Iterator[Place]:
        """The items of a list at ``key``."""
        if self.has(key):
            yield from Place(self.value(key), self._at(key), self.faults, self.name).items()

    def items(self) -> Iterator[Place]:
        """The items of this list."""
        if not isinstance(self.data, list):
            self.wrong("not_a_list")
            return
        for index, item in enumerate(self.data):
            yield Place(item, f"{self.path}[{index}]", self.faults, self.name)
