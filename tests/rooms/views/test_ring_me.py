"""Ring mig op: the page's request, and the worker that shows the notification."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client

from rooms.models import PushAddress, Room, Seat
from rooms.signals import room_rung
from tests.factories.rooms import RoomFactory
from vdx.lib import vapid

pytestmark = pytest.mark.django_db

POINT = vapid.encode(vapid.point_of(ec.generate_private_key(ec.SECP256R1()).public_key()))
SUBSCRIPTION = {
    "endpoint": "https://fcm.googleapis.com/fcm/send/abc",
    "expirationTime": None,
    "keys": {"p256dh": POINT, "auth": vapid.encode(bytes(16))},
}


def post(client: Client, room: Room, path: str, body: object) -> Any:
    return client.post(
        f"/m/{room.short_id}/{path}", body, content_type="application/json", headers={"accept": "application/json"}
    )


@pytest.fixture
def room() -> Room:
    return RoomFactory()


@pytest.fixture
def patient(room: Room) -> Client:
    """A browser that has knocked."""
    client = Client()
    assert post(client, room, "bank", {}).status_code == 200
    return client


def test_a_waiting_browser_asks_and_takes_back(patient: Client, room: Room) -> None:
    response = post(patient, room, "ring-mig", {"subscription": SUBSCRIPTION})
    assert (response.status_code, response.json()) == (200, {"asked": True})
    assert PushAddress.objects.get().seat == Seat.objects.get()
    response = post(patient, room, "ring-mig", {"subscription": None})
    assert (response.status_code, response.json()) == (200, {"asked": False})
    assert not PushAddress.objects.exists()


def test_a_stranger_and_another_rooms_patient_are_told_the_same(patient: Client, client: Client) -> None:
    other = RoomFactory()
    for browser in (client, patient):
        assert post(browser, other, "ring-mig", {"subscription": SUBSCRIPTION}).status_code == 404
    assert not PushAddress.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        "x",
        {"subscription": "x"},
        {"subscription": {}},
        {"subscription": {**SUBSCRIPTION, "keys": None}},
        {"subscription": {**SUBSCRIPTION, "keys": {"p256dh": POINT}}},
        {"subscription": {**SUBSCRIPTION, "endpoint": 5}},
        {"subscription": {**SUBSCRIPTION, "endpoint": "https://evil.example/x"}},
        {"subscription": {**SUBSCRIPTION, "endpoint": "https://fcm.googleapis.com/" + "x" * 4000}},
    ],
)
def test_nonsense_is_refused(patient: Client, room: Room, body: object) -> None:
    response = post(patient, room, "ring-mig", body)
    assert (response.status_code, response.json()["error"]) == (400, "invalid")
    assert not PushAddress.objects.exists()


def test_it_is_asked_by_post_alone(patient: Client, room: Room) -> None:
    assert patient.get(f"/m/{room.short_id}/ring-mig").status_code == 405


def test_the_page_has_the_public_key(patient: Client, room: Room, settings: Any) -> None:
    data = patient.get(f"/m/{room.short_id}").context["data"]
    assert data["pushKey"] == settings.VDX_VAPID_PUBLIC_KEY
    assert len(vapid.decode(data["pushKey"])) == 65
    assert data["urls"]["ringMe"] == f"/m/{room.short_id}/ring-mig"


def test_the_worker_reaches_the_rooms_pages_alone(client: Client) -> None:
    response = client.get("/sw.js")
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/javascript")
    assert response["Service-Worker-Allowed"] == "/m/"
    assert response["Cache-Control"] == "no-cache"
    assert response["Content-Security-Policy"] == "default-src 'none'"
    assert b"notificationclick" in response.content
    assert b'addEventListener("fetch"' not in response.content


def test_a_ring_goes_out_by_itself(
    patient: Client, room: Room, settings: Any, django_capture_on_commit_callbacks: Any, monkeypatch: Any
) -> None:
    rung: list[str] = []
    monkeypatch.setattr("vdx.lib.outgoing.post", lambda url, *more, **named: rung.append(urlsplit(url).hostname) or 201)
    post(patient, room, "ring-mig", {"subscription": SUBSCRIPTION})
    with django_capture_on_commit_callbacks(execute=True):
        room_rung.tell(room_uuid=room.uuid, seat_key=Seat.objects.get().key)
    assert rung == ["fcm.googleapis.com"]
