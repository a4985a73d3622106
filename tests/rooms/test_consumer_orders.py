"""A host's orders and a handover, over real sockets."""

from __future__ import annotations

from datetime import timedelta

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


async def test_a_guest_is_told_in_words_that_the_booking_lets_it_show_nothing() -> None:
    room = await db(RoomFactory)(guests_can_present=False)
    host, guest, _seat = await both(room)
    await guest.say("media", microphone=True, camera=False, screen=True)
    error = await guest.until("error")
    assert (error["code"], error["fatal"]) == ("no_presenting", False)
    assert "dele sin skærm" in error["message"]
    heard = await host.until("participant", lambda message: message["participant"]["media"]["microphone"])
    assert heard["participant"]["media"]["screen"] is False


async def test_a_meeting_that_ends_on_time_ends_for_everybody_then() -> None:
    room = await db(RoomFactory)(end_meeting_on_end_time=True)
    host, guest, _seat = await both(room)
    assert room.closes_at == room.ends_at
    assert await db(services.close_expired)(room_id=room.pk, now=room.ends_at - timedelta(seconds=1)) is False
    assert await db(services.close_expired)(room_id=room.pk, now=room.ends_at) is True
    for page in (host, guest):
        assert (await page.until("closed"))["reason"] == "expired"
        assert await page.closed_with() == 4004
