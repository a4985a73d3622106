"""Requests as a browser or a record system makes them: cookies are kept, and nothing is followed unasked."""

from __future__ import annotations

import asyncio
import http.client
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import urlencode, urlsplit

from vdx.lib import probe

_MOST_OCTETS = 1_000_000


class NoAnswer(Exception):
    """Nobody answered."""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    body: bytes
    location: str = ""

    def json(self) -> Any:
        """The body as JSON. Raises ``ValueError``."""
        return json.loads(self.body)


@dataclass
class Browser:
    """Somebody who asks, with cookies of their own. ``seconds``: how long a request may wait for its answer."""

    base: str
    seconds: float
    origin: str
    cookies: dict[str, str] = field(default_factory=dict)

    async def get(self, path: str, *, headers: Mapping[str, str] | None = None) -> Answer:
        """Ask for a page. ``path`` may be a whole address as well. Raises :class:`NoAnswer`."""
        return await asyncio.to_thread(self._call, "GET", path, None, dict(headers or {}))

    async def post(
        self, path: str, *, body: Any = None, form: Mapping[str, str] | None = None, headers: Mapping[str, str]
    ) -> Answer:
        """Send JSON, or a form. Raises :class:`NoAnswer`."""
        return await asyncio.to_thread(self._call, "POST", path, _sent(body, form), _typed(form, headers))

    async def patch(self, path: str, *, body: Any, headers: Mapping[str, str]) -> Answer:
        """Change by JSON. Raises :class:`NoAnswer`."""
        return await asyncio.to_thread(self._call, "PATCH", path, _sent(body, None), _typed(None, headers))

    def page_headers(self) -> dict[str, str]:
        """What a page of the hub sends along with what it posts."""
        return {"Origin": self.origin, "Referer": f"{self.origin}/", "X-CSRFToken": self.cookies.get("csrftoken", "")}

    def cookie_header(self) -> str:
        """All cookies in a line."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def _call(self, method: str, path: str, data: bytes | None, headers: dict[str, str]) -> Answer:
        url = urlsplit(path if "://" in path else self.base + path)
        made: http.client.HTTPConnection
        if url.scheme == "https":
            made = http.client.HTTPSConnection(
                url.hostname or "", url.port, timeout=self.seconds, context=ssl.create_default_context()
            )
        else:
            made = http.client.HTTPConnection(url.hostname or "", url.port, timeout=self.seconds)
        headers.setdefault("User-Agent", probe.AGENT)
        if self.cookies:
            headers["Cookie"] = self.cookie_header()
        try:
            target = (url.path or "/") + (f"?{url.query}" if url.query else "")
            made.request(method, target, data, headers)
            answer = made.getresponse()
            body = answer.read(_MOST_OCTETS)
        except (OSError, http.client.HTTPException) as error:
            raise NoAnswer(type(error).__name__) from None
        finally:
            made.close()
        self._keep(answer.headers.get_all("Set-Cookie") or [])
        return Answer(answer.status, body, answer.headers.get("Location", ""))

    def _keep(self, lines: list[str]) -> None:
        for line in lines:
            found = SimpleCookie()
            try:
                found.load(line)
            except CookieError:
                continue
            self.cookies |= {name: morsel.value for name, morsel in found.items()}


def _sent(body: Any, form: Mapping[str, str] | None) -> bytes | None:
    if form is not None:
        return urlencode(form).encode()
    return None if body is None else json.dumps(body).encode()


def _typed(form: Mapping[str, str] | None, headers: Mapping[str, str]) -> dict[str, str]:
    kind = "application/json" if form is None else "application/x-www-form-urlencoded"
    return {"Content-Type": kind, **headers}
