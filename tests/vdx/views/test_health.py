"""The state of health, as a load balancer asks for it."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client

from vdx.tasks import heartbeat

pytestmark = pytest.mark.django_db


def test_the_process_is_alive(client: Client) -> None:
    response = client.get("/sundhed/levende")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_the_hub_is_ready_when_everything_answers(client: Client) -> None:
    heartbeat()
    response = client.get("/sundhed/klar")
    assert response.json() == {
        "status": "ok",
        "database": "ok",
        "cache": "ok",
        "channel_layer": "ok",
        "worker": "ok",
        # Told, but nothing that the hub could not be used without.
        "media": "missing",
    }
    assert response.status_code == 200


def test_a_media_server_that_answers_is_told(client: Client, settings: LazySettings, tmp_path: Path) -> None:
    heartbeat()
    settings.VDX_MEDIA_ENGINE = "relay"
    settings.VDX_RELAY_URLS = ["unix:///nowhere.sock", f"unix://{tmp_path}/relay.sock"]
    assert client.get("/sundhed/klar").json()["media"] == "missing"
    with socket.socket(socket.AF_UNIX) as worker:
        worker.bind(f"{tmp_path}/relay.sock")
        worker.listen()
        assert client.get("/sundhed/klar").json()["media"] == "ok"


def test_the_hub_is_not_ready_without_a_worker(client: Client) -> None:
    cache.clear()
    response = client.get("/sundhed/klar")
    assert (response.status_code, response.json()["worker"], response.json()["status"]) == (503, "missing", "failed")


def test_health_is_for_looking_at_only(client: Client) -> None:
    assert client.post("/sundhed/klar").status_code == 405
