"""docs/data.md names every table once, says why it is kept and for how long, and names sweeps that run."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from booking.services.retention import MEETINGS_KEPT, TEXTS_KEPT
from vdx.celery import schedule

DOCUMENT = Path(settings.BASE_DIR) / "docs" / "data.md"
ROW = re.compile(r"^\| `(\w+\.\w+)` \| (.*) \| (.*) \|$", re.MULTILINE)
# A table of which nothing is swept says what its rows live as long as, or why they stay.
WITHOUT_SWEEP = re.compile(r"^(As long as|Until|With|For good|Always empty)", re.IGNORECASE)


def rows() -> list[tuple[str, str, str]]:
    return ROW.findall(DOCUMENT.read_text())


def test_every_table_stands_there_once() -> None:
    tables = Counter(model._meta.label for model in apps.get_models())

    assert Counter(table for table, _, _ in rows()) == tables


@pytest.mark.parametrize(("table", "purpose", "kept"), rows(), ids=[table for table, _, _ in rows()])
def test_every_table_has_a_purpose_and_a_term_that_is_kept(table: str, purpose: str, kept: str) -> None:
    assert len(purpose.split()) >= 3
    sweeps = re.findall(r"`(\w+\.\w+)`", kept)
    assert set(sweeps) <= {entry["task"] for entry in schedule().values()}
    assert sweeps or WITHOUT_SWEEP.match(kept), f"{table}: neither a sweep nor what it lives as long as"


def test_bookings_terms_are_those_of_the_sweep() -> None:
    [kept] = [kept for table, _, kept in rows() if table == "booking.Meeting"]

    assert kept.startswith(f"Texts {TEXTS_KEPT.days} days after the end")
    assert MEETINGS_KEPT.days == 5 * 365
    assert "five years" in kept
