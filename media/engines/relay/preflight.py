"""What must be right before a worker takes calls, said in a sentence that names the setting."""

from __future__ import annotations

import errno
import socket

from media.engines.relay.sockets import Addresses


class CannotRun(Exception):
    """The worker cannot run with these settings. The text says why."""


def must_be_able_to_run(addresses: Addresses) -> None:
    """Open a socket on every address, and let it go. Raises :class:`CannotRun`."""
    for host in addresses.all():
        _must_bind(host, addresses.ports)


def _must_bind(host: str, ports: tuple[int, int]) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for port in range(ports[0], ports[1] + 1):
        with socket.socket(family, socket.SOCK_DGRAM) as sock:
            try:
                sock.bind((host, port))
            except OSError as error:
                if error.errno == errno.EADDRINUSE:
                    continue
                raise CannotRun(f"VDX_RELAY_ADDRESSES: {host} cannot be used here ({error.strerror}).") from None
            return
    raise CannotRun(f"VDX_RELAY_PORT_RANGE: every port from {ports[0]} to {ports[1]} is taken on {host}.")
