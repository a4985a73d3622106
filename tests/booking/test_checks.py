"""The start is refused when a text message could not hold the short link."""

from __future__ import annotations

import pytest

from booking.checks import LONGEST_BASE, check_short_link_base


@pytest.mark.parametrize(
    ("base", "ids"),
    [
        ("https://vdx.example.dk/m/", []),
        ("h" * LONGEST_BASE, []),
        ("h" * (LONGEST_BASE + 1), ["booking.E002"]),
        ("https://vdx.example.dk/~" + "h" * (LONGEST_BASE - 24), ["booking.E002"]),
        ("https://ż.example.dk/m/", ["booking.E001"]),
    ],
)
def test_the_base_of_short_links(settings, base, ids):
    settings.VDX_SHORT_LINK_BASE = base

    assert [error.id for error in check_short_link_base(None)] == ids
