"""Whose request is it? The one place that decides what the client's address is."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_address, ip_network


def client_address(peer: str, forwarded_for: str, trusted_proxies: Sequence[str]) -> str:
    """Address of the client, given the socket's peer and the ``X-Forwarded-For`` header.

    The header is believed only as far as it was written by proxies we trust: it is read from the right, and
    the first address that is not one of ours is the client. Without trusted proxies the header means nothing.
    """
    client = peer
    hops = [hop.strip() for hop in forwarded_for.split(",") if hop.strip()]
    while hops and is_trusted_proxy(client, trusted_proxies):
        client = hops.pop()
    return client


def is_trusted_proxy(peer: str, trusted_proxies: Sequence[str]) -> bool:
    """Whether the socket's peer is one of the reverse proxies that we believe."""
    try:
        address = ip_address(peer)
    except ValueError:
        return False
    return any(address in ip_network(text, strict=False) for text in trusted_proxies)
