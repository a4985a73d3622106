"""Every word of evidence that a rule may give has its sentence."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

from monitoring.wording import evidence_sentence

SOURCE = (Path(settings.BASE_DIR) / "monitoring" / "rules" / "fault.py").read_text()


def words() -> set[str]:
    """All that stand in the rules, with the gaps filled."""
    found: set[str] = set()
    for template in re.findall(r'f"(\{who\}_[a-z_{}]+)"', SOURCE):
        for name in ("camera", "microphone"):
            for what in ("missing", "busy", "failed", "ended"):
                found.add(template.format(who="doctor", device=name, name=name, what=what))
    return found | set(re.findall(r'\d, "([a-z_]+)"', SOURCE))


def test_the_words_are_found() -> None:
    assert len(words()) > 40


@pytest.mark.parametrize("word", sorted(words()))
def test_each_has_a_sentence(word: str) -> None:
    assert evidence_sentence(word) != word
    assert evidence_sentence(word).endswith(".")


def test_a_word_of_another_version_stands_for_itself() -> None:
    assert evidence_sentence("doctor_of_tomorrow") == "doctor_of_tomorrow"
