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


def read_session(
    data: Any, names: ClaimNames, aliases: Mapping[str, str], *, known: Sequence[str], provisioner: tuple[str, str]
) -> Claims:
    """What the session data of v1 says (contract, section 13): of each attribute the first value, of the roles all.

    Unknown roles are left out. A provisioner with organisation and e-mail acts as somebody: ``provisioner`` is the
    role, and the one that it becomes. Raises ``ValueError`` for what is no session data.
    """
    attributes = data.get("UserAttributes") if isinstance(data, dict) else None
    if not isinstance(attributes, dict):
        raise ValueError("no attributes")

    def values(name: str) -> list[str]:
        found = attributes.get(name)
        return [value for value in found if isinstance(value, str)] if isinstance(found, list) else []

    def first(name: str) -> str:
        return next(iter(values(name)), "")

    organisation, email = first(names.organisation), first(names.email)
    given = [aliases.get(role, role) for role in values(names.roles)]
    roles = [role for role in given if role in known]
    if organisation and email:
        roles = [provisioner[1] if role == provisioner[0] else role for role in roles]
    return Claims(
        client=f"v1 {organisation} {email}",
        organisation=organisation,
        email=email,
        roles=tuple(roles),
        auto_create=first(names.auto_create),
    )
