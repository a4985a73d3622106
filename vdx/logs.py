"""What may be written in a log, and the last line of defence against what may not.

The hub's own code logs ids and codes only. Libraries and tracebacks are not so careful, so every line passes
through :class:`SafeFormatter`, which masks whatever is shaped like personal data or a secret.
"""

from __future__ import annotations

import logging
import re
import sys
import time
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from vdx.lib import cpr, ids

MASK = "[…]"
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

_UUID = r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
_CODE = f"[{ids.ALPHABET}]"
# What the whole shape tells by itself. The order counts: the wider shapes come first.
_SHAPES = [
    # The values of a row that the database refused.
    (re.compile(r"(DETAIL:\s*).*"), rf"\g<1>{MASK}"),
    # Credentials in an address.
    (re.compile(r"(\w://)[^/\s@'\"]+@"), rf"\g<1>{MASK}@"),
    (re.compile(r"(/m/)[^\s/?#'\"<>]+"), rf"\g<1>{MASK}"),
    (re.compile(r"[^\s@<>\"'(),;:=]+@[^\s@<>\"'(),;:=]+\.\w{2,}"), MASK),
    (
        re.compile(
            r"(?i)\b((?:\w*_)?(?:password|passwd|secret|token|pin|authorization|cookie|sessionid|csrftoken)\b"
            r"['\"]?\s*[=:]\s*)(?:(?:Bearer|Basic)\s+)?['\"]?[^\s'\",;&]+"
        ),
        rf"\g<1>{MASK}",
    ),
    (re.compile(r"(?i)\b(?:Bearer|Basic)\s+[\w.~+/=-]{8,}"), MASK),
    (re.compile(r"(?i)\bMozilla/[^'\"\n]*"), MASK),
    (re.compile(r"(?i)\bcandidate:[^'\"\n]*"), MASK),
    (cpr.PATTERN, MASK),
    # Danish telephone numbers, with or without the country in front.
    (re.compile(r"\+\d[\d ]{7,16}\d\b"), MASK),
    (re.compile(r"(?<![\d.:,-])\d{2} ?\d{2} ?\d{2} ?\d{2}(?![\d.:-])"), MASK),
]
# A meeting's UUID may stand; a room's code, alone or in groups of four, may not, nor a token.
_WORDS = re.compile(
    # Thirty-two digits are also what web servers call a request.
    rf"(?P<uuid>{_UUID}|(?<=request-id=)[0-9a-f]{{32}}(?![\w-]))"
    rf"|(?<![\w-])(?P<code>{_CODE}{{12}}|{_CODE}{{4}}-{_CODE}{{4}}-{_CODE}{{4}})(?![\w-])"
    r"|(?<![\w-])(?P<token>[\w-]{32,})(?![\w-])"
)
_IPV4 = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])")
_IPV6 = re.compile(r"(?<![\w:.])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}(?![\w:])")


def mask(text: str) -> str:
    """The text without anything shaped like a code, token, address, telephone number or CPR number."""
    # First, since a code may have eight digits in a row, and would be half a code without its telephone number.
    text = _WORDS.sub(_word, text)
    for shape, replacement in _SHAPES:
        text = shape.sub(replacement, text)
    text = _IPV4.sub(_address, text)
    return _IPV6.sub(_address, text)


def _word(match: re.Match[str]) -> str:
    found = match.group()
    if match["uuid"]:
        return found
    if match["token"]:
        # Names in code are written in one case; random characters are not, and hexadecimal digits are few.
        random_case = found.lower() != found and found.upper() != found
        return MASK if random_case or re.fullmatch(r"[0-9a-f]+", found) else found
    return MASK


def _address(match: re.Match[str]) -> str:
    try:
        address = ip_address(match.group())
    except ValueError:
        return match.group()
    return match.group() if address.is_loopback or address.is_unspecified else MASK


class SafeFormatter(logging.Formatter):
    """A formatter in UTC whose finished line, traceback and all, has been through :func:`mask`."""

    converter = staticmethod(time.gmtime)
    default_msec_format = "%s.%03dZ"

    def format(self, record: logging.LogRecord) -> str:
        """The line as it is written."""
        return mask(super().format(record))


def route(request: HttpRequest) -> str:
    """The name of the route that a request met: what may be logged in place of its path."""
    match = getattr(request, "resolver_match", None)
    return match.view_name or "unnamed" if match else "none"


def request_id(request: HttpRequest) -> str:
    """What a proxy or record system calls this request, to stand behind a line; empty where it says nothing usable."""
    given = request.headers.get(settings.VDX_REQUEST_ID_HEADER, "")
    return f" request-id={given}" if _REQUEST_ID.fullmatch(given) else ""


def log_request_exception(sender: Any, request: HttpRequest | None = None, **kwargs: Any) -> None:
    """Report an unforeseen error in a page, with its traceback. Django's own report holds the path."""
    name, known_as = (route(request), request_id(request)) if request is not None else ("none", "")
    logging.getLogger("vdx.errors").error("unforeseen error in %s%s", name, known_as, exc_info=sys.exc_info())
