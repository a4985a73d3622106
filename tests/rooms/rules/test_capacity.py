"""How many devices a room holds, and who may be host."""

from __future__ import annotations

import pytest

from rooms.rules.capacity import has_place, limit
from rooms.rules.host import HostDoor, host_door


@pytest.mark.parametrize(("of_room", "expected"), [(0, 6), (-1, 6), (1, 1), (2, 2), (50, 50)])
def test_the_rooms_own_number_or_the_hubs(of_room: int, expected: int) -> None:
    assert limit(max_participants=of_room, hub_limit=6) == expected


@pytest.mark.parametrize(("others", "expected"), [(0, True), (1, True), (2, False), (3, False)])
def test_a_place_beside_the_others(others: int, expected: bool) -> None:
    assert has_place(others=others, limit=2) is expected


@pytest.mark.parametrize(
    ("login", "pin", "expected"),
    [
        (True, True, HostDoor.LOGIN),
        (True, False, HostDoor.LOGIN),
        (False, True, HostDoor.PIN),
        (False, False, HostDoor.SHUT),
    ],
)
def test_the_hosts_door(login: bool, pin: bool, expected: HostDoor) -> None:
    assert host_door(login_may_host=login, has_pin=pin) is expected
