"""Addresses of fixed rooms, and who comes straight in."""

from __future__ import annotations

import pytest

from rooms.rules.fixed import comes_straight_in, normal_address, well_spelt


@pytest.mark.parametrize(
    ("typed", "good"),
    [
        ("onsdag", True),
        ("onsdag-2", True),
        ("123456", True),
        ("a" * 40, True),
        ("ab", False),
        ("a" * 41, False),
        ("", False),
        ("Onsdag", False),
        ("møde", False),
        ("-onsdag", False),
        ("onsdag-", False),
        ("ons--dag", False),
        ("ons dag", False),
        ("ons/dag", False),
        ("onsdag\n", False),
    ],
)
def test_what_may_be_an_address(typed: str, good: bool) -> None:
    assert well_spelt(typed) is good


def test_capitals_and_blanks_around_are_forgiven() -> None:
    assert normal_address("  Onsdag-2 ") == "onsdag-2"


@pytest.mark.parametrize(
    ("waiting_room", "is_locked", "host_is_there", "straight"),
    [
        (False, False, True, True),
        (False, False, False, False),
        (False, True, True, False),
        (True, False, True, False),
    ],
)
def test_who_comes_straight_in(waiting_room: bool, is_locked: bool, host_is_there: bool, straight: bool) -> None:
    found = comes_straight_in(waiting_room=waiting_room, is_locked=is_locked, host_is_there=host_is_there)
    assert found is straight
