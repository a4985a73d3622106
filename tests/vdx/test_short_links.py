"""A shorter host name for the links in messages: it leads to the room's own page."""

from __future__ import annotations

import pytest
from django.test import Client

CODE = "7k3m9p2qx4rt"


@pytest.fixture(autouse=True)
def _names(settings) -> None:
    settings.VDX_PUBLIC_URL = "https://vdx.example.dk"
    settings.VDX_SHORT_LINK_BASE = "https://k.example.dk/"
    settings.ALLOWED_HOSTS = ["vdx.example.dk", "k.example.dk"]


@pytest.mark.parametrize(
    ("asked", "led_to"),
    [
        (f"/{CODE}", f"/m/{CODE}"),
        (f"/{CODE}?via=minlaege", f"/m/{CODE}?via=minlaege"),
        ("/", "/"),
        ("/a/b", "/m/a%2Fb"),
    ],
)
def test_the_short_name_leads_to_the_rooms_page(client: Client, asked: str, led_to: str) -> None:
    page = client.generic("GET", asked, headers={"Host": "k.example.dk"})
    assert (page.status_code, page["Location"]) == (302, f"https://vdx.example.dk{led_to}")
    assert page["Cache-Control"] == "no-store"


def test_what_stands_between_the_name_and_the_code_is_left_out(client: Client, settings) -> None:
    settings.VDX_SHORT_LINK_BASE = "https://k.example.dk/v/"
    page = client.get(f"/v/{CODE}", headers={"Host": "k.example.dk"})
    assert page["Location"] == f"https://vdx.example.dk/m/{CODE}"


@pytest.mark.django_db
def test_the_hubs_own_name_leads_nowhere_else(client: Client) -> None:
    assert client.get("/", headers={"Host": "vdx.example.dk"}).status_code == 200
