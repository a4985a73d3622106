"""Numbers of the meeting place: who is there now, and what came of wanting to go in."""

from __future__ import annotations

import asyncio
import json
import re
from datetime import timedelta

import pytest
from django.test import Client

from rooms import number_queries, services
from rooms.enums import CloseReason, DeviceKind
from rooms.models import Room
from tests.factories.rooms import RoomFactory, SeatFactory, visit
from tests.rooms.sockets import Page, db, guest_of, host_of
from vdx.lib import clock, metrics

pytestmark = pytest.mark.django_db(transaction=True)


def numbers() -> dict[str, int]:
    """Each series of the meeting place that is not 0."""
    found = dict(re.findall(r"^(vdx_\w+(?:\{[^}]*\})?) (\d+)$", metrics.exposition(), flags=re.MULTILINE))
    ours = ("vdx_joins_total", "vdx_rooms", "vdx_calls", "vdx_devices", "vdx_waiting", "vdx_websocket_connections")
    return {name: int(number) for name, number in found.items() if name.startswith(ours) and number != "0"}


async def test_a_consultation_is_seen_as_it_goes(pages: list[Page]) -> None:
    room: Room = await db(RoomFactory.create)()
    doctor, patient = Page(room, await db(host_of)(room)), Page(room, await db(guest_of)(room))
    pages += [doctor, patient]
    you = (await patient.hello("Anna"))["you"]
    assert await db(numbers)() == {
        'vdx_rooms{state="planned"}': 1,
        "vdx_waiting": 1,
        'vdx_joins_total{result="waiting"}': 1,
        'vdx_websocket_connections{socket="room"}': 1,
    }

    await doctor.hello()
    await doctor.say("admit", seat=you["seat"])
    await patient.until("admitted")
    # The page hears of it a moment before it is counted.
    while 'vdx_joins_total{result="admitted"}' not in await db(numbers)():
        await asyncio.sleep(0.05)
    assert await db(numbers)() == {
        'vdx_rooms{state="open"}': 1,
        "vdx_calls": 1,
        'vdx_devices{kind="browser"}': 2,
        'vdx_joins_total{result="host"}': 1,
        'vdx_joins_total{result="waiting"}': 1,
        'vdx_joins_total{result="admitted"}': 1,
        'vdx_websocket_connections{socket="room"}': 2,
    }

    await doctor.say("end")
    await patient.until("closed")
    await doctor.until("closed")
    for page in (doctor, patient):
        await page.closed_with()
        await page.go()
    assert {name for name in await db(numbers)() if "joins" not in name} == set()


def test_a_door_that_stays_shut_is_counted_by_why(client: Client) -> None:
    room = RoomFactory.create(guest_pin=12345)
    address = f"/m/{room.short_id}/bank"

    def knock(pin: str) -> int:
        return client.post(address, json.dumps({"pin": pin}), content_type="application/json").status_code

    assert [knock("999"), knock("998")] == [403, 403]
    Room.objects.update(is_locked=True)
    assert knock("12345") == 409
    assert client.post("/m/abcdefghjkmn/bank").status_code == 404
    assert {name: number for name, number in numbers().items() if "joins" in name} == {
        'vdx_joins_total{result="wrong_pin"}': 2,
        'vdx_joins_total{result="locked"}': 1,
        'vdx_joins_total{result="unknown_code"}': 1,
    }


def test_who_is_there_is_counted_by_room_and_kind_and_in_one_query(django_assert_num_queries) -> None:
    now = clock.now()
    for kinds in (
        [DeviceKind.BROWSER, DeviceKind.APP, DeviceKind.APP],
        [DeviceKind.BROWSER],
        [DeviceKind.TELEPHONE] * 2,
    ):
        room = RoomFactory.create()
        for kind in kinds:
            seat = SeatFactory.create(room=room, admitted=True, device_kind=kind)
            visit(seat, now, None)
        visit(SeatFactory.create(room=room), now, None)
    # Whose process died, and who has gone, is not there.
    visit(SeatFactory.create(room=room, admitted=True), now - timedelta(minutes=5), None)
    visit(SeatFactory.create(room=room, admitted=True), now - timedelta(minutes=5), now - timedelta(minutes=1))

    with django_assert_num_queries(1):
        present = number_queries.present(now)
    assert (present.calls, present.waiting) == (2, 3)
    assert {kind: number for kind, number in present.devices.items() if number} == {
        DeviceKind.BROWSER: 2,
        DeviceKind.APP: 2,
        DeviceKind.TELEPHONE: 2,
    }


def test_rooms_that_are_closed_are_left_out(django_assert_num_queries) -> None:
    RoomFactory.create()
    closed = RoomFactory.create()
    services.close_room(room_id=closed.pk, reason=CloseReason.ENDED, by_seat=None, now=clock.now())
    with django_assert_num_queries(1):
        assert number_queries.rooms_by_state() == {"planned": 1, "open": 0}
