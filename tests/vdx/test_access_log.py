"""One line a request, without anything that tells who it was or where they went."""

from __future__ import annotations

import logging

import pytest
from django.test import Client

from vdx.logs import MASK, SafeFormatter

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.support.pages")]


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage().rsplit(" ", 2)[0] for record in caplog.records if record.name == "vdx.access"]


def test_a_line_names_the_route_and_not_the_path(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        client.get(
            "/test/refuse/conflict?navn=Bodil",
            REMOTE_ADDR="203.0.113.5",
            headers={"User-Agent": "Mozilla/5.0 (Bodils telefon)"},
        )
    assert lines(caplog) == ["GET refuse 409"]
    for secret in ("conflict?", "Bodil", "203.0.113.5", "Mozilla"):
        assert secret not in caplog.text


def test_an_address_that_leads_nowhere_is_not_repeated(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        client.get("/findes/ikke/7k3m9p2qx4rt")
    assert lines(caplog) == ["GET none 404"]
    assert "7k3m9p2qx4rt" not in caplog.text


def test_a_method_that_nobody_knows_is_not_repeated(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        client.generic("BODIL", "/test/hello")
    assert lines(caplog) == ["OTHER hello 200"]


def test_an_unforeseen_error_is_reported_by_route_with_its_traceback(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    client.raise_request_exception = False
    with caplog.at_level(logging.INFO):
        response = client.get("/test/broken")
    assert response.status_code == 500
    [report] = [record for record in caplog.records if record.name == "vdx.errors"]
    assert report.getMessage() == "unforeseen error in broken"
    assert report.exc_info is not None
    assert report.exc_info[0] is RuntimeError
    assert lines(caplog) == ["GET broken 500"]


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("f47ac10b-58cc-4372-a567-0e02b2c3d479", "f47ac10b-58cc-4372-a567-0e02b2c3d479"),
        ("0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdef"),
        ("journal-4711", "journal-4711"),
        ("010190-1234", MASK),
        ("7k3m9p2qx4rt", MASK),
    ],
)
def test_the_requests_id_stands_behind_the_line(
    client: Client, caplog: pytest.LogCaptureFixture, given: str, written: str
) -> None:
    with caplog.at_level(logging.INFO):
        client.get("/test/hello", headers={"X-Request-ID": given})
    [record] = [record for record in caplog.records if record.name == "vdx.access"]
    assert SafeFormatter("{message}", style="{").format(record).endswith(f" ms request-id={written}")


@pytest.mark.parametrize("given", ["", "a b", "x" * 65, "a\u00e6", "a=b&pin=1234"])
def test_what_is_no_id_is_left_out(client: Client, caplog: pytest.LogCaptureFixture, given: str) -> None:
    with caplog.at_level(logging.INFO):
        client.get("/test/hello", headers={"X-Request-ID": given})
    assert "request-id" not in caplog.text


def test_an_unforeseen_error_has_it_too(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    client.raise_request_exception = False
    with caplog.at_level(logging.INFO):
        client.get("/test/broken", headers={"X-Request-ID": "journal-4711"})
    assert "unforeseen error in broken request-id=journal-4711" in caplog.text
