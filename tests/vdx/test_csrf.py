"""Forms on pages that tell nobody where they are still reach us, and other sites' forms do not."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


def switch_language(**headers: str) -> int:
    """Post the language form as a browser does, with cookie and token; the answer's status."""
    client = Client(enforce_csrf_checks=True)
    page = client.get("/")
    token = page.context["csrf_token"]
    sent = {"csrfmiddlewaretoken": str(token), "language": "en", "next": "/"}
    return client.post(reverse("language"), sent, headers=headers).status_code


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://testserver"},
        # A page with "no-referrer", in a browser of today and in one of yesterday.
        {"origin": "null", "sec-fetch-site": "same-origin"},
        {"origin": "null"},
    ],
)
def test_our_own_form_is_taken(headers: dict[str, str]) -> None:
    assert switch_language(**headers) == 302


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null", "sec-fetch-site": "cross-site"},
        {"origin": "null", "sec-fetch-site": "same-site"},
        {"origin": "null", "sec-fetch-site": "none"},
    ],
)
def test_another_sites_form_is_refused(headers: dict[str, str]) -> None:
    assert switch_language(**headers) == 403


def test_the_token_is_asked_for_whatever_the_browser_says() -> None:
    client = Client(enforce_csrf_checks=True)
    client.get("/")
    own = {"origin": "null", "sec-fetch-site": "same-origin"}
    assert client.post(reverse("language"), {"language": "en", "next": "/"}, headers=own).status_code == 403
