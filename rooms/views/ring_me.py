"""Ring mig op, når lægen er klar: where the waiting patient's browser may be rung, and what rings there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import translation
from django.views.decorators.http import require_POST, require_safe

from rooms import access, services
from rooms.errors import BadPushAddress, KnockAgain
from rooms.models import Room
from rooms.views.door import at_the_door
from rooms.views.visitor import Visitor
from vdx.lib import clock
from vdx.lib.webpush import Address

# A push service's address may be long.
_BODY_BYTES = 4000
_WORKER = Path(settings.BASE_DIR) / "static" / "js" / "worker" / "ring.js"
# The worker reaches the rooms' pages and nothing else of the hub.
WORKER_SCOPE = "/m/"


@require_POST
@at_the_door
def ring_me(request: HttpRequest, room: Room, visitor: Visitor) -> HttpResponse:
    """Note or forget where this browser's waiting seat is rung.

    Body: ``{"subscription": {"endpoint", "keys": {"p256dh", "auth"}}}``, or null in its place to take it back;
    answer: ``{"asked"}``.
    """
    seat = access.seat_for(room, request.COOKIES.get(access.SEAT_COOKIE))
    if seat is None:
        raise KnockAgain
    subscription = _subscription(request)
    if subscription is None:
        services.do_not_ring(seat_id=seat.pk)
    else:
        language = translation.get_language() or settings.LANGUAGE_CODE
        services.ask_to_be_rung(seat_id=seat.pk, address=_address(subscription), language=language, now=clock.now())
    return JsonResponse({"asked": subscription is not None})


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The script that shows the notification while the page sleeps (Service Workers, W3C). It fetches nothing."""
    response = HttpResponse(_WORKER.read_bytes(), content_type="text/javascript; charset=utf-8")
    response.headers["Service-Worker-Allowed"] = WORKER_SCOPE
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Content-Security-Policy"] = "default-src 'none'"
    return response


def _subscription(request: HttpRequest) -> dict[str, Any] | None:
    if len(request.body) > _BODY_BYTES:
        raise BadPushAddress
    try:
        body = json.loads(request.body)
        subscription = body["subscription"]
    except (ValueError, RecursionError, KeyError, TypeError):
        raise BadPushAddress from None
    if subscription is not None and not isinstance(subscription, dict):
        raise BadPushAddress
    return subscription


def _address(subscription: dict[str, Any]) -> Address:
    keys = subscription.get("keys")
    found = (subscription.get("endpoint"), *((keys.get("p256dh"), keys.get("auth")) if isinstance(keys, dict) else ()))
    texts = [text for text in found if isinstance(text, str)]
    if len(texts) != 3:
        raise BadPushAddress
    return Address(*texts)
