"""Calls over HTTP, as a record system makes them: nothing is followed, added or understood on the way."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit


@dataclass(frozen=True)
class Answer:
    """What came back. Header names are in small letters."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """The contract's code of a refusal; empty where there is none."""
        return str(self.json().get("detailed_error_code", "")) if self.body else ""


def call(
    url: str,
    method: str = "GET",
    *,
    body: Any = None,
    raw: bytes | None = None,
    form: dict[str, str] | None = None,
    headers: dict[str, str] | None = None,
) -> Answer:
    """One request on a connection of its own."""
    parts = urlsplit(url)
    sent = dict(headers or {})
    data = raw
    if body is not None:
        data = json.dumps(body).encode()
        sent.setdefault("Content-Type", "application/json")
    if form is not None:
        data = urlencode(form).encode()
        sent.setdefault("Content-Type", "application/x-www-form-urlencoded")
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request(method, path, data, sent)
        response = connection.getresponse()
        return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, response.read())
    finally:
        connection.close()


@dataclass(frozen=True)
class Client:
    """A record system with a token: ``client.get("meetings", label="x")``, ``client.post("meetings", {…})``."""

    base: str
    token: str

    def call(self, method: str, path: str, body: Any = None, *, headers: dict[str, str] | None = None, **query: Any):
        """A request below ``/videoapi/v2/``; query parameters with a dash are written with an underscore."""
        address = f"{self.base}/videoapi/v2/{path}"
        if query:
            address += "?" + urlencode({name.replace("_", "-"): value for name, value in query.items()})
        usual = {"Authorization": f"Bearer {self.token}", "Accept": "application/hal+json"}
        return call(address, method, body=body, headers={**usual, **(headers or {})})

    def get(self, path: str, **query: Any) -> Answer:
        """Read."""
        return self.call("GET", path, **query)

    def post(self, path: str, body: Any) -> Answer:
        """Make."""
        return self.call("POST", path, body)

    def put(self, path: str, body: Any) -> Answer:
        """Replace."""
        return self.call("PUT", path, body)

    def patch(self, path: str, body: Any) -> Answer:
        """Change."""
        return self.call("PATCH", path, body)

    def delete(self, path: str) -> Answer:
        """Delete."""
        return self.call("DELETE", path)
