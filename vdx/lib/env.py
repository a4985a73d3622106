"""Reading settings from the environment, and refusing nonsense in a sentence.

Every ``VDX_*`` variable is declared exactly once, through one of the readers of :class:`Env`.
The declaration is kept in :attr:`Env.declared`, so that docs/settings.md can be held to it by a test.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True)
class Declared:
    """One setting: its name, the default as it is written in the documentation, and its meaning."""

    name: str
    default: str
    meaning: str


class Env:
    """Reader of environment variables that remembers what it was asked for."""

    def __init__(self, environ: Mapping[str, str] | None = None) -> None:
        self._environ = os.environ if environ is None else environ
        self.declared: dict[str, Declared] = {}

    def text(self, name: str, default: str, meaning: str, *, pattern: str = "") -> str:
        """A text; ``pattern`` is a regular expression that the whole value must match."""
        value = self._raw(name, default, meaning)
        if value and pattern and not re.fullmatch(pattern, value):
            raise self._refusal(name, f"must match {pattern}")
        return value

    def flag(self, name: str, default: bool, meaning: str) -> bool:
        """A switch, written 1/0, true/false, yes/no or on/off."""
        value = self._raw(name, "1" if default else "0", meaning).lower()
        if value in {"1", "true", "yes", "on"}:
            return True
        if value in {"0", "false", "no", "off"}:
            return False
        raise self._refusal(name, "must be 1 or 0")

    def number(self, name: str, default: int, meaning: str, *, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``, both included."""
        value = self._raw(name, str(default), meaning)
        try:
            number = int(value)
        except ValueError:
            raise self._refusal(name, f"must be a whole number from {low} to {high}") from None
        if not low <= number <= high:
            raise self._refusal(name, f"must be a whole number from {low} to {high}")
        return number

    def words(self, name: str, default: str, meaning: str) -> list[str]:
        """A list, separated by commas or blanks."""
        return [word for word in re.split(r"[,\s]+", self._raw(name, default, meaning)) if word]

    def url(self, name: str, default: str, meaning: str, *, schemes: tuple[str, ...]) -> str:
        """An address with one of ``schemes``; empty where the default is empty."""
        value = self._raw(name, default, meaning)
        if not value:
            return value
        parts = urlsplit(value)
        if parts.scheme not in schemes or not (parts.netloc or parts.path):
            raise self._refusal(name, "must start with " + " or ".join(f"{s}://" for s in schemes))
        return value

    def unknown(self) -> list[str]:
        """Names that start with ``VDX_`` but that nobody reads: most often a spelling mistake."""
        return sorted(n for n in self._environ if n.startswith("VDX_") and n not in self.declared)

    def _raw(self, name: str, default: str, meaning: str) -> str:
        self.declared[name] = Declared(name, default, meaning)
        return self._environ.get(name, "").strip() or default

    def _refusal(self, name: str, what: str) -> ImproperlyConfigured:
        # The value is left out on purpose: it may be a secret.
        return ImproperlyConfigured(f"{name} {what}. See docs/settings.md.")
