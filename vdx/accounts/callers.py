"""Who calls an API: from the bearer token to an organisation, an e-mail and roles.

Two issuers are believed: the one that ``VDX_API_ISSUER`` names, and the hub itself, which gives tokens to the clients
that MedCom has made.
"""

from __future__ import annotations

import base64
import hmac
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import jwt
from django.conf import settings
from django.db import IntegrityError, transaction

from vdx.accounts.enums import ApiRole
from vdx.accounts.errors import BadClient
from vdx.accounts.models import ApiClient, Organisation
from vdx.accounts.rules import callers as rules
from vdx.accounts.rules.callers import ClaimNames, Claims
from vdx.accounts.services.api_clients import secret_digest
from vdx.accounts.services.organisations import create_organisation
from vdx.lib import clock, ids, throttle
from vdx.lib.errors import InvalidInput
from vdx.lib.jwks import ALGORITHMS, KeysOutOfReach, RemoteKeys
from vdx.lib.keyring import ALGORITHM, Keyring
from vdx.lib.net import is_trusted_proxy
from vdx.lib.rest.refusals import NotKnown, NoToken

if TYPE_CHECKING:
    from collections.abc import Sequence

TOKEN_SECONDS = 3600
_LONGEST_TOKEN = 16_384


@dataclass(frozen=True)
class Caller:
    """Who calls, as the rules of an API see it. A mere provisioner may be without organisation and e-mail."""

    organisation: Organisation | None
    email: str
    roles: tuple[str, ...]

    def has(self, *roles: ApiRole) -> bool:
        """Whether the caller holds one of the roles."""
        return any(role in self.roles for role in roles)

    @property
    def only_user(self) -> bool:
        """Whether the caller is a user and nothing else; an unknown role counts as something else."""
        return self.roles == (ApiRole.USER,)


@dataclass(frozen=True)
class Token:
    """What a good token says, and for one of the hub's own whose it is."""

    claims: Claims
    client: ApiClient | None = None


def names() -> ClaimNames:
    """The names of the claims, as the settings have them."""
    return ClaimNames(
        organisation=settings.VDX_API_CLAIM_ORGANISATION,
        email=settings.VDX_API_CLAIM_EMAIL,
        roles=settings.VDX_API_CLAIM_ROLES,
        auto_create=settings.VDX_API_CLAIM_AUTO_CREATE_ORGANISATION,
    )


@cache
def keyring() -> Keyring:
    """The hub's own keys."""
    return Keyring(folder=settings.VAR_DIR / "api-keys", files=settings.VDX_API_KEY_FILES)


@cache
def _remote(issuer: str, url: str) -> RemoteKeys:
    return RemoteKeys(issuer=issuer, url=url)


def token_of(header: str) -> Token:
    """What an ``Authorization`` header says. Raises :class:`NoToken`."""
    scheme, _, text = header.partition(" ")
    if scheme.lower() != "bearer":
        raise NoToken(given=False)
    text = text.strip()
    if not text or len(text) > _LONGEST_TOKEN:
        raise NoToken(given=True)
    try:
        payload, own = _verified(text)
    except (jwt.PyJWTError, KeysOutOfReach, ValueError):
        raise NoToken(given=True) from None
    claims = rules.read(payload, names())
    if not own:
        return Token(claims)
    client = ApiClient.objects.select_related("organisation").filter(client_id=payload["sub"]).first()
    if client is None or client.revoked_at is not None:
        raise NoToken(given=True)
    return Token(claims, client)


def session_of(header: str, secret: str, peer: str) -> Token:
    """What v1's session data says, from a proxy that is believed. Raises :class:`NoToken`."""
    right = hmac.compare_digest(secret.encode(), settings.VDX_API_V1_SECRET.encode())
    if not right or not is_trusted_proxy(peer, settings.VDX_API_V1_PROXIES):
        raise NoToken(given=bool(secret))
    aliases = {name: role for name, _, role in (pair.rpartition("=") for pair in settings.VDX_API_V1_ROLES)}
    try:
        data = json.loads(base64.b64decode(header, validate=True))
        return Token(
            rules.read_session(
                data,
                names(),
                aliases,
                known=ApiRole.values,
                provisioner=(ApiRole.PROVISIONER, ApiRole.PROVISIONER_USER),
            )
        )
    except (ValueError, RecursionError):
        raise NoToken(given=bool(header)) from None


def admit(token: Token) -> Caller:
    """The caller behind a token. Raises :class:`NotKnown`.

    Where the token names a parent, an organisation that is not here yet is made below it (contract, section 5.3).
    """
    client = token.client
    if client is not None:
        # As the client is now: what MedCom takes from it counts at once.
        return Caller(client.organisation, client.email, tuple(client.roles))
    claims = token.claims
    organisation = None
    if claims.organisation:
        organisation = Organisation.objects.filter(code=claims.organisation).first()
        if organisation is None and claims.auto_create:
            organisation = _made(claims.organisation, claims.auto_create)
        if organisation is None:
            raise NotKnown(403)
    if not rules.says_enough(
        claims.roles, organisation=claims.organisation, email=claims.email, provisioner=ApiRole.PROVISIONER
    ):
        raise NotKnown(401)
    return Caller(organisation, claims.email, claims.roles)


