"""The front page: a code is typed."""

from __future__ import annotations

import pytest
from django.test import Client

from rooms.models import Room
from tests.factories.rooms import RoomFactory

pytestmark = pytest.mark.django_db


def test_the_front_page(client: Client) -> None:
    response = client.get("/")
    assert response.status_code == 200
    assert 'name="code"' in response.content.decode()


@pytest.mark.parametrize("typed", ["0123456789ab", "0123-4567-89AB", " o123 4567 89ab ", "0l23456789ab"])
def test_a_code_leads_to_its_room(client: Client, typed: str) -> None:
    RoomFactory()
    Room.objects.update(short_id="0123456789ab")
    response = client.post("/", {"code": typed})
    assert (response.status_code, response["Location"]) == (302, "/m/0123456789ab")


@pytest.mark.parametrize(
    ("typed", "status", "words"),
    [
        ("0123-4567-89ac", 404, "Vi kender ikke den kode."),
        ("0123", 400, "En kode har 12 tegn"),
        ("", 400, "Skriv koden fra beskeden."),
    ],
)
def test_a_wrong_code_gets_a_sentence_and_stays_in_the_field(
    client: Client, typed: str, status: int, words: str
) -> None:
    response = client.post("/", {"code": typed})
    page = response.content.decode()
    assert response.status_code == status
    assert words in page
    if typed:
        assert f'value="{typed}"' in page or 'value="012345678' in page


@pytest.mark.usefixtures("clock_stands")
def test_guessing_is_slowed_for_this_browser_only(client: Client) -> None:
    room = RoomFactory()
    for _ in range(10):
        client.post("/", {"code": "0" * 12})
    response = client.post("/", {"code": room.short_id})
    assert response.status_code == 429
    assert int(response["Retry-After"]) >= 1
    assert Client().post("/", {"code": room.short_id}).status_code == 302


def test_a_browser_keeps_its_cookie(client: Client) -> None:
    client.get("/")
    first = client.cookies["vdx_visitor"].value
    response = client.get("/")
    assert client.cookies["vdx_visitor"].value == first
    assert "vdx_visitor" not in response.cookies
