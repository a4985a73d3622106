"""The address of the page by which somebody comes to a meeting (contract, section 10.2).

A template's query has a placeholder where a whole value is one; what has no value is left out there, but for the pin,
which stays and is empty. In path and fragment placeholders are replaced as text. Nothing is encoded.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

LONGEST = 200


@dataclass(frozen=True)
class Facts:
    """What a link may be made of."""

    short_link: str
    uri_with_domain: str
    uri_domain: str | None
    guest_pin: int | None
    host_pin: int | None
    start: datetime
    return_url: str | None
    microphone: str | None
    call_type: str | None


def portal_link(template: str, facts: Facts) -> str:
    """The link; without a template the short one, which holds no pin."""
    if not template:
        return facts.short_link
    values = _values(facts)
    rest, hash_sign, fragment = template.partition("#")
    base, question, query = rest.partition("?")
    kept: list[str] = []
    seen: set[str] = set()
    for part in query.split("&") if question else []:
        name, equals, value = part.partition("=")
        if name in seen:
            continue
        seen.add(name)
        if value not in values:
            kept.append(part)
        elif value == "__pin__" or values[value]:
            kept.append(f"{name}{equals}{values[value] or ''}")
    link = _replaced(base, values)
    if kept:
        link += "?" + "&".join(kept)
    return link + (hash_sign + _replaced(fragment, values) if hash_sign else "")


def _values(facts: Facts) -> dict[str, str | None]:
    pin = facts.guest_pin if facts.guest_pin is not None else facts.host_pin
    return {
        "__pin__": None if pin is None else str(pin),
        "__uri-with-domain__": facts.uri_with_domain or None,
        "__uri-domain__": facts.uri_domain,
        "__start-date__": facts.start.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S"),
        "__return-url__": facts.return_url,
        "__microphone__": facts.microphone if facts.microphone in {"off", "muted"} else None,
        "__call-type__": facts.call_type,
    }


def _replaced(text: str, values: dict[str, str | None]) -> str:
    for placeholder, value in values.items():
        text = text.replace(placeholder, value or "")
    return text
