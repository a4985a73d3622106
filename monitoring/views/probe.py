"""Where the hub's worker delivers what the probe waits for, and where the probe asks whether it has come."""

from __future__ import annotations

import json
from uuid import UUID

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from monitoring.rules.delivery import is_genuine
from vdx.lib import clock, probe

# The probe gives up long before.
KEPT_SECONDS = 300
_MOST_OCTETS = 65_536


@csrf_exempt
@require_POST
def inbox(request: HttpRequest) -> HttpResponse:
    """Take a delivery, if the hub itself has signed it. Nothing of it is kept but that it came, for five minutes."""
    body = request.body[: _MOST_OCTETS + 1]
    genuine = len(body) <= _MOST_OCTETS and is_genuine(
        secret=probe.webhook_secret(),
        timestamp=request.headers.get("X-VDX-Timestamp", ""),
        signature=request.headers.get("X-VDX-Signature", ""),
        body=body,
        now=clock.now().timestamp(),
    )
    if not genuine:
        return HttpResponse(status=403)
    meeting = UUID(json.loads(body)["meeting"]["uuid"])
    cache.set(_key(meeting), 1, KEPT_SECONDS)
    return HttpResponse(status=204)


@never_cache
@require_GET
def arrived(request: HttpRequest, meeting: UUID) -> JsonResponse:
    """Whether word of a meeting has come: yes or no, and nothing else, to whoever knows the meeting."""
    return JsonResponse({"arrived": cache.get(_key(meeting)) is not None})


def _key(meeting: UUID) -> str:
    return f"probe:arrived:{meeting.hex}"
