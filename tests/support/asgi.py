"""A request to the hub as a whole, as the web server gives it: static files in front, then the pages."""

from __future__ import annotations

from dataclasses import dataclass

from asgiref.testing import ApplicationCommunicator

from vdx.asgi import application
from vdx.static_files import Application


@dataclass
class Answer:
    """What came back; names of headers in small letters."""

    status: int
    headers: dict[str, str]
    body: bytes


async def asked(path: str, method: str = "GET", *, through: Application = application, **headers: str) -> Answer:
    """The answer to one request. Headers as keywords, with ``_`` for ``-``."""
    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"host", b"localhost:8000"), *named],
        "client": ("192.0.2.1", 40000),
        "server": ("127.0.0.1", 8000),
    }
    browser = ApplicationCommunicator(through, scope)
    await browser.send_input({"type": "http.request", "body": b"", "more_body": False})
    start = await browser.receive_output(10)
    body, more = b"", True
    while more:
        part = await browser.receive_output(10)
        body, more = body + part.get("body", b""), part.get("more_body", False)
    await browser.wait(10)
    return Answer(start["status"], {name.decode().lower(): value.decode() for name, value in start["headers"]}, body)
