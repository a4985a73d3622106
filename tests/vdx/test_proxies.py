"""The client's address and scheme behind reverse proxies."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.support.pages")]


def test_without_trusted_proxies_nobody_is_believed(client: Client) -> None:
    page = client.get(
        "/test/hello",
        REMOTE_ADDR="203.0.113.5",
        headers={"X-Forwarded-For": "198.51.100.7", "X-Forwarded-Proto": "https"},
    )
    assert page.content.decode() == "Dansk 203.0.113.5 http"


def test_a_trusted_proxy_is_believed(client: Client, settings) -> None:
    settings.VDX_TRUSTED_PROXIES = ["203.0.113.0/24"]
    page = client.get(
        "/test/hello",
        REMOTE_ADDR="203.0.113.5",
        headers={"X-Forwarded-For": "198.51.100.7", "X-Forwarded-Proto": "https"},
    )
    assert page.content.decode() == "Dansk 198.51.100.7 https"


def test_behind_https_a_plain_request_is_sent_on_to_https(client: Client, settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.VDX_TRUSTED_PROXIES = ["203.0.113.5"]
    forged = client.get("/test/hello", REMOTE_ADDR="192.0.2.1", headers={"X-Forwarded-Proto": "https"})
    assert (forged.status_code, forged.headers["Location"]) == (301, "https://testserver/test/hello")
    honest = client.get("/test/hello", REMOTE_ADDR="203.0.113.5", headers={"X-Forwarded-Proto": "https"})
    assert honest.status_code == 200
