"""Whose request is it? The one place that decides what the client's address is."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_address, ip_network


def client_address(peer: str, forwarded_for: str, trusted_proxies: Sequence[str]) -> str:
    """Address of the client, given the socket's peer and the ``X-Forwarded-For`` header.

    The header is believed only as far as it was written by proxies we trust: it is read from the right, and
    the first address that is not one of ours is the client. Without trusted proxies the header means nothing.
    """
    networks = [ip_network(text, strict=False) for text in trusted_proxies]

    def trusted(text: str) -> bool:
        try:
            address = ip_address(text)
        except ValueError:
            return False
        return any(address in network for network in networks)

    client = peer
    hops = [hop.strip() for hop in forwarded_for.split(",") if hop.strip()]
    while hops and trusted(client):
        client = hops.pop()
    return client
