"""Whose request is it? The one place that decides what the client's address is."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network


def client_address(peer: str, forwarded_for: str, trusted_proxies: Sequence[str]) -> str:
    """Address of the client, given the socket's peer and the ``X-Forwarded-For`` header.

    The header is believed only as far as it was written by proxies we trust: it is read from the right, and
    the first address that is not one of ours is the client. Without trusted proxies the header means nothing.
    """
    client = peer
    hops = [hop.strip() for hop in forwarded_for.split(",") if hop.strip()]
    while hops and is_trusted_proxy(client, trusted_proxies):
        client = hops.pop()
    address = _address(client)
    return client if address is None else str(address)


def is_trusted_proxy(peer: str, trusted_proxies: Sequence[str]) -> bool:
    """Whether the socket's peer is one of the reverse proxies that we believe."""
    address = _address(peer)
    return address is not None and any(address in ip_network(text, strict=False) for text in trusted_proxies)


def customer(address: str) -> str:
    """The network that one customer has: an IPv4 address, or the /64 around an IPv6 one (RFC 6177).

    Within a /64 somebody has more addresses than there are guesses to make. What is no address comes back as it is.
    """
    found = _address(address)
    if isinstance(found, IPv6Address):
        return str(ip_network((found.packed, 64), strict=False))
    return address if found is None else str(found)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """The address, and an IPv4 one where a socket for both kinds writes it as ::ffff:10.0.0.1 (RFC 4291, 2.5.5.2)."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
