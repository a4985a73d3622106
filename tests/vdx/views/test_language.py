"""The language of the pages: chosen here, else the profile's, else Danish."""

from __future__ import annotations

import pytest
from django.test import Client

from vdx.accounts.services import create_user

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.support.pages")]


def language_of(client: Client, **headers: str) -> str:
    return client.get("/test/hello", headers=headers).headers["Content-Language"]


def test_pages_are_danish_whatever_the_browser_asks_for(client: Client) -> None:
    assert language_of(client, **{"Accept-Language": "en-GB,en;q=0.9"}) == "da"


def test_a_choice_is_remembered_on_the_device(client: Client) -> None:
    response = client.post("/sprog", {"language": "en", "next": "/test/hello"})
    assert (response.status_code, response.headers["Location"]) == (302, "/test/hello")
    cookie = response.cookies["django_language"]
    assert (cookie["samesite"], cookie["httponly"], cookie["max-age"]) == ("Lax", True, 365 * 24 * 3600)
    assert language_of(client) == "en"


def test_a_choice_goes_before_the_profile(client: Client) -> None:
    client.force_login(create_user(email="a@example.dk", name="A", actor=None, language="en"))
    assert language_of(client) == "en"
    client.post("/sprog", {"language": "da"})
    assert language_of(client) == "da"


def test_a_cookie_with_nonsense_means_danish(client: Client) -> None:
    client.cookies["django_language"] = "xx"
    assert language_of(client) == "da"


@pytest.mark.parametrize("onward", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_the_switch_leads_to_our_own_pages_only(client: Client, onward: str) -> None:
    assert client.post("/sprog", {"language": "en", "next": onward}).headers["Location"] == "/"


def test_a_language_that_we_do_not_speak_is_refused(client: Client) -> None:
    response = client.post("/sprog", {"language": "de"})
    assert response.status_code == 400
    assert "django_language" not in response.cookies


def test_looking_changes_nothing(client: Client) -> None:
    assert client.get("/sprog", {"language": "en"}).status_code == 405
