"""Tokens for API clients (OAuth 2.0, RFC 6749, section 4.4), and the keys and addresses that go with them."""

from __future__ import annotations

import base64
import binascii
from typing import Any
from urllib.parse import unquote_plus

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from vdx.accounts import callers
from vdx.accounts.errors import BadClient
from vdx.lib import clock, rate
from vdx.lib.errors import Throttled

FORM = "application/x-www-form-urlencoded"


@csrf_exempt
@require_POST
def token(request: HttpRequest) -> JsonResponse:
    """A token for a client's id and secret."""
    if request.content_type != FORM:
        return _refused("invalid_request", 400)
    client_id, secret, basic = _credentials(request)
    if request.POST.get("grant_type") is None or not client_id:
        return _refused("invalid_request" if client_id else "invalid_client", 400 if client_id else 401, basic=True)
    try:
        address = getattr(request, "client_address", "")
        # Before anything is compared or signed; by address too, so that nobody who knows an id uses up its calls.
        rate.count("oauth", f"{client_id} {address}", limit=settings.VDX_API_RATE)
        client = callers.api_client(client_id, secret, address=address)
    except Throttled as error:
        answer = _refused("temporarily_unavailable", 429)
        answer.headers["Retry-After"] = str(error.retry_after)
        return answer
    except BadClient:
        return _refused("invalid_client", 401, basic=basic)
    if request.POST["grant_type"] != "client_credentials":
        return _refused("unsupported_grant_type", 400)
    if request.POST.get("scope"):
        return _refused("invalid_scope", 400)
    body = {
        "access_token": callers.issue(client, now=clock.now()),
        "token_type": "Bearer",
        "expires_in": callers.TOKEN_SECONDS,
    }
    return JsonResponse(body, headers={"Cache-Control": "no-store", "Pragma": "no-cache"})


@require_GET
def keys(request: HttpRequest) -> JsonResponse:
    """The public keys of the hub's own tokens."""
    return JsonResponse(callers.public_keys(), headers={"Cache-Control": "public, max-age=300"})


@require_GET
def discovery(request: HttpRequest) -> JsonResponse:
    """Where things are (RFC 8414; under OpenID's address too, where most libraries look)."""
    base = settings.VDX_PUBLIC_URL
    body: dict[str, Any] = {
        "issuer": base,
        "token_endpoint": base + reverse("token"),
        "jwks_uri": base + reverse("token-keys"),
        "grant_types_supported": ["client_credentials"],
        "response_types_supported": [],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
    }
    return JsonResponse(body, headers={"Cache-Control": "public, max-age=300"})


def _credentials(request: HttpRequest) -> tuple[str, str, bool]:
    """Id, secret, and whether they came in the header (RFC 6749, 2.3.1)."""
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return request.POST.get("client_id", ""), request.POST.get("client_secret", ""), False
    try:
        client_id, _, secret = base64.b64decode(text, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", "", True
    return unquote_plus(client_id), unquote_plus(secret), True


def _refused(error: str, status: int, *, basic: bool = False) -> JsonResponse:
    answer = JsonResponse({"error": error}, status=status, headers={"Cache-Control": "no-store"})
    if status == 401 and basic:
        answer.headers["WWW-Authenticate"] = 'Basic realm="oauth"'
    return answer
