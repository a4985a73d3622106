"""Whose request is it? Only a proxy that we trust is believed."""

from __future__ import annotations

import pytest

from vdx.lib.net import client_address, customer, is_trusted_proxy

PROXIES = ["10.0.0.0/8", "::1"]


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "client"),
    [
        ("203.0.113.5", "", [], "203.0.113.5"),
        ("203.0.113.5", "198.51.100.7", [], "203.0.113.5"),
        ("203.0.113.5", "198.51.100.7", PROXIES, "203.0.113.5"),
        ("10.1.1.1", "198.51.100.7", PROXIES, "198.51.100.7"),
        ("::1", "198.51.100.7", PROXIES, "198.51.100.7"),
        ("10.1.1.1", "1.2.3.4, 198.51.100.7", PROXIES, "198.51.100.7"),
        ("10.1.1.1", "1.2.3.4, 198.51.100.7, 10.2.2.2", PROXIES, "198.51.100.7"),
        ("10.1.1.1", "", PROXIES, "10.1.1.1"),
        ("10.1.1.1", "10.2.2.2", PROXIES, "10.2.2.2"),
        ("10.1.1.1", "not an address", PROXIES, "not an address"),
        ("", "198.51.100.7", PROXIES, ""),
        ("::ffff:10.1.1.1", "198.51.100.7", PROXIES, "198.51.100.7"),
        ("::ffff:203.0.113.5", "", PROXIES, "203.0.113.5"),
    ],
    ids=[
        "nobody in between",
        "a client makes something up",
        "an untrusted peer makes something up",
        "behind a proxy",
        "behind a proxy over IPv6",
        "a client makes something up behind a proxy",
        "behind two proxies",
        "the proxy itself",
        "a proxy for another proxy",
        "nonsense from a proxy",
        "no peer",
        "behind a proxy whose address a socket for both kinds has",
        "a client whose address a socket for both kinds has",
    ],
)
def test_the_clients_address(peer: str, forwarded: str, trusted: list[str], client: str) -> None:
    assert client_address(peer, forwarded, trusted) == client


def test_a_proxy_is_trusted_by_address_or_network() -> None:
    assert is_trusted_proxy("10.200.0.1", PROXIES)
    assert is_trusted_proxy("::1", PROXIES)
    assert not is_trusted_proxy("11.0.0.1", PROXIES)
    assert not is_trusted_proxy("", PROXIES)


def test_one_customer_is_one_however_many_addresses_they_have() -> None:
    assert customer("2001:db8:1:2::1") == customer("2001:db8:1:2:ffff::9") != customer("2001:db8:1:3::1")
    assert customer("203.0.113.5") == customer("::ffff:203.0.113.5") == "203.0.113.5"
    assert customer("203.0.113.6") == "203.0.113.6"
    assert customer("anna@example.dk") == "anna@example.dk"
