from __future__ import annotations

import pytest

from monitoring.rules.edges import OVER, PICTURES, WAITS, half_within, words


def test_the_steps_have_names_in_order() -> None:
    assert words(WAITS) == ["60", "120", "300", "600", "900", OVER]
    assert list(PICTURES) == sorted(PICTURES)


@pytest.mark.parametrize(
    ("counts", "edge"),
    [
        ({}, None),
        ({"60": 1}, 60),
        ({"60": 1, "120": 1}, 60),
        ({"60": 1, "120": 2}, 120),
        ({"60": 1, OVER: 2}, None),
        ({"900": 1, OVER: 1}, 900),
    ],
)
def test_half_of_them_waited_less(counts: dict[str, int], edge: int | None) -> None:
    assert half_within(counts, WAITS) == edge
