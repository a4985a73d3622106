"""What the browser is told it may do with our pages."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.support.pages")]


def test_camera_and_microphone_are_for_our_own_pages_and_the_rest_is_off(client: Client) -> None:
    policy = dict(part.split("=") for part in client.get("/test/hello").headers["Permissions-Policy"].split(", "))
    ours = {name for name, allowed in policy.items() if allowed == "(self)"}
    assert ours == {
        "autoplay",
        "camera",
        "clipboard-write",
        "display-capture",
        "fullscreen",
        "microphone",
        "screen-wake-lock",
        "speaker-selection",
    }
    assert {allowed for name, allowed in policy.items() if name not in ours} == {"()"}
    assert policy["geolocation"] == "()"


def test_a_rooms_address_is_told_to_nobody(client: Client) -> None:
    for path in ("/m/test/hello", "/m/findes/ikke"):
        assert client.get(path).headers["Referrer-Policy"] == "no-referrer"
    assert client.get("/test/hello").headers["Referrer-Policy"] == "same-origin"


def test_pages_are_not_kept_by_the_browser_unless_they_say_so(client: Client) -> None:
    assert client.get("/portal/test/hello").headers["Cache-Control"] == "no-store"
    assert client.get("/m/test/hello").headers["Cache-Control"] == "no-store"
    assert client.get("/test/kept").headers["Cache-Control"] == "max-age=60"


def test_only_our_own_scripts_and_styles_run(client: Client) -> None:
    rules = dict(
        part.strip().split(" ", 1) for part in client.get("/test/hello").headers["Content-Security-Policy"].split(";")
    )
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == rules["font-src"] == "'self'"
    assert rules["frame-ancestors"] == rules["base-uri"] == "'none'"
    assert rules["connect-src"] == "'self' ws://localhost:8000"
    assert not any("unsafe" in value for value in rules.values())
