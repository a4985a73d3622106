"""A call that only a TURN server lets through, a real coturn: by the hub's setting, and behind a packet filter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Playwright

from tests.e2e.calls import call
from tests.e2e.conftest import GIVEN, PICTURES, Prepared, launch
from tests.e2e.measure import measured, until
from tests.e2e.people import Hub
from tests.support.net import network, program
from tests.support.turn import coturn

pytestmark = [pytest.mark.e2e, pytest.mark.alone]
SHOTS = PICTURES / "turn"


@pytest.fixture
def walled(prepared: Prepared) -> Iterator[Hub]:
    """A hub whose browsers may use TURN alone. coturn refuses loopback for good, so the relay has another address."""
    with network() as cable, coturn("--allow", cable.near, addresses=(cable.near,)) as turn:
        settings = {
            "VDX_RELAY_ADDRESSES": cable.near,
            "VDX_TURN_URLS": turn.urls,
            "VDX_TURN_SECRET": turn.secret,
            "VDX_ICE_TRANSPORT_POLICY": "relay",
        }
        with prepared.hub(settings) as hub:
            yield hub


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


@dataclass
class Walled:
    """A hub with a TURN server, and a browser at the far end of a cable that lets no UDP through."""

    hub: Hub
    behind: Browser


@pytest.fixture
def wall(playwright: Playwright, prepared: Prepared) -> Iterator[Walled]:
    """Nothing is forbidden by the hub: the packet filter alone leaves no other way."""
    with network() as cable, coturn("--allow", cable.near, addresses=(cable.near,)) as turn, program(cable) as chromium:
        settings = {
            "VDX_LISTEN": "0.0.0.0",
            "VDX_RELAY_ADDRESSES": cable.near,
            "VDX_TURN_URLS": f"{turn.urls} turn:{turn.address}:{turn.port}?transport=tcp",
            "VDX_TURN_SECRET": turn.secret,
        }
        with prepared.hub(settings) as hub:
            to_the_hub = f"--host-resolver-rules=MAP localhost {cable.near}"
            behind = launch(playwright, [*GIVEN, "--ignore-certificate-errors", to_the_hub], chromium.path)
            cable.block_udp()
            yield Walled(hub, behind)
            behind.close()


@pytest.mark.parametrize("direct", [False, True], ids=["on the relay", "direct first"])
def test_a_patient_whose_network_bars_udp_sees_and_is_seen_by_turn_over_tcp(
    browser: Browser, wall: Walled, direct: bool
) -> None:
    with call([browser, wall.behind], wall.hub, SHOTS, direct=direct, patience=60) as (doctor, patient):
        found = measured(patient.page)
        assert {(pair["type"], pair["protocol"]) for pair in found["pairs"]} <= {("relay", "tcp"), ("relay", "tls")}
        assert len(found["pairs"]) == found["connections"] > 0
        patient.seen("no-udp")
        until("the way is told", lambda: way_told(wall.hub, doctor.code), 20)


def way_told(hub: Hub, code: str) -> bool:
    """Whether the hub knows that somebody's sound and picture goes by TURN over TCP or TLS."""
    told = hub.server.shell(f"""
from monitoring.models import DeviceQuality
from rooms.models import Room
room = Room.objects.get(short_id={code!r}).uuid
print(*DeviceQuality.objects.filter(room_uuid=room).values_list("candidate_pair", flat=True))
""").split()
    return any(way.startswith("relay/") and way.endswith(("/tcp", "/tls")) for way in told)
