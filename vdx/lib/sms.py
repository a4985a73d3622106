"""Text messages, through whatever gateway the operator has.

Two providers: an HTTP gateway, described by settings, and one that only says that a message would have gone, for
machines without a gateway. Which it is stands in ``VDX_SMS_URL``. A number is in E.164 (``+4512345678``), and is in no
log and no exception.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping
from typing import Protocol
from urllib.parse import quote_plus

from django.conf import settings

from vdx.lib import outgoing

log = logging.getLogger(__name__)

_PLACEHOLDER = re.compile(r"__(to|from|text|key)__")


class SmsFailed(Exception):
    """The message was not taken. ``permanent`` says that trying again cannot help; ``reason`` names nobody."""

    def __init__(self, reason: str, *, permanent: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent


class Provider(Protocol):
    """Somebody who takes text messages."""

    def send(self, *, to: str, text: str, sender: str, key: str) -> None:
        """Hand a message over. The same ``key`` again is the same message. Raises :class:`SmsFailed`."""


class ConsoleProvider:
    """Says in the log that a message would have gone, and how long it was."""

    def send(self, *, to: str, text: str, sender: str, key: str) -> None:
        """Take everything."""
        log.info("no SMS gateway is set up: a message of %d characters would have been sent", len(text))


class HttpGateway:
    """A gateway that takes one message a POST.

    ``template`` is the body, JSON or a form, with ``__to__``, ``__from__``, ``__text__`` and ``__key__`` where the
    values belong. The key also goes as ``Idempotency-Key``, so that the gateway knows a message that it has had.
    """

    def __init__(self, *, url: str, template: str, authorization: str) -> None:
        self._url = url
        self._template = template
        self._authorization = authorization

    def send(self, *, to: str, text: str, sender: str, key: str) -> None:
        """Post it. What the gateway refuses with 400, 404, 410 or 422 is refused for good."""
        body, kind = filled(self._template, {"to": to, "from": sender, "text": text, "key": key})
        headers = {"Content-Type": kind, "Accept": "application/json", "Idempotency-Key": key}
        if self._authorization:
            headers["Authorization"] = self._authorization
        try:
            # The operator's own choice, often in the same house.
            status = outgoing.post(self._url, body, headers, allow_private=True)
        except outgoing.CallFailed as error:
            raise SmsFailed(error.reason, permanent=False) from None
        if not 200 <= status < 300:
            raise SmsFailed(f"status {status}", permanent=status in {400, 404, 410, 422})


def filled(template: str, values: Mapping[str, str]) -> tuple[bytes, str]:
    """The body and its media type: JSON where the template begins like it, else a form."""
    is_json = template.lstrip().startswith(("{", "["))

    def value(found: re.Match[str]) -> str:
        return json.dumps(values[found[1]])[1:-1] if is_json else quote_plus(values[found[1]])

    return _PLACEHOLDER.sub(
        value, template
    ).encode(), "application/json" if is_json else "application/x-www-form-urlencoded"


def provider() -> Provider | None:
    """Who takes the hub's text messages; None: nobody, and SMS is not offered."""
    if settings.VDX_SMS_URL:
        return HttpGateway(
            url=settings.VDX_SMS_URL,
            template=settings.VDX_SMS_TEMPLATE,
            authorization=settings.VDX_SMS_AUTHORIZATION,
        )
    return ConsoleProvider() if settings.VDX_EMBEDDED else None
