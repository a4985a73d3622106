"""What a page without a socket has to say."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from rooms.models import Room
from rooms.signals import trouble_reported
from tests.factories.rooms import RoomFactory
from vdx.lib import clock

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def heard() -> Any:
    told: list[dict[str, Any]] = []

    def listen(**payload: Any) -> None:
        told.append({name: payload[name] for name in ("seat_key", "side", "what", "detail")})

    trouble_reported.connect(listen, dispatch_uid="test", weak=False)
    yield told
    trouble_reported.disconnect(dispatch_uid="test")


def test_a_page_that_has_not_knocked(client: Client, heard: list[dict[str, Any]]) -> None:
    room = RoomFactory()

    answer = client.post(f"/m/{room.short_id}/trouble", {"what": "camera_refused", "detail": "firefox"})

    assert answer.status_code == 204
    assert heard == [{"seat_key": None, "side": "guest", "what": "camera_refused", "detail": "firefox"}]


@pytest.mark.parametrize("detail", ["192.0.2.1", "Grethe", "candidate:1 1 udp", "3601", ""])
def test_only_listed_details_are_kept(client: Client, heard: list[dict[str, Any]], detail: str) -> None:
    room = RoomFactory()

    client.post(f"/m/{room.short_id}/trouble", {"what": "ice_failed", "detail": detail})

    assert [told["detail"] for told in heard] == [""]


@pytest.mark.parametrize("what", ["nothing_of_ours", "server_gone", ""])
def test_other_words_are_refused(client: Client, heard: list[dict[str, Any]], what: str) -> None:
    room = RoomFactory()

    assert client.post(f"/m/{room.short_id}/trouble", {"what": what}).status_code == 400
    assert heard == []


def test_looking_tells_nothing(client: Client, heard: list[dict[str, Any]]) -> None:
    assert client.get(f"/m/{RoomFactory().short_id}/trouble").status_code == 405
    assert heard == []


@pytest.mark.usefixtures("clock_stands")
def test_a_flood_is_slowed(client: Client, heard: list[dict[str, Any]]) -> None:
    room = RoomFactory()
    answers = [client.post(f"/m/{room.short_id}/trouble", {"what": "no_media"}).status_code for _ in range(25)]

    assert answers[0] == 204
    assert answers[-1] == 429
    assert len(heard) < 25


@pytest.mark.parametrize(("minutes", "told"), [(4, 1), (6, 0)])
def test_a_room_that_was_closed_a_while_ago_hears_nothing_more(
    client: Client, heard: list[dict[str, Any]], minutes: int, told: int
) -> None:
    room = RoomFactory()
    Room.objects.filter(pk=room.pk).update(state="closed", closed_at=clock.now() - timedelta(minutes=minutes))

    client.post(f"/m/{room.short_id}/trouble", {"what": "camera_refused"})

    assert len(heard) == told
