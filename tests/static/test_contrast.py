"""The colours that stand on each other can be told apart (WCAG 2.1, 1.4.3 and 1.4.11)."""

from __future__ import annotations

import re

import pytest
from django.conf import settings

TOKENS = (settings.BASE_DIR / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
COLOURS = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", TOKENS))
COLOURS["white"] = "#ffffff"

TEXT = [
    ("ink", "sand"), ("ink", "paper"), ("ink", "focus-halo"), ("ink", "petrol-soft"),
    ("ink", "amber-soft"), ("ink", "red-soft"),
    ("ink-soft", "paper"), ("ink-soft", "sand"), ("ink-soft", "sand-dark"),
    ("petrol", "paper"), ("petrol", "sand"), ("petrol", "sand-dark"), ("petrol", "petrol-soft"),
    ("petrol-dark", "petrol-soft"),
    ("white", "petrol"), ("white", "petrol-dark"), ("white", "red"),
    ("coral", "sand"), ("green", "green-soft"), ("amber", "amber-soft"), ("red", "paper"), ("red", "red-soft"),
    ("night-text", "night"), ("night-text", "night-button"), ("night-text", "night-button-hover"),
    ("night-text", "hang-up"), ("night-text", "hang-up-hover"),
    ("night-text-soft", "night"), ("night-text-soft", "night-raised"), ("ink", "night-text-soft"),
]  # fmt: skip
EDGES = [
    ("edge", "paper"), ("edge", "sand"), ("edge", "sand-dark"), ("red", "sand"), ("petrol", "sand"), ("green", "paper"),
    ("focus", "focus-halo"), ("focus", "sand"), ("focus-halo", "night"), ("focus-halo", "night-button"),
    ("night-line", "night-raised"), ("speaking", "night"), ("hang-up", "night"),
]  # fmt: skip


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.1 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(COLOURS[one]), luminance(COLOURS[other])))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_measured_as_the_standard_says() -> None:
    COLOURS["black"], COLOURS["grey"] = "#000000", "#767676"
    assert contrast("black", "white") == pytest.approx(21)
    assert contrast("grey", "white") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_can_be_read(text: str, ground: str) -> None:
    assert contrast(text, ground) >= 4.5


@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_edges_of_controls_can_be_seen(edge: str, ground: str) -> None:
    assert contrast(edge, ground) >= 3
