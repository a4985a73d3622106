"""The texts that the room's script gets are valid JSON in every language, with every gap left open for the script."""

from __future__ import annotations

import json
import re

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation


def texts_in(language: str) -> dict[str, str]:
    with translation.override(language):
        page = render_to_string("rooms/_texts.html")
    match = re.fullmatch(r'\s*<script type="application/json" id="room-texts">(.*)</script>\s*', page, re.DOTALL)
    assert match is not None
    return json.loads(match[1])


@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES])
def test_every_text_is_there_and_keeps_its_gaps(language: str) -> None:
    danish, texts = texts_in("da"), texts_in(language)
    assert texts.keys() == danish.keys()
    assert all(text.strip() for text in texts.values())
    gaps = {name: set(re.findall(r"\{\w+\}", text)) for name, text in texts.items()}
    assert gaps == {name: set(re.findall(r"\{\w+\}", text)) for name, text in danish.items()}


def test_a_text_keeps_its_letters_and_quotation_marks() -> None:
    texts = texts_in("da")
    assert texts["connecting"] == "Forbinder…"
    assert "“Prøv igen”" in texts["cameraBusy"]
