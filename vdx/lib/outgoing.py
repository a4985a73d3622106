"""Calling somebody else's web address: the name is looked up once, and what it led to then is called.

A name that leads to an address inside (RFC 1918, loopback, link-local and the like) is refused unless the caller
allows it, so that nobody can use the hub to reach what only the hub can reach. Redirects are not followed, the answer's
body is not kept, and the whole call has an end that no slow answer moves.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Mapping, Sequence
from urllib.parse import SplitResult, urlsplit

DEADLINE_SECONDS = 10.0
_MOST_BYTES = 65_536
# Addresses that hold another one: 6to4 (RFC 3056) and NAT64 (RFC 6052).
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_UNICAST = ipaddress.IPv6Network("2000::/3")

_Where = tuple[socket.AddressFamily, tuple[str, int]]


class CallFailed(Exception):
    """No answer came. ``reason`` is a word without the address: it may be logged and shown."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TargetRefused(CallFailed):
    """The address is not one that the hub calls."""


def check_target(url: str, *, allow_private: bool) -> None:
    """Look at an address that somebody wants called. Raises :class:`TargetRefused`, also where the name is unknown.

    What the name leads to may be another tomorrow: :func:`post` looks again.
    """
    parts = _parts(url, allow_private=allow_private)
    try:
        _resolve(parts, allow_private=allow_private)
    except TargetRefused:
        raise
    except CallFailed as error:
        raise TargetRefused(error.reason) from None


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    allow_private: bool,
    deadline: float = DEADLINE_SECONDS,
) -> int:
    """Send a POST and say the status of the answer. Raises :class:`CallFailed`, :class:`TargetRefused`.

    Where a name has several addresses, one that nobody answers at gives way to the next. ``deadline``: seconds in all.
    """
    parts = _parts(url, allow_private=allow_private)
    connection = _Pinned(parts, _resolve(parts, allow_private=allow_private), deadline)
    # A timeout of the socket begins anew with every byte: somebody who answers one a second would hold us for hours.
    watch = threading.Timer(deadline, connection.cut)
    watch.daemon = True
    watch.start()
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, body=body, headers={**headers, "Connection": "close"})
        response = connection.getresponse()
        status = response.status
        response.read(_MOST_BYTES)
    except ssl.SSLError:
        raise CallFailed("tls") from None
    except (OSError, http.client.HTTPException) as error:
        late = connection.was_cut or isinstance(error, TimeoutError)
        raise CallFailed("timeout" if late else "no_answer") from None
    finally:
        watch.cancel()
        connection.close()
    if connection.was_cut:
        # The end of a cut-off answer looks like the end of an answer.
        raise CallFailed("timeout")
    return status


class _Pinned(http.client.HTTPConnection):
    """A connection to one of these addresses, whatever the name leads to by now; the certificate is held to the name.

    ``deadline``: seconds for all of it.
    """

    def __init__(self, parts: SplitResult, addresses: Sequence[_Where], deadline: float) -> None:
        super().__init__(parts.hostname or "", parts.port or _port(parts), timeout=deadline)
        self._addresses = addresses
        self._until = time.monotonic() + deadline
        self._tls = ssl.create_default_context() if parts.scheme == "https" else None
        self.was_cut = False

    def connect(self) -> None:
        """Connect to the first of the addresses that were looked at where somebody answers. Raises ``OSError``."""
        for number, where in enumerate(self._addresses, start=1):
            last = number == len(self._addresses)
            # Half of what is left for each but the last, so that one that swallows everything leaves time for others.
            left = max(self._until - time.monotonic(), 0.001)
            try:
                self._open(where, left if last else left / 2)
                break
            except OSError:
                if last or self.was_cut:
                    raise
        self.sock.settimeout(self.timeout)
        if self._tls is not None:
            self.sock = self._tls.wrap_socket(self.sock, server_hostname=self.host)

    def _open(self, where: _Where, seconds: float) -> None:
        family, address = where
        self.sock = socket.socket(family, socket.SOCK_STREAM)
        try:
            self.sock.settimeout(seconds)
            self.sock.connect(address)
        except OSError:
            self.sock.close()
            raise

    def cut(self) -> None:
        """End the connection from another thread."""
        self.was_cut = True
        try:
            self.sock.shutdown(socket.SHUT_RDWR)
        except (OSError, AttributeError):
            # It has ended by itself, or never began.
            return


def _parts(url: str, *, allow_private: bool) -> SplitResult:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise TargetRefused("address") from None
    schemes = {"https", "http"} if allow_private else {"https"}
    clean = url.isascii() and url.isprintable() and " " not in url
    if not clean or parts.scheme not in schemes or not parts.hostname or port == 0:
        raise TargetRefused("address")
    if parts.username is not None or parts.password is not None:
        raise TargetRefused("address")
    return parts


def _port(parts: SplitResult) -> int:
    return 443 if parts.scheme == "https" else 80


def _resolve(parts: SplitResult, *, allow_private: bool) -> Sequence[_Where]:
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or _port(parts), type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise CallFailed("unknown_name") from None
    # In the order in which the system would try them (RFC 6724), each once.
    usable = list(dict.fromkeys((family, (str(where[0]), int(where[1]))) for family, _, _, _, where in found))
    # One inside is enough to refuse: who mixes them is up to something.
    if not usable or not (allow_private or all(is_public(address) for _, (address, _) in usable)):
        raise TargetRefused("private")
    return usable


def is_public(text: str) -> bool:
    """Whether everybody may reach the address. An IPv6 one that carries an IPv4 one is what that one is."""
    address: ipaddress.IPv4Address | ipaddress.IPv6Address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        carried = address.ipv4_mapped or address.sixtofour
        if carried is None and address in _NAT64:
            carried = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if carried is None:
            # Only what the internet routes (RFC 4291, 2.4): the rest is old, local or for experiments.
            return address in _UNICAST and address.is_global
        address = carried
    return address.is_global and not (address.is_multicast or address.is_reserved)
