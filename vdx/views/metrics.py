"""The hub's numbers for Prometheus, for whoever has the token."""

from __future__ import annotations

import hmac

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from vdx.lib.metrics import CONTENT_TYPE, exposition


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """All of them. Without a token in the settings there is no such address."""
    token: str = settings.VDX_METRICS_TOKEN
    if not token:
        raise Http404
    scheme, _, shown = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not hmac.compare_digest(shown.strip().encode(), token.encode()):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    return HttpResponse(exposition(), content_type=CONTENT_TYPE)
