"""A host's orders and a handover, over real sockets."""

from __future__ import annotations

import pytest

from rooms import services
from rooms.models import Room, Seat
from tests.factories.rooms import RoomFactory
from tests.rooms.sockets import Page, db, guest_of, host_of
from vdx.lib import clock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.service]


async def both(room: Room) -> tuple[Page, Page, str]:
    """The host and a guest who was let in, and the guest's seat."""
    host, guest = Page(room, await db(host_of)(room)), Page(room, await db(guest_of)(room))
    await host.hello()
    seat = (await guest.hello("Anna"))["you"]["seat"]
    await host.until("participant", lambda message: message["participant"]["seat"] == seat)
    await host.say("admit", seat=seat)
    await guest.until("admitted")
    await host.until("participant", lambda message: message["participant"]["state"] == "admitted")
    return host, guest, seat


async def test_the_lock_is_told_to_all_and_the_removed_device_alone_is_told_that() -> None:
    room = await db(RoomFactory)()
    host, guest, seat = await both(room)
    await host.say("lock", locked=True)
    for page in (host, guest):
        await page.until("room", lambda message: message["room"]["locked"])
    await host.say("mute", seat=seat)
    assert "by" in await guest.until("muted")
    await host.say("remove", seat=seat)
    await guest.until("removed")
    assert await guest.closed_with() == 4003
    gone = await host.until("gone")
    assert (gone["seat"], gone["reason"]) == (seat, "refused")
    await host.go()


async def test_a_guest_orders_nothing() -> None:
    room = await db(RoomFactory)()
    host, guest, _ = await both(room)
    key = await db(lambda: Seat.objects.get(room=room, role="host").key)()
    for order in ({"kind": "lock", "locked": True}, {"kind": "remove", "seat": key}, {"kind": "mute", "seat": key}):
        await guest.say(order.pop("kind"), **order)  # type: ignore[arg-type]
        assert (await guest.until("error"))["code"] == "not_allowed"
    await host.go()
    await guest.go()


async def test_a_code_is_given_to_the_seat_that_asks_and_its_question_too() -> None:

    room = await db(RoomFactory)()
    host, guest, _ = await both(room)
    await guest.say("handover")
    offer = await guest.until("handover")
    assert len(offer["digits"]) == 6
    assert offer["url"].partition("#")[0].endswith(f"/m/{room.short_id}/haandover")
    assert len({len(row) for row in offer["qr"]} | {len(offer["qr"])}) == 1
    claim = await db(services.claim_handover)(room_id=room.pk, code=offer["digits"], now=clock.now())
    await guest.until("handover-asked")
    await guest.say("handover-answer", accept=True)
    await guest.say("handover-answer", accept=True)
    await guest.say("heartbeat")
    await guest.until("heartbeat")
    step, seat, _ = await db(services.finish_handover)(room_id=room.pk, claim=claim, now=clock.now())
    assert (step, seat.room_id) == ("taken", room.pk)
    await host.go()
    await guest.go()
