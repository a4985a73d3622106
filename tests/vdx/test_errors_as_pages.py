"""Refusals from the core, as a page for people and JSON for programs."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.support.pages")]

KINDS = [
    ("invalid", 400, "invalid_input"),
    ("forbidden", 403, "not_allowed"),
    ("missing", 404, "not_found"),
    ("conflict", 409, "conflict"),
    ("gone", 410, "gone"),
    ("throttled", 429, "throttled"),
]


@pytest.mark.parametrize(("kind", "status", "code"), KINDS)
def test_a_person_gets_a_page_in_danish(client: Client, kind: str, status: int, code: str) -> None:
    response = client.get(f"/test/refuse/{kind}", headers={"Accept": "text/html,*/*;q=0.8"})
    assert response.status_code == status
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert '<html lang="da"' in response.content.decode()


@pytest.mark.parametrize(("kind", "status", "code"), KINDS)
def test_a_program_gets_a_stable_code(client: Client, kind: str, status: int, code: str) -> None:
    response = client.get(f"/test/refuse/{kind}", headers={"Accept": "application/json"})
    assert (response.status_code, response.json()["error"]) == (status, code)
    assert set(response.json()) == {"error", "message"}


def test_who_must_wait_is_told_how_long(client: Client) -> None:
    assert client.get("/test/refuse/throttled").headers["Retry-After"] == "7"
    assert "Retry-After" not in client.get("/test/refuse/conflict").headers


def test_a_page_that_is_not_there_is_explained(client: Client) -> None:
    response = client.get("/findes/ikke/7k3m9p2qx4rt")
    assert response.status_code == 404
    assert "<title>Siden findes ikke – VDX</title>" in response.content.decode()


def test_djangos_own_refusal_looks_like_ours(client: Client) -> None:
    response = client.get("/test/forbidden")
    assert response.status_code == 403
    assert "Det har du ikke adgang til." in response.content.decode()


def test_a_form_from_an_old_page_is_explained() -> None:
    response = Client(enforce_csrf_checks=True).post("/sprog", {"language": "en"})
    assert response.status_code == 403
    assert "hent siden igen" in response.content.decode()


@pytest.mark.parametrize(("accept", "words"), [("text/html", "hos os</h1>"), ("application/json", "server_error")])
def test_an_unforeseen_error_says_nothing_about_itself(client: Client, accept: str, words: str) -> None:
    client.raise_request_exception = False
    response = client.get("/test/broken", headers={"Accept": accept})
    assert response.status_code == 500
    assert response.headers["Content-Type"].startswith(accept)
    assert "7k3m9p2qx4rt" not in response.content.decode()
    assert "RuntimeError" not in response.content.decode()
    assert words in response.content.decode()


def test_a_host_name_that_is_not_ours_is_refused(client: Client) -> None:
    assert client.get("/test/hello", headers={"Host": "evil.example"}).status_code == 400