def issue(client: ApiClient, *, now: datetime) -> str:
    """A token of the hub's own for one of its clients."""
    key = keyring().signing(now)
    claim = names()
    payload: dict[str, Any] = {
        "iss": settings.VDX_PUBLIC_URL,
        "sub": client.client_id,
        "client_id": client.client_id,
        "jti": ids.token(),
        "iat": int(now.timestamp()),
        "exp": int((now + timedelta(seconds=TOKEN_SECONDS)).timestamp()),
        claim.roles: client.roles,
    }
    if client.organisation is not None:
        payload |= {claim.organisation: client.organisation.code, claim.email: client.email}
    return jwt.encode(payload, key.private, algorithm=ALGORITHM, headers={"kid": key.kid})


def api_client(client_id: str, secret: str, *, address: str) -> ApiClient:
    """The client of that id and secret. Raises ``Throttled`` before comparing, and :class:`BadClient`."""
    attempt = throttle.attempt("api-client", (client_id, address), free=20, ceiling=60)
    found = ApiClient.objects.select_related("organisation").filter(client_id=client_id).first()
    known = found.secret_digest if found is not None else ""
    same = hmac.compare_digest(known.encode(), secret_digest(secret).encode())
    if found is None or not same or found.revoked_at is not None:
        raise BadClient
    attempt.take_back()
    return found


def public_keys() -> dict[str, Any]:
    """The JWKS document of the hub's own tokens."""
    return keyring().public()


def may_call_from(origin: str) -> bool:
    """Whether a page of that origin may call at all: the setting's, the hub's own, and every client's own."""
    if origin in settings.VDX_API_ALLOWED_ORIGINS or origin == settings.VDX_PUBLIC_URL:
        return True
    clients = ApiClient.objects.filter(revoked_at__isnull=True).values_list("allowed_origins", flat=True)
    return any(origin in origins for origins in clients)


def check_origin(token: Token, origin: str, host: str) -> None:
    """Refuse a client's token from a page that is neither the setting's, nor its own, nor on this very ``host``.

    Raises :class:`NotKnown`.
    """
    if not origin or token.client is None or urlsplit(origin).netloc.lower() == host.lower():
        return
    own: Sequence[str] = token.client.allowed_origins
    if origin not in own and origin not in settings.VDX_API_ALLOWED_ORIGINS and origin != settings.VDX_PUBLIC_URL:
        raise NotKnown(403)


def _verified(text: str) -> tuple[dict[str, Any], bool]:
    """The payload, and whether the token is ours. Raises ``PyJWTError``, :class:`KeysOutOfReach`, ``ValueError``."""
    header = jwt.get_unverified_header(text)
    claimed = jwt.decode(text, options={"verify_signature": False})
    issuer, kid = claimed.get("iss"), header.get("kid")
    if issuer == settings.VDX_PUBLIC_URL:
        own = keyring().find(kid)
        if own is None:
            raise jwt.InvalidKeyError
        return _checked(text, own.private.public_key(), [ALGORITHM], issuer), True
    if not settings.VDX_API_ISSUER or issuer != settings.VDX_API_ISSUER:
        raise jwt.InvalidIssuerError
    key = _remote(settings.VDX_API_ISSUER, settings.VDX_API_JWKS_URL).key(kid)
    if key is None or key.algorithm_name not in ALGORITHMS:
        raise jwt.InvalidKeyError
    # The key says what it is for: a token cannot choose another way to be checked.
    return _checked(text, key.key, [key.algorithm_name], issuer), False


def _checked(text: str, key: Any, algorithms: list[str], issuer: str) -> dict[str, Any]:
    payload: dict[str, Any] = jwt.decode(
        text,
        key,
        algorithms=algorithms,
        issuer=issuer,
        leeway=0,
        # A token from a clock that is a little ahead is no forgery; `nbf` says from when it is good.
        options={"require": ["exp", "iss"], "verify_aud": False, "verify_iat": False, "verify_sub": False},
    )
    made, until = payload.get("iat"), payload["exp"]
    if isinstance(made, int | float) and until <= made:
        raise jwt.ExpiredSignatureError
    if clock.now().timestamp() >= float(until):
        raise jwt.ExpiredSignatureError
    return payload


def _made(code: str, parent_code: str) -> Organisation | None:
    parent = Organisation.objects.filter(code=parent_code).first()
    if parent is None:
        return None
    try:
        with transaction.atomic():
            return create_organisation(code=code, name=code[:100], kind="", parent=parent, actor=None)
    except (InvalidInput, IntegrityError):
        # Another call of the same organisation made it meanwhile, or the code cannot be one.
        return Organisation.objects.filter(code=code).first()
