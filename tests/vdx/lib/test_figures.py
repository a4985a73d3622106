"""Figures: their words."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from vdx.lib.figures import short_month


@pytest.mark.parametrize(
    ("language", "short", "whole"),
    [("da", ["jan 19", "maj 19", "sep 19"], "okt 2019"), ("en", ["Jan 19", "May 19", "Sep 19"], "Oct 2019")],
)
def test_a_month_is_written_short_as_each_language_does(language: str, short: list[str], whole: str) -> None:
    with translation.override(language):
        assert [short_month(date(2019, month, 1)) for month in (1, 5, 9)] == short
        assert short_month(date(2019, 10, 1), year="Y") == whole
