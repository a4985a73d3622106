"""The TURN server's configuration, as a real coturn understands it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_address
from itertools import count

import pytest
from aioice import stun

from media.coturn import REFUSED, Coturn, configuration, refused
from media.ice import turn_credentials
from tests.support.turn import Turn, allocation, coturn
from vdx.lib import clock

FRIEND = "10.99.7.1"
INSIDE = ["127.0.0.1", "10.0.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1", "192.0.2.1"]
INSIDE6 = ["::1", "fd00::2", "fe80::1", "fec0::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::1", "2001:db8::1"]


@pytest.fixture(scope="module")
def turn() -> Iterator[Turn]:
    with coturn("--allow", FRIEND, "--user-quota", "3") as server:
        yield server


SEATS = (f"seat{number}" for number in count())


def credentials(turn: Turn, *, seat: str = "", seconds: int = 600, secret: str = "") -> tuple[str, str]:
    until = clock.now() + timedelta(seconds=seconds)
    return turn_credentials(secret=secret or turn.secret, seat=seat or next(SEATS), expires_at=until)


async def test_the_hubs_credentials_are_taken(turn: Turn) -> None:
    async with allocation(turn, *credentials(turn)) as mine:
        assert mine.relayed[0] == "127.0.0.1"


async def test_the_hubs_credentials_are_taken_through_tls(turn: Turn) -> None:
    async with allocation(turn, *credentials(turn), tls=True) as mine:
        assert await mine.permission("9.9.9.9") == 200


@pytest.mark.parametrize("wrong", ["expired", "another secret", "another seat"])
async def test_what_is_wrong_or_too_old_is_refused(turn: Turn, wrong: str) -> None:
    username, password = {
        "expired": credentials(turn, seconds=-1),
        "another secret": credentials(turn, secret="another"),
        "another seat": (credentials(turn)[0], credentials(turn)[1]),
    }[wrong]
    with pytest.raises(stun.TransactionFailed) as refusal:
        async with allocation(turn, username, password):
            pass
    assert refusal.value.response.error_code == 401


async def test_peers_inside_are_refused_and_peers_outside_are_not(turn: Turn) -> None:
    async with allocation(turn, *credentials(turn)) as mine:
        assert {peer: await mine.permission(peer) for peer in INSIDE} == dict.fromkeys(INSIDE, 403)
        assert {peer: await mine.channel(peer) for peer in INSIDE} == dict.fromkeys(INSIDE, 403)
        assert await mine.permission("9.9.9.9") == 200
        assert await mine.channel("9.9.9.9") == 200


async def test_peers_inside_are_refused_over_ipv6_too(turn: Turn) -> None:
    async with allocation(turn, *credentials(turn), family=6) as mine:
        assert {peer: await mine.permission(peer) for peer in INSIDE6} == dict.fromkeys(INSIDE6, 403)
        assert await mine.permission("2620:fe::9") == 200


async def test_a_media_server_inside_is_reached_when_it_is_named(turn: Turn) -> None:
    async with allocation(turn, *credentials(turn)) as mine:
        assert await mine.permission(FRIEND) == 200
        assert await mine.permission("10.99.7.2") == 403


async def test_a_seat_has_its_share_and_no_more(turn: Turn) -> None:
    mine = credentials(turn, seat="greedy")
    async with allocation(turn, *mine), allocation(turn, *mine), allocation(turn, *mine):
        with pytest.raises(stun.TransactionFailed) as refusal:
            async with allocation(turn, *mine):
                pass
        assert refusal.value.response.error_code == 486
        async with allocation(turn, *credentials(turn, seat="modest")):
            pass


async def test_it_writes_down_nobodys_address(turn: Turn) -> None:
    async with allocation(turn, *credentials(turn)) as mine:
        await mine.permission("9.9.9.9")
    assert "Total General servers" in turn.log()
    assert "9.9.9.9" not in turn.log()
    assert "remote" not in turn.log()


def test_every_refused_range_stands_in_it_with_its_reason() -> None:
    lines = configuration(Coturn(realm="vdx.example.dk")).splitlines()
    assert len([line for line in lines if line.startswith("denied-peer-ip=")]) == len(REFUSED)
    at = lines.index("denied-peer-ip=172.16.0.0-172.31.255.255")
    assert lines[at - 1] == "# private (RFC 1918)"
    assert [peer for peer in INSIDE + INSIDE6 if not refused(ip_address(peer))] == []
    assert [peer for peer in ("9.9.9.9", "172.32.0.1", "100.128.0.1", "2620:fe::9") if refused(ip_address(peer))] == []


@pytest.mark.parametrize("never", ["127.0.0.1", "::1", "224.0.0.1", "0.0.0.0", "10.0.0.0/8", "turn.example.dk"])
def test_what_can_never_be_a_peer_is_said(never: str) -> None:
    with pytest.raises(ValueError, match=never):
        configuration(Coturn(realm="vdx.example.dk", allowed=[never]))


def test_a_mapped_address_is_written_as_coturn_takes_it() -> None:
    text = configuration(Coturn(realm="vdx.example.dk", external=["80.62.1.1/10.0.0.5"]))
    assert "\nexternal-ip=80.62.1.1/10.0.0.5\n" in text
    with pytest.raises(ValueError, match="router"):
        configuration(Coturn(realm="vdx.example.dk", external=["80.62.1.1/router"]))
