"""The tables of states: every pair is said here once more."""

from __future__ import annotations

from itertools import product

import pytest

from rooms.enums import RoomState, SeatState
from rooms.rules.states import room_may_move, seat_may_move

ROOM = {("planned", "open"), ("planned", "closed"), ("open", "closed")}
GUEST = {
    ("waiting", "admitted"),
    ("waiting", "refused"),
    ("waiting", "left"),
    ("admitted", "left"),
    ("admitted", "refused"),
    ("refused", "waiting"),
    ("left", "waiting"),
}
HOST = {("waiting", "admitted"), ("refused", "admitted"), ("left", "admitted"), ("admitted", "left")}


@pytest.mark.parametrize(("old", "new"), list(product(RoomState, RoomState)))
def test_moves_of_a_room(old: RoomState, new: RoomState) -> None:
    assert room_may_move(old=old, new=new) is ((old, new) in ROOM)


@pytest.mark.parametrize(("old", "new"), list(product(SeatState, SeatState)))
def test_moves_of_a_guest(old: SeatState, new: SeatState) -> None:
    assert seat_may_move(old=old, new=new, is_host=False) is ((old, new) in GUEST)


@pytest.mark.parametrize(("old", "new"), list(product(SeatState, SeatState)))
def test_moves_of_a_host(old: SeatState, new: SeatState) -> None:
    assert seat_may_move(old=old, new=new, is_host=True) is ((old, new) in HOST)
