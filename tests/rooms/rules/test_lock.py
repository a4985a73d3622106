"""Who may come to a locked room."""

from __future__ import annotations

import pytest

from rooms.enums import SeatState
from rooms.rules.lock import lets_knock


@pytest.mark.parametrize(
    ("state", "lets"),
    [
        (None, False),
        (SeatState.REFUSED, False),
        (SeatState.WAITING, True),
        (SeatState.ADMITTED, True),
        (SeatState.LEFT, True),
    ],
)
def test_a_locked_room_lets_only_those_come_who_have_a_seat(state: SeatState | None, lets: bool) -> None:
    assert lets_knock(is_locked=True, state=state) is lets
    assert lets_knock(is_locked=False, state=state)
