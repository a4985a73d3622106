"""A device test that was made while its browser already has a seat."""

from __future__ import annotations

from django.db import transaction

from rooms.enums import TestVerdict
from rooms.services.locks import locked, write_down
from rooms.services.seats import seat_of


@transaction.atomic
def note_test(*, room_id: int, token: str | None, verdict: TestVerdict) -> None:
    """Keep the verdict beside the seat that the token opens in this room; without such a seat, nothing.

    Nobody is told: the seat's connection looks at every beat, and says it to the hosts.
    """
    room = locked(room_id)
    seat = seat_of(room, token)
    if seat is None or seat.test_verdict == verdict:
        return
    seat.test_verdict = verdict
    seat.save(update_fields=["test_verdict"])
    write_down("room.device_tested", room, seat=seat, seat_id=seat.pk)
