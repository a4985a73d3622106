"""The frame that every page has: language, skip link, menu, messages, no inline script or style."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from tests.templates.reading import Page

FRAMES = ["base.html", "base_room.html"]
MENU = [
    {"label": "Min dag", "url": "/portal/", "current": False},
    {"label": "Statistik", "url": "/portal/statistik/", "current": True},
]


def request(path: str = "/portal/?dag=2030-01-01") -> HttpRequest:
    made = RequestFactory().get(path)
    made.user = AnonymousUser()
    return made


def shown(template: str, **context: Any) -> Page:
    asked = context.pop("request", None) or request()
    return Page(render_to_string(template, {"messages": [], **context}, asked))


@pytest.mark.parametrize("frame", FRAMES)
def test_the_first_thing_on_a_page_leads_past_the_header(frame: str) -> None:
    page = shown(frame)
    first = next(element for element in page.elements if element.tag in {"a", "button", "input"})
    assert first["href"] == "#main"
    assert page.one("main")["id"] == "main"


@pytest.mark.parametrize("frame", FRAMES)
def test_a_page_is_titled_and_says_its_language(frame: str) -> None:
    with translation.override("en"):
        assert shown(frame).one("html")["lang"] == "en"
    page = shown(frame)
    assert page.one("html")["lang"] == "da"
    assert page.one("title").text == "Videokonsultation – VDX"


@pytest.mark.parametrize("frame", FRAMES)
def test_the_language_switch_offers_the_other_language_and_comes_back_here(frame: str) -> None:
    page = shown(frame)
    form = page.one("form", action="/sprog")
    assert form["method"] == "post"
    assert page.one("input", name="next")["value"] == "/portal/?dag=2030-01-01"
    assert page.one("input", name="csrfmiddlewaretoken")["value"]
    button = page.one("button", name="language")
    assert (button["value"], button["lang"], button.text) == ("en", "en", "English")
    with translation.override("en"):
        assert shown(frame).one("button", name="language").text == "Dansk"


@pytest.mark.parametrize("frame", [*FRAMES, "errors/404.html", "errors/500.html"])
def test_no_page_has_inline_script_or_style(frame: str) -> None:
    page = shown(frame)
    assert page.all("style") == []
    for element in page.elements:
        assert "style" not in element.attributes
        assert [name for name in element.attributes if name.startswith("on")] == []
    assert all(script.text == "" and script["type"] == "module" for script in page.all("script"))


@pytest.mark.parametrize("frame", FRAMES)
def test_blocks_of_a_page_land_where_they_belong(frame: str) -> None:
    template = engines["django"].from_string(
        "{% extends '"
        + frame
        + "' %}{% block title %}Min dag{% endblock %}{% block content %}<h1>Hej</h1>{% endblock %}"
        "{% block page_data %}{{ texts|json_script:'texts' }}{% endblock %}"
        "{% block script %}<script type='module' src='/static/js/pages/day.js'></script>{% endblock %}"
    )
    page = Page(template.render({"messages": [], "texts": {"a": "</script>"}}, request()))
    assert page.one("title").text == "Min dag – VDX"
    assert page.one("h1").text == "Hej"
    assert [script.attributes.get("src", script.attributes.get("id")) for script in page.all("script")] == [
        "texts",
        "/static/js/lib/shell.js",
        "/static/js/pages/day.js",
    ]


def test_the_menu_is_there_after_login_and_marks_where_one_is() -> None:
    asked = request()
    asked.user = SimpleNamespace(is_authenticated=True)  # type: ignore[assignment]
    page = shown("base.html", request=asked, shell={"menu": MENU})
    assert [(link["href"], link.text) for link in page.all("a", class_="site-menu__link")] == [
        ("/portal/", "Min dag"),
        ("/portal/statistik/", "Statistik"),
    ]
    assert page.one("a", aria_current="page").text == "Statistik"
    assert page.one("button", class_="site-menu__logout").text == "Log ud"
    assert page.one("button", aria_controls="site-menu")["aria-expanded"] == "false"


def test_there_is_no_menu_without_login_and_none_in_the_room() -> None:
    asked = request()
    asked.user = SimpleNamespace(is_authenticated=True)  # type: ignore[assignment]
    for page in (shown("base.html", shell={"menu": []}), shown("base_room.html", request=asked, shell={"menu": MENU})):
        assert page.all("nav") == []
        assert [form["action"] for form in page.all("form")] == ["/sprog"]


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize(
    ("level", "look", "role"),
    [
        (constants.SUCCESS, "alert alert-success", "status"),
        (constants.INFO, "alert alert-info", "status"),
        (constants.WARNING, "alert alert-warning", "alert"),
        (constants.ERROR, "alert alert-error", "alert"),
    ],
)
def test_messages_are_shown_by_weight_and_never_as_markup(frame: str, level: int, look: str, role: str) -> None:
    page = shown(frame, messages=[Message(level, "Mødet <b>er</b> lagt.")])
    alert = page.one("div", class_=look)
    assert (alert["role"], alert.text) == (role, "Mødet <b>er</b> lagt.")


@pytest.mark.parametrize("frame", FRAMES)
def test_scripts_can_speak_to_screen_readers_on_every_page(frame: str) -> None:
    announcer = shown(frame).one("p", id="announcer")
    assert (announcer["aria-live"], announcer.text) == ("polite", "")
