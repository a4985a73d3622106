"""CPR numbers in free text. All are made up; none passes the old modulus test on purpose."""

from __future__ import annotations

import pytest

from vdx.lib.cpr import contains_cpr


@pytest.mark.parametrize(
    "text",
    [
        "010190-1234",
        "0101901234",
        "010190 1234",
        "010190 - 1234",
        "01 01 90 1234",
        "31.12.99-9999",
        "010190–1234",
        "patienten 310765-0001, ring",
        "01-01-01-1234",
        "01/01/01-1234",
        "01/01/01/1234",
        "0101 01 12 34",
        "610190-1234",
        "910190-1234",
        "701290 1234",
    ],
)
def test_a_cpr_number_is_seen_however_it_is_written(text: str) -> None:
    assert contains_cpr(text)


@pytest.mark.parametrize(
    "text",
    [
        "Opfølgning efter operation",
        "kl. 10.15 den 01-01-2026",
        "00 00 00 01",
        "møde 01-01-2026 12.30",
        "01/01/2026 kl. 12 30",
        "320190-1234",
        "600190-1234",
        "920190-1234",
        "7f3a01b2-4c01-0190-1234-0f8e6d5c4b3a",
        "011390-1234",
        "0101901234567",
        "sag 9010190-1234",
        "",
    ],
)
def test_what_only_looks_a_little_like_one_is_let_through(text: str) -> None:
    assert not contains_cpr(text)
