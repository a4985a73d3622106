"""Facts, told after commit.

An app announces what has happened with a :class:`Fact`; whoever is later or higher in the house listens
(docs/architecture.md). Listeners run after the transaction is committed, so that nobody acts on what is
rolled back afterwards, and one that fails is logged and disturbs neither the others nor the one who told.
Whatever must not be lost is also found by a periodic sweep.
"""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.db import transaction
from django.dispatch import Signal

log = logging.getLogger(__name__)


class Fact(Signal):
    """A fact in the past tense. ``provides`` names the payload: plain values and ids, never secrets."""

    def __init__(self, name: str, *, provides: tuple[str, ...]) -> None:
        super().__init__()
        self.name = name
        self.provides = provides

    def tell(self, **payload: Any) -> None:
        """Tell every listener once the present transaction has been committed."""
        if set(payload) != set(self.provides):
            raise TypeError(f"{self.name} provides {sorted(self.provides)}, got {sorted(payload)}")
        transaction.on_commit(lambda: self._deliver(payload))

    def _deliver(self, payload: dict[str, Any]) -> None:
        for receiver, outcome in self.send_robust(sender=None, **payload):
            if isinstance(outcome, Exception):
                log.error("fact %s: listener %s failed", self.name, receiver.__qualname__, exc_info=outcome)
                if settings.VDX_EVENTS_RAISE:
                    raise outcome
