"""Receipts of the gateway for text messages (docs/operations.md)."""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from booking import services
from vdx.lib import clock

_REFUSED = {"WWW-Authenticate": 'Bearer, Basic realm="SMS"'}


@csrf_exempt
@require_POST
def sms(request: HttpRequest) -> HttpResponse:
    """One receipt, JSON or a form. What it says of a number is not looked at; without a token there is no such address.

    A message or a word that the hub does not know is no reason to send it again: 204 as well.
    """
    token: str = settings.VDX_SMS_RECEIPT_TOKEN
    if not token:
        raise Http404
    if not hmac.compare_digest(_shown(request.headers.get("Authorization", "")).encode(), token.encode()):
        return HttpResponse(status=401, headers=_REFUSED)
    try:
        told = json.loads(request.body) if request.content_type == "application/json" else request.POST
        key = _member(told, settings.VDX_SMS_RECEIPT_REFERENCE)
        word = _member(told, settings.VDX_SMS_RECEIPT_STATUS).casefold()
    except (ValueError, KeyError, RecursionError):
        return HttpResponse(status=400)
    arrived = word in {each.casefold() for each in settings.VDX_SMS_RECEIPT_DELIVERED}
    lost = word in {each.casefold() for each in settings.VDX_SMS_RECEIPT_FAILED}
    if arrived or lost:
        try:
            services.note_receipt(key=UUID(key), arrived=arrived, now=clock.now())
        except ValueError:
            # Somebody else's message, which the same gateway sends.
            pass
    return HttpResponse(status=204)


def _shown(header: str) -> str:
    """The token: as a bearer token, or as the password where a gateway knows only those."""
    scheme, _, text = header.partition(" ")
    if scheme.lower() == "bearer":
        return text.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(text.strip(), validate=True).decode().partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            return ""
    return ""


def _member(told: Any, path: str) -> str:
    """A member, with dots between the names of nested ones. Raises ``KeyError``."""
    for name in path.split("."):
        if not hasattr(told, "keys"):
            raise KeyError(name)
        told = told[name]
    return str(told)
