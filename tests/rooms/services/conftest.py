"""Facts that were told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from rooms import signals
from vdx.lib.events import Fact

FACTS = [fact for fact in vars(signals).values() if isinstance(fact, Fact)]


class Told:
    """What rooms has told, after commit, while :meth:`run` ran."""

    def __init__(self, capture: Any) -> None:
        self._capture = capture
        self.facts: list[tuple[str, dict[str, Any]]] = []

    def run(self, service: Callable[..., Any], **arguments: Any) -> Any:
        """Call a service; its transaction counts as committed."""
        with self._capture(execute=True):
            return service(**arguments)

    def named(self, name: str) -> list[dict[str, Any]]:
        """Payloads of the facts of one name, in order."""
        return [payload for told, payload in self.facts if told == name]


@pytest.fixture
def told(django_capture_on_commit_callbacks: Any) -> Iterator[Told]:
    """Hears all facts of rooms."""
    heard = Told(django_capture_on_commit_callbacks)
    listeners = []
    for fact in FACTS:

        def hear(name: str = fact.name, provides: tuple[str, ...] = fact.provides, **payload: Any) -> None:
            heard.facts.append((name, {member: payload[member] for member in provides}))

        fact.connect(hear, weak=False)
        listeners.append((fact, hear))
    yield heard
    for fact, hear in listeners:
        fact.disconnect(hear)
