"""Error pages: what happened and a way out. The one for our own faults needs nothing that may be broken too."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.translation import gettext as _

from tests.templates.reading import Page

PAGES = [400, 403, 404, 409, 410, 429]


def shown(status: int, *, logged_in: bool = False, **context: object) -> Page:
    request = RequestFactory().get("/m/1234")
    request.user = SimpleNamespace(is_authenticated=True) if logged_in else AnonymousUser()  # type: ignore[assignment]
    return Page(render_to_string(f"errors/{status}.html", {"messages": [], **context}, request))


@pytest.mark.parametrize("status", PAGES)
def test_a_page_has_one_heading_a_reason_and_a_way_out(status: int) -> None:
    page = shown(status)
    assert page.one("h1").text
    assert page.one("p", class_="font-lead").text
    assert [link["href"] for link in page.all("a", class_="button button-primary")] == ["/"]


@pytest.mark.parametrize("status", [400, 403, 409, 410])
def test_the_refusal_itself_is_shown_where_there_is_one(status: int) -> None:
    page = shown(status, message="Mødet er <b>aflyst</b>.")
    assert page.one("p", class_="font-lead").text == "Mødet er <b>aflyst</b>."


def test_absent_and_forbidden_look_alike() -> None:
    """The page for 404 tells nothing that depends on what was asked for."""
    texts = [element.text for element in shown(404, message="Mødet tilhører en anden klinik.").elements]
    assert texts == [element.text for element in shown(404).elements]


@pytest.mark.parametrize(("seconds", "words"), [(1, "om 1 sekund."), (12, "om 12 sekunder.")])
def test_too_many_attempts_says_how_long_to_wait(seconds: int, words: str) -> None:
    assert words in shown(429, retry_after=seconds).one("p", class_="font-lead").text


@pytest.mark.parametrize("status", PAGES)
def test_staff_find_back_to_their_day(status: int) -> None:
    assert "/portal/" in [link["href"] for link in shown(status, logged_in=True).all("a")]
    assert "/portal/" not in [link["href"] for link in shown(status).all("a")]


def test_the_page_for_our_own_faults_needs_no_request() -> None:
    page = Page(render_to_string("errors/500.html"))
    assert page.one("h1").text == _("Der gik noget galt hos os")
    assert page.all("form") == []
    assert page.all("script") == []
