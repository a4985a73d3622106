"""What a token says about who calls an API (contract, section 2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# The longest e-mail of a meeting user.
EMAIL_MOST = 100


@dataclass(frozen=True)
class ClaimNames:
    """Under which names an issuer writes the four things that count."""

    organisation: str
    email: str
    roles: str
    auto_create: str


@dataclass(frozen=True)
class Claims:
    """What a good token says. ``client`` is whom the calls are counted for; empty texts stand for what is missing."""

    client: str
    organisation: str
    email: str
    roles: tuple[str, ...]
    auto_create: str


def read(payload: Mapping[str, Any], names: ClaimNames) -> Claims:
    """The four claims, and the caller's own name: the client where the token names it, else the subject."""
    organisation, email = _text(payload.get(names.organisation)), _text(payload.get(names.email))
    client = next(
        (found for name in ("azp", "client_id", "sub") if (found := _text(payload.get(name)))),
        f"{organisation} {email}",
    )
    return Claims(
        client=f"{payload.get('iss')} {client}",
        organisation=organisation,
        email=email,
        roles=_roles(payload.get(names.roles)),
        auto_create=_text(payload.get(names.auto_create)),
    )


def says_enough(roles: Sequence[str], *, organisation: str, email: str, provisioner: str) -> bool:
    """Whether there is a role, and an organisation and an e-mail; a mere provisioner needs neither of the two."""
    if not roles:
        return False
    return tuple(roles) == (provisioner,) or bool(organisation and email and len(email) <= EMAIL_MOST)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _roles(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,) if value else ()
    if isinstance(value, list):
        return tuple(role for role in value if isinstance(role, str))
    return ()
