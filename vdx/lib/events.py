"""Facts, told after commit.

An app announces what has happened with a :class:`Fact`; whoever is later or higher in the house listens
(docs/architecture.md). Listeners run after the transaction is committed, so that nobody acts on what is
rolled back afterwards, and one that fails is logged and disturbs neither the others nor the one who told.
Whatever must not be lost is also found by a periodic sweep.

Who writes down *that* it happened, to pass it on later, is a *writer* (``Fact.within``): writers run inside the
transaction, so that the row is there exactly when the fact is. They only write rows, each in a savepoint of its own.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.dispatch import Signal

log = logging.getLogger(__name__)

Writer = Callable[..., None]


class Fact(Signal):
    """A fact in the past tense. ``provides`` names the payload: plain values and ids, never secrets."""

    def __init__(self, name: str, *, provides: tuple[str, ...]) -> None:
        super().__init__()
        self.name = name
        self.provides = provides
        self._writers: list[Writer] = []

    def within(self, writer: Writer) -> Writer:
        """Let ``writer`` write the fact down inside the transaction that it belongs to. Usable as a decorator."""
        if writer not in self._writers:
            self._writers.append(writer)
        return writer

    def tell(self, **payload: Any) -> None:
        """Tell every listener once the present transaction has been committed, and the writers now."""
        if set(payload) != set(self.provides):
            raise TypeError(f"{self.name} provides {sorted(self.provides)}, got {sorted(payload)}")
        self._write_down(payload)
        transaction.on_commit(lambda: self._deliver(payload))

    def _write_down(self, payload: dict[str, Any]) -> None:
        for writer in self._writers:
            try:
                with transaction.atomic():
                    writer(**payload)
            except Exception:
                log.exception("fact %s: %s could not write it down", self.name, writer.__qualname__)
                if settings.VDX_EVENTS_RAISE:
                    raise

    def _deliver(self, payload: dict[str, Any]) -> None:
        for receiver, outcome in self.send_robust(sender=None, **payload):
            if isinstance(outcome, Exception):
                log.error("fact %s: listener %s failed", self.name, receiver.__qualname__, exc_info=outcome)
                if settings.VDX_EVENTS_RAISE:
                    raise outcome
