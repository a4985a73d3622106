"""A call that only a TURN server lets through: a real coturn, and nothing else allowed."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright

from tests.e2e.calls import call
from tests.e2e.conftest import GIVEN, PICTURES, launch
from tests.e2e.measure import measured
from tests.e2e.people import Hub
from tests.support.net import network
from tests.support.servers import HubServer
from tests.support.turn import coturn

pytestmark = pytest.mark.e2e
SHOTS = PICTURES / "turn"


@pytest.fixture
def walled() -> Iterator[Hub]:
    """A hub whose browsers may use TURN alone. coturn refuses loopback for good, so the relay has another address."""
    with network() as cable, coturn("--allow", cable.near, addresses=(cable.near,)) as turn:
        settings = {
            "VDX_RELAY_ADDRESSES": cable.near,
            "VDX_TURN_URLS": turn.urls,
            "VDX_TURN_SECRET": turn.secret,
            "VDX_ICE_TRANSPORT_POLICY": "relay",
        }
        with HubServer.embedded(environment=settings) as server:
            yield Hub(server, json.loads(server.module("tests.e2e.seed")))


@pytest.fixture
def browser(playwright: Playwright) -> Iterator[Browser]:
    """A Chromium that takes coturn's certificate, which vouches for itself alone."""
    chromium = launch(playwright, [*GIVEN, "--ignore-certificate-errors"])
    yield chromium
    chromium.close()


def test_sound_and_picture_go_through_turn_alone(browser: Browser, walled: Hub) -> None:
    for direct in (False, True):
        with call(browser, walled, SHOTS, direct=direct) as everybody:
            for person in everybody:
                found = measured(person.page)
                assert len(found["pairs"]) == found["connections"] == (1 if direct else 2)
                assert {pair["type"] for pair in found["pairs"]} == {"relay"}
                assert {pair["protocol"] for pair in found["pairs"]} <= {"udp", "tls"}
