"""Texts that a spreadsheet would run."""

from __future__ import annotations

import pytest

from vdx.lib.spreadsheet import harmless


@pytest.mark.parametrize("text", ["=1+1", "+45", "-2", "@SUM(A1)", "\tx", "\rx", " =1", "'=1", '"=1'])
def test_what_looks_like_a_formula_is_made_harmless(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Lægehuset Nord", "1-2", "a=b", "6,5"])
def test_other_text_is_left_alone(text: str) -> None:
    assert harmless(text) == text
