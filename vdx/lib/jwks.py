"""Another's public keys (JWKS, RFC 7517): fetched, kept for a while, and fetched anew when a token names a new one.

While the other side cannot be reached, the keys that are known go on being good for a day.
"""

from __future__ import annotations

import json
import logging
import threading
import time
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urlsplit

import jwt

log = logging.getLogger(__name__)

# Nothing symmetric, and never "none": whoever knows a public key could sign with it.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
FRESH_SECONDS = 300.0
# Tokens with key ids out of the blue make us ask no more often than this.
ASK_AGAIN_SECONDS = 10.0
STALE_SECONDS = 86_400.0
TIMEOUT_SECONDS = 5.0
_MOST_BYTES = 1_000_000


class KeysOutOfReach(Exception):
    """No keys are known, and the other side does not give any."""


class RemoteKeys:
    """The keys of an issuer. Without ``url`` its discovery document says where they are (OpenID Discovery, 4)."""

    def __init__(self, *, issuer: str, url: str = "") -> None:
        self._issuer = issuer
        self._url = url
        self._lock = threading.Lock()
        self._keys: dict[str | None, jwt.PyJWK] = {}
        self._fetched = float("-inf")
        self._asked = float("-inf")

    def key(self, kid: str | None) -> jwt.PyJWK | None:
        """The key of that id; without an id the only one there is. Raises :class:`KeysOutOfReach`."""
        now = time.monotonic()
        missing = self._find(kid) is None
        wanted = missing or now - self._fetched > FRESH_SECONDS
        # Who has a key that is merely old does not wait for somebody else's question.
        if wanted and self._lock.acquire(blocking=missing):
            try:
                if time.monotonic() - max(self._asked, self._fetched) >= ASK_AGAIN_SECONDS:
                    self._ask()
            finally:
                self._lock.release()
        if time.monotonic() - self._fetched > STALE_SECONDS:
            raise KeysOutOfReach
        return self._find(kid)

    def _find(self, kid: str | None) -> jwt.PyJWK | None:
        keys = self._keys
        if kid is None and len(keys) == 1:
            return next(iter(keys.values()))
        return keys.get(kid)

    def _ask(self) -> None:
        self._asked = time.monotonic()
        try:
            url = self._url or str(_get(f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")["jwks_uri"])
            found = jwt.PyJWKSet.from_dict(_get(url)).keys
        except (OSError, ValueError, KeyError, TypeError, jwt.PyJWTError) as error:
            log.warning("the keys of the API's issuer could not be fetched: %s", type(error).__name__)
            return
        self._keys = {key.key_id: key for key in found if key.public_key_use in {None, "sig"}}
        self._fetched = time.monotonic()


def _get(url: str) -> dict[str, Any]:
    if urlsplit(url).scheme not in {"https", "http"}:
        raise ValueError("not a web address")
    request = urllib.request.Request(url, headers={"Accept": "application/json"})  # noqa: S310  # looked at above
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as response:  # noqa: S310
        found = json.loads(response.read(_MOST_BYTES))
    if not isinstance(found, dict):
        raise ValueError("not an object")
    return found
