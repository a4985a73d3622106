"""An identity provider of the tests' own: it makes keys and tokens, and publishes the keys over HTTP."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm


def draw() -> rsa.RSAPrivateKey:
    """A key."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class IdentityProvider:
    """``with IdentityProvider() as idp``: ``idp.issuer`` is its address, ``idp.token(…)`` makes a token."""

    def __init__(self) -> None:
        self.keys = {"first": draw()}
        self.asked = 0
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path == "/.well-known/openid-configuration":
                    body: Any = {"issuer": provider.issuer, "jwks_uri": f"{provider.issuer}/keys"}
                elif self.path == "/keys":
                    provider.asked += 1
                    body = {"keys": [_public(kid, key) for kid, key in provider.keys.items()]}
                else:
                    self.send_error(404)
                    return
                text = json.dumps(body).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> IdentityProvider:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def token(
        self,
        organisation: str | None = None,
        email: str | None = None,
        roles: Any = (),
        *,
        kid: str | None = "first",
        key: Any = None,
        algorithm: str = "RS256",
        without: tuple[str, ...] = (),
        **claims: Any,
    ) -> str:
        """A token that is good for an hour, with what the contract's claims say; ``claims`` go before it all."""
        now = int(time.time())
        payload: dict[str, Any] = {"iss": self.issuer, "sub": str(uuid4()), "iat": now, "exp": now + 3600}
        if organisation is not None:
            payload["organisation_id"] = organisation
        if email is not None:
            payload["email"] = email
        if roles is not None:
            payload["userrole"] = list(roles) if isinstance(roles, tuple) else roles
        payload |= claims
        for name in without:
            payload.pop(name, None)
        headers = {"kid": kid} if kid else None
        return jwt.encode(payload, key or self.keys[kid or "first"], algorithm=algorithm, headers=headers)


def _public(kid: str, key: rsa.RSAPrivateKey) -> dict[str, Any]:
    found = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return {"kty": found["kty"], "n": found["n"], "e": found["e"], "kid": kid, "use": "sig", "alg": "RS256"}
