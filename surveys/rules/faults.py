"""What is wrong with a questionnaire, and where."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One thing to put right.

    ``place`` is a path in the questionnaire's JSON, as ``pages[1][0].text.en``, counted from 0 as there.
    ``name`` is the question's, where there is one. ``code`` is stable; ``surveys.errors`` has the words for people.
    ``detail`` is the name, code or word that the fault is about.
    """

    place: str
    code: str
    name: str = ""
    detail: str = ""


class BadQuestionnaire(ValueError):
    """It cannot be read, or cannot be published. ``faults`` has everything that was found, in the order of reading."""

    def __init__(self, *faults: Fault) -> None:
        self.faults = faults
        super().__init__("; ".join(f"{fault.place}: {fault.code}" for fault in faults))
