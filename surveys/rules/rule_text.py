"""A rule as one line of text, which MedCom's staff write in the administration: ``contact = 1 og ikke helped = 2, 3``.

::

    name = code          the answer is this code; of several answers, this is among them
    name = code, code    … one of these
    name besvaret        anything was answered
    ikke …   … og …   … eller …   ( … )

``and``, ``or``, ``not`` and ``answered`` mean the same. ``og`` binds closer than ``eller``, as in arithmetic.
"""

from __future__ import annotations

import re

from surveys.rules.activation import DEPTH, And, Answered, Equals, Expression, In, Not, Or
from surveys.rules.faults import BadQuestionnaire, Fault

LONGEST = 1000
_TOKEN = re.compile(r"\s*([A-Za-zÆØÅæøå_][\wÆØÅæøå]*|\d+|[=(),])")
_AND, _OR, _NOT, _ANSWERED = ("og", "and"), ("eller", "or"), ("ikke", "not"), ("besvaret", "answered")
_WORDS = {*_AND, *_OR, *_NOT, *_ANSWERED}


def parse(text: str) -> Expression | None:
    """The rule that the line says; None where it is empty. Raises BadQuestionnaire with the word it stops at."""
    if not text.strip():
        return None
    if len(text) > LONGEST:
        raise _not_understood("")
    reader = _Reader(_tokens(text))
    found = reader.either(DEPTH)
    if reader.here is not None:
        raise _not_understood(reader.here)
    return found


def as_text(expression: Expression | None) -> str:
    """The line that ``parse`` reads as this rule."""
    match expression:
        case None:
            return ""
        case Equals(variable, code):
            return f"{variable} = {code}"
        case In(variable, codes):
            return f"{variable} = {', '.join(map(str, codes))}"
        case Answered(variable):
            return f"{variable} besvaret"
        case Not(part):
            return f"ikke {_inside(part)}"
        case And(parts):
            return " og ".join(_inside(part) for part in parts)
        case Or(parts):
            return " eller ".join(_inside(part) for part in parts)


def _inside(part: Expression) -> str:
    return f"({as_text(part)})" if isinstance(part, (And, Or)) else as_text(part)


def _not_understood(word: str) -> BadQuestionnaire:
    return BadQuestionnaire(Fault("activation", "rule_unreadable", detail=word[:40]))


def _tokens(text: str) -> list[str]:
    found = []
    at = 0
    text = text.rstrip()
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None:
            raise _not_understood(text[at:].strip())
        found.append(token[1])
        at = token.end()
    return found


class _Reader:
    """Reads tokens from left to right."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._at = 0

    @property
    def here(self) -> str | None:
        """The token to read next."""
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _take(self, *words: str) -> bool:
        if self.here is not None and self.here.lower() in words:
            self._at += 1
            return True
        return False

    def either(self, depth: int) -> Expression:
        """Parts with "or" between them."""
        if not depth:
            raise BadQuestionnaire(Fault("activation", "rule_too_deep"))
        parts = [self._all(depth)]
        while self._take(*_OR):
            parts.append(self._all(depth))
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _all(self, depth: int) -> Expression:
        parts = [self._one(depth)]
        while self._take(*_AND):
            parts.append(self._one(depth))
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _one(self, depth: int) -> Expression:
        if not depth:
            raise BadQuestionnaire(Fault("activation", "rule_too_deep"))
        if self._take(*_NOT):
            return Not(self._one(depth - 1))
        if self._take("("):
            found = self.either(depth - 1)
            if not self._take(")"):
                raise _not_understood(self.here or "(")
            return found
        name = self.here
        if name is None or name.lower() in _WORDS or not (name[0].isalpha() or name[0] == "_"):
            raise _not_understood(name or "")
        self._at += 1
        if self._take(*_ANSWERED):
            return Answered(name)
        if not self._take("="):
            raise _not_understood(self.here or name)
        codes = [self._code()]
        while self._take(","):
            codes.append(self._code())
        return Equals(name, codes[0]) if len(codes) == 1 else In(name, tuple(codes))

    def _code(self) -> int:
        word = self.here
        if word is None or not word.isdecimal() or len(word) > 9:
            raise _not_understood(word or "=")
        self._at += 1
        return int(word)
