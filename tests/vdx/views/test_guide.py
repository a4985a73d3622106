"""The help and the accessibility statement: for everybody, in both languages, whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from tests.templates.reading import Page
from vdx.help import topics

KEYS = ["cannot_get_in", "no_picture", "no_sound", "echo", "wrong_camera", "slow_network", "permission"]
TEXTS = Path(__file__).resolve().parents[3] / "templates" / "help"


def test_every_topic_has_a_text_and_every_patients_problem_is_a_topic() -> None:
    assert [topic.key for topic in topics()] == KEYS
    assert [key for key in KEYS if not (TEXTS / f"{key}.html").exists()] == []


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("doctor", [False, True])
def test_a_topic_is_three_steps_for_each_reader(key: str, doctor: bool) -> None:
    page = Page(render_to_string(f"help/{key}.html", {"doctor": doctor}))
    assert len([element for element in page.elements if element.tag == "li"]) == 3


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_help_page_has_an_anchor_a_topic_for_patients_first(client, language: str) -> None:
    client.cookies["django_language"] = language
    answer = client.get("/hjaelp", headers={"accept-language": language})
    page = Page(answer.content.decode())
    ids = [
        element.attributes["id"] for element in page.elements if element.tag == "section" and "id" in element.attributes
    ]
    doctors = [f"laege-{key}" for key in KEYS if key != "permission"]
    assert ids == [*KEYS, "laege", *doctors]
    links = [element["href"] for element in page.elements if element.tag == "a" and "#" in element["href"]]
    assert {link.lstrip("#") for link in links if link != "#main"} <= set(ids)
    assert answer.headers["Content-Language"] == language


def test_the_help_page_can_be_printed(client) -> None:
    page = Page(client.get("/hjaelp").content.decode())
    assert page.one("button", **{"data-print": ""}).text == "Udskriv"


@pytest.mark.parametrize("address", ["/hjaelp", "/tilgaengelighed"])
def test_a_page_for_everybody_is_found_from_every_pages_foot_and_asks_no_database(client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    hrefs = [element["href"] for element in Page(answer.content.decode()).elements if element.tag == "a"]
    assert {"/hjaelp", "/tilgaengelighed"} <= set(hrefs)
    assert client.post(address).status_code == 405


def test_the_statement_names_whoever_runs_the_hub(client, settings) -> None:
    settings.VDX_OPERATOR_NAME = "Videocentralen"
    settings.VDX_OPERATOR_EMAIL = "hjaelp@example.dk"
    settings.VDX_OPERATOR_PHONE = "00 00 00 09"
    settings.VDX_ACCESSIBILITY_DATE = "2026-11-02"
    text = client.get("/tilgaengelighed").content.decode()
    assert "Videocentralen driver dette websted" in text
    assert 'href="mailto:hjaelp@example.dk"' in text
    assert 'href="tel:00000009"' in text
    assert "2. november 2026" in text


def test_a_statement_without_an_operator_names_nobody_and_sends_people_to_their_clinic(client, settings) -> None:
    settings.VDX_OPERATOR_NAME = settings.VDX_OPERATOR_EMAIL = settings.VDX_OPERATOR_PHONE = ""
    settings.VDX_ACCESSIBILITY_DATE = ""
    main = client.get("/tilgaengelighed").content.decode().partition("<main")[2]
    assert "Den, der driver dette websted" in main
    assert "Ring til den klinik" in main
    assert "sidst gennemgået" not in main
    assert main.count("mailto:") == 1


@pytest.mark.parametrize(
    ("doctor", "title"), [(False, "Jeg kan ikke komme ind i samtalen"), (True, "Den anden kan ikke komme ind")]
)
def test_the_dialog_holds_every_topic_once_in_the_readers_words(doctor: bool, title: str) -> None:
    html = render_to_string(
        "help/_dialog.html", {"doctor": doctor, "phone": "00 00 00 01", "shell": {"help": topics()}}
    )
    page = Page(html)
    assert [element["data-help-topic"] for element in page.elements if element.tag == "section"] == KEYS
    assert page.one("h2", id="help-cannot_get_in-heading").text == title
    assert ("tel:00000001" in html) is not doctor


def test_the_topics_speak_the_requests_language() -> None:
    with translation.override("da"):
        assert topics()[1].title == "Der er intet billede"
