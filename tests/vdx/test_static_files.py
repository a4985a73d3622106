"""Static files come before everything else, and through what every answer goes through."""

from __future__ import annotations

import logging

import pytest

from tests.support.asgi import asked
from vdx.asgi import pages
from vdx.static_files import StaticFiles

pytestmark = pytest.mark.django_db(transaction=True)

SHEET = "/static/css/tokens.css"


async def test_a_file_is_given_with_its_kind_and_the_headers_of_every_answer(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="vdx.access"):
        answer = await asked(SHEET)
    assert answer.status == 200
    assert b"--petrol" in answer.body
    assert int(answer.headers["content-length"]) == len(answer.body)
    assert answer.headers["content-type"] == 'text/css; charset="utf-8"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert "set-cookie" not in answer.headers
    [line] = [record.getMessage() for record in caplog.records if record.name == "vdx.access"]
    assert line.startswith("GET static 200 ")


async def test_what_the_browser_has_already_is_not_sent_again() -> None:
    first = await asked(SHEET)
    again = await asked(SHEET, if_modified_since=first.headers["last-modified"])
    assert (again.status, again.body) == (304, b"")
    head = await asked(SHEET, "HEAD")
    assert (head.status, head.body, head.headers["content-length"]) == (200, b"", first.headers["content-length"])


@pytest.mark.parametrize(
    "path", ["/static/css/nowhere.css", "/static/", "/static/../manage.py", "/static/css/../../manage.py"]
)
async def test_what_is_no_file_is_the_hubs_own_page_that_says_so(path: str) -> None:
    answer = await asked(path)
    assert answer.status == 404
    assert b"<html" in answer.body
    assert "content-security-policy" in answer.headers


async def test_nothing_is_posted_to_a_file() -> None:
    assert (await asked(SHEET, "POST")).status in (403, 404)


async def test_behind_https_a_plain_request_is_sent_on_to_https(settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.VDX_TRUSTED_PROXIES = ["192.0.2.1"]
    # Whether https is asked for is read once, when the hub starts.
    hub = StaticFiles(pages)
    plain = await asked(SHEET, through=hub)
    assert (plain.status, plain.headers["location"]) == (301, f"https://localhost:8000{SHEET}")
    assert (await asked(SHEET, through=hub, x_forwarded_proto="https")).status == 200
