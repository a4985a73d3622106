"""What a new room is made of: settings, pins and an address from a template (contract, section 10)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings

from booking.errors import (
    AddressesExhausted,
    AddressMisspelt,
    AddressRangeUnusable,
    AddressTaken,
    GuestPinRangeUnusable,
    HostPinRangeUnusable,
    TooLong,
)
from booking.rules import address, pins
from rooms import queries as rooms_queries
from rooms import services as rooms

if TYPE_CHECKING:
    from booking.models import SchedulingTemplate

# With a hundred thousand rooms in use, one booking in a thousand draws a second time in a range as wide as this.
_WIDE = 100_000_000


def draw_guest_pin(template: SchedulingTemplate, wanted: bool) -> int | None:
    """A guest pin where the meeting or its template asks for one. Raises :class:`GuestPinRangeUnusable`."""
    span = pins.pin_range(template.guest_pin_range_low, template.guest_pin_range_high)
    if template.guest_pin_required and span is None:
        raise GuestPinRangeUnusable
    return _draw(span or pins.USUAL) if wanted or template.guest_pin_required else None


def draw_host_pin(template: SchedulingTemplate) -> int | None:
    """A host pin where the template asks for one. Raises :class:`HostPinRangeUnusable`."""
    if not template.host_pin_required:
        return None
    span = pins.pin_range(template.host_pin_range_low, template.host_pin_range_high)
    if span is None:
        raise HostPinRangeUnusable
    return _draw(span)


def address_for(template: SchedulingTemplate, own: str | None, *, ask: bool = True) -> rooms.RoomAddress:
    """A free address: the caller's own, or a number of the template's range.

    Without ``ask`` a number of a wide range is taken for free: it is, but for the rarest of cases, and then the
    database says no.

    Raises :class:`AddressMisspelt`, :class:`AddressTaken`, :class:`AddressRangeUnusable`,
    :class:`AddressesExhausted` and :class:`TooLong`.
    """
    domain = template.uri_domain
    if not domain and template.organisation_id is None:
        # The shipped template knows no domain: the hub's own.
        domain = urlsplit(settings.VDX_PUBLIC_URL).hostname or ""
    if own is not None:
        if not address.well_spelt(own):
            raise AddressMisspelt
        if rooms_queries.addresses_taken(domain, [own]):
            raise AddressTaken
        return _address("", own, domain)
    low, high = template.uri_number_range_low, template.uri_number_range_high
    if not address.usable_range(low, high):
        raise AddressRangeUnusable
    if not ask and high - low >= _WIDE:
        return _address(template.uri_prefix, _number(low, high), domain)
    # The first is free but for the rarest of cases, so the rest is asked for only then.
    for count in (1, address.DRAWS - 1):
        numbers = [_number(low, high) for _ in range(count)]
        taken = rooms_queries.addresses_taken(domain, numbers)
        for number in numbers:
            if number not in taken:
                return _address(template.uri_prefix, number, domain)
    raise AddressesExhausted


def settings_for(
    template: SchedulingTemplate,
    *,
    max_participants: int = 0,
    end_meeting_on_end_time: bool | None = None,
    layout: Mapping[str, object] | None = None,
) -> rooms.RoomSettings:
    """What a room copies from its template, with what was asked for in its place."""
    copied = rooms.RoomSettings(**{each.name: getattr(template, each.name) for each in fields(rooms.RoomSettings)})
    changes = dict(layout or {})
    if max_participants > 0:
        changes["max_participants"] = max_participants
    if end_meeting_on_end_time is not None:
        changes["end_meeting_on_end_time"] = end_meeting_on_end_time
    return replace(copied, **changes)  # type: ignore[arg-type]


def _number(low: int, high: int) -> str:
    return str(low + secrets.randbelow(high - low))


def _address(prefix: str, own: str, domain: str) -> rooms.RoomAddress:
    whole = address.full(prefix, own, domain)
    if len(whole) > address.LONGEST:
        raise TooLong(field="uriWithoutDomain")
    return rooms.RoomAddress(whole, own, domain)


def _draw(span: tuple[int, int]) -> int:
    low, high = span
    return low + secrets.randbelow(high - low)
