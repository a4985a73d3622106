"""The configuration of a coturn (4.6 or newer) that carries this hub's calls and nothing else.

A TURN server sends packets wherever a client asks. Without limits whoever has credentials (every guest has some)
could reach what only that machine can reach: its own services, the other machines of its network, a cloud's metadata
(RFC 8656, section 21). So every address that is not of the public internet is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address

#: What is not of the public internet: the IANA registries of special-purpose addresses (RFC 6890) and their sources.
REFUSED: tuple[tuple[str, str], ...] = (
    ("0.0.0.0/8", "this network (RFC 791)"),
    ("10.0.0.0/8", "private (RFC 1918)"),
    ("100.64.0.0/10", "shared by a provider's customers, CGNAT (RFC 6598)"),
    ("127.0.0.0/8", "loopback (RFC 1122)"),
    ("169.254.0.0/16", "link-local, and clouds' metadata (RFC 3927)"),
    ("172.16.0.0/12", "private (RFC 1918)"),
    ("192.0.0.0/24", "IETF protocols (RFC 6890)"),
    ("192.0.2.0/24", "documentation (RFC 5737)"),
    ("192.88.99.0/24", "6to4 relays, given up (RFC 7526)"),
    ("192.168.0.0/16", "private (RFC 1918)"),
    ("198.18.0.0/15", "measuring of devices (RFC 2544)"),
    ("198.51.100.0/24", "documentation (RFC 5737)"),
    ("203.0.113.0/24", "documentation (RFC 5737)"),
    ("224.0.0.0/4", "multicast (RFC 5771)"),
    ("240.0.0.0/4", "reserved, and limited broadcast (RFC 1112, RFC 919)"),
    ("::/96", "unspecified, loopback, IPv4-compatible (RFC 4291)"),
    ("::ffff:0.0.0.0/96", "IPv4-mapped (RFC 4291)"),
    ("64:ff9b::/96", "IPv4 behind a translator (RFC 6052)"),
    ("64:ff9b:1::/48", "IPv4 behind a local translator (RFC 8215)"),
    ("100::/64", "discard only (RFC 6666)"),
    ("2001::/23", "IETF protocols, Teredo, ORCHID, measuring (RFC 2928)"),
    ("2001:db8::/32", "documentation (RFC 3849)"),
    ("2002::/16", "6to4: IPv4 inside (RFC 3056)"),
    ("3fff::/20", "documentation (RFC 9637)"),
    ("5f00::/16", "segment routing (RFC 9602)"),
    ("fc00::/7", "private, unique local (RFC 4193)"),
    ("fe80::/10", "link-local (RFC 4291)"),
    ("fec0::/10", "site-local, given up (RFC 3879)"),
    ("ff00::/8", "multicast (RFC 4291)"),
)
NO_KEY_LINE = "# static-auth-secret=  (VDX_TURN_SECRET. `--with-secret` writes it; nobody gets in without it.)"


@dataclass(frozen=True)
class Coturn:
    """One TURN server. ``secret`` empty: its line is left out. ``tls_port`` 0: no TLS.

    ``external`` is the public address, or ``PUBLIC/PRIVATE`` where a router maps it to this machine. ``allowed``
    are peers that are reached although their range is refused: media servers in the operator's own network.
    ``ports`` are those of the relayed packets. Quotas count allocations: of one seat, and of all.
    """

    realm: str
    secret: str = ""
    port: int = 3478
    tls_port: int = 0
    certificate: str = ""
    key: str = ""
    listening: Sequence[str] = ()
    external: Sequence[str] = ()
    allowed: Sequence[str] = ()
    ports: tuple[int, int] = (49152, 65535)
    user_quota: int = 40
    total_quota: int = 4000


def refused(address: Address) -> str:
    """Why a peer of this address is refused, or nothing."""
    for network, why in REFUSED:
        if address in ip_network(network):
            return why
    return ""


def configuration(server: Coturn) -> str:
    """A whole ``turnserver.conf``. Raises ``ValueError`` for an address that cannot be, or never may be, allowed."""
    lines = [
        "# Written by `manage.py turn_config`: change the settings or its options, and write it anew.",
        "",
        "# Who may use it: whoever has the hub's credentials, which are good for minutes.",
        f"realm={server.realm}",
        "use-auth-secret",
        f"static-auth-secret={server.secret}" if server.secret else NO_KEY_LINE,
        "stale-nonce=600",
        "fingerprint",
        f"user-quota={server.user_quota}",
        f"total-quota={server.total_quota}",
        "",
        "# Where it listens.",
        *(f"listening-ip={ip_address(address)}" for address in server.listening),
        f"listening-port={server.port}",
        *_tls(server),
        "no-dtls",
        "no-cli",
        "no-rfc5780",
        "no-software-attribute",
        "",
        "# What it sends for others: UDP only, from these ports.",
        f"min-port={server.ports[0]}",
        f"max-port={server.ports[1]}",
        *(f"external-ip={_external(mapping)}" for mapping in server.external),
        "no-tcp-relay",
        "",
        "# Where it sends nothing: every address that is not of the public internet.",
        "no-multicast-peers",
        *(line for network, why in REFUSED for line in (f"# {why}", f"denied-peer-ip={_range(ip_network(network))}")),
        *(["", "# But here: the hub's own media servers."] if server.allowed else []),
        *(f"allowed-peer-ip={_allowed(address)}" for address in server.allowed),
        "",
        "# To the journal. `verbose` would write down people's addresses: leave it out.",
        "log-file=stdout",
        "",
    ]
    return "\n".join(lines)


def _tls(server: Coturn) -> list[str]:
    if not server.tls_port:
        return ["no-tls"]
    return [
        f"tls-listening-port={server.tls_port}",
        f"cert={server.certificate}",
        f"pkey={server.key}",
        "no-tlsv1",
        "no-tlsv1_1",
    ]


def _range(network: IPv4Network | IPv6Network) -> str:
    """First and last address: coturn takes no prefix lengths. IPv6 in full, without the dotted form of IPv4.

    A range that begins with the unspecified address would have no beginning for coturn: one of IPv6 would take all of
    IPv4 in. It refuses that address itself in any case.
    """
    first = network[1] if network[0].is_unspecified else network[0]
    return f"{_plain(first)}-{_plain(network[-1])}"


def _plain(address: Address) -> str:
    return address.exploded if isinstance(address, IPv6Address) else str(address)


def _external(mapping: str) -> str:
    for address in mapping.split("/", 1):
        ip_address(address)
    return mapping


def _allowed(text: str) -> str:
    address = ip_address(text)
    # coturn refuses these whatever is allowed; better said now than wondered at later.
    if address.is_loopback or address.is_multicast or address.is_unspecified:
        raise ValueError(f"{text} can never be a peer: {refused(address)}")
    return _plain(address)
