"""A service that hangs for one socket: the others go on."""

from __future__ import annotations

import asyncio
import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from rooms.models import Room, Visit
from rooms.signals import participant_refused
from tests.factories.rooms import RoomFactory
from tests.rooms.sockets import Page, db, guest_of, host_of

pytestmark = pytest.mark.django_db(transaction=True)


def seen(room: Room) -> datetime:
    """When the only page of a room was seen last; in a thread of one's own, which leaves no connection behind."""
    try:
        return Visit.objects.get(seat__room=room).seen_at
    finally:
        connection.close()


async def test_one_that_is_held_up_holds_up_nobody_else(pages: list[Page], monkeypatch: pytest.MonkeyPatch) -> None:
    """A service of one room hangs, as when it waits for a row; another room is entered, and its heart beats."""
    from rooms.live import room as thinking

    monkeypatch.setattr(thinking, "BEAT_EVERY", timedelta(seconds=0.5))
    room = await db(RoomFactory)()
    doctor, guest = Page(room, await db(host_of)(room)), Page(room, await db(guest_of)(room))
    elsewhere = await db(RoomFactory)()
    other = Page(elsewhere, await db(guest_of)(elsewhere))
    pages += [doctor, guest, other]
    await doctor.hello()
    seat = (await guest.hello("Anna"))["you"]["seat"]
    await doctor.until("participant", lambda message: message["participant"]["name"] == "Anna")
    held, release = threading.Event(), threading.Event()

    def hold(**payload: Any) -> None:
        held.set()
        release.wait(20)

    participant_refused.connect(hold, weak=False)
    try:
        await doctor.say("refuse", seat=seat)
        assert await asyncio.to_thread(held.wait, 5)
        await other.hello("Bo")
        before = await asyncio.to_thread(seen, elsewhere)
        await asyncio.sleep(2.3)
        assert await asyncio.to_thread(seen, elsewhere) > before
        assert not release.is_set()
    finally:
        release.set()
        participant_refused.disconnect(hold)
    await guest.until("refused")
