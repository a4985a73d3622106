"""What keeps a worker from starting is said before it takes calls."""

from __future__ import annotations

import socket

import pytest

from media.engines.relay.preflight import CannotRun, must_be_able_to_run
from media.engines.relay.sockets import Addresses


def test_addresses_of_this_machine_are_good() -> None:
    must_be_able_to_run(Addresses(bind=("127.0.0.1", "::1")))


@pytest.mark.parametrize("address", ["192.0.2.1", "nonsense"])
def test_an_address_of_another_machine_is_named(address: str) -> None:
    with pytest.raises(CannotRun, match=rf"VDX_RELAY_ADDRESSES: {address} cannot be used here"):
        must_be_able_to_run(Addresses(bind=("127.0.0.1", address)))


def test_a_range_that_is_taken_is_named_and_one_free_port_is_enough() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
        with pytest.raises(CannotRun, match=rf"VDX_RELAY_PORT_RANGE: every port from {port} to {port} is taken"):
            must_be_able_to_run(Addresses(bind=("127.0.0.1",), ports=(port, port)))
    must_be_able_to_run(Addresses(bind=("127.0.0.1",), ports=(port, port)))
