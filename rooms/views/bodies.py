"""What pages post as JSON."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest

from vdx.lib.errors import InvalidInput

_MOST_BYTES = 2000


def read_body(request: HttpRequest) -> dict[str, Any]:
    """The object in the request's body; empty where there is none. Raises :class:`InvalidInput`."""
    if len(request.body) > _MOST_BYTES:
        raise InvalidInput
    try:
        body = json.loads(request.body or b"{}")
    except (ValueError, RecursionError):
        raise InvalidInput from None
    if not isinstance(body, dict):
        raise InvalidInput
    return body
