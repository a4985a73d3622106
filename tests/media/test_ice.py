"""STUN and TURN servers."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

from media.ice import ice_servers, turn_credentials

NINE = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def test_credentials_are_those_that_coturn_works_out() -> None:
    """The vector is OpenSSL's: ``printf 1795338000:abc | openssl dgst -sha1 -hmac north -binary | base64``."""
    username, credential = turn_credentials(secret="north", seat="abc", expires_at=NINE)
    assert username == "1795338000:abc"
    assert credential == "Q3P+HfCPIA/Iih3yMlUB18NYqZs="
    assert credential == base64.b64encode(hmac.digest(b"north", username.encode(), hashlib.sha1)).decode()


def test_turn_is_for_one_seat_and_for_a_while() -> None:
    stun, turn = ["stun:stun.example.dk:3478"], ["turn:turn.example.dk:3478", "turns:turn.example.dk:443?transport=tcp"]
    servers, expires = ice_servers(stun=stun, turn=turn, secret="north", seat="abc", seconds=600, now=NINE)
    assert expires == NINE + timedelta(minutes=10)
    assert [server.for_browser() for server in servers] == [
        {"urls": stun},
        {
            "urls": turn,
            "username": f"{int(expires.timestamp())}:abc",
            "credential": turn_credentials(secret="north", seat="abc", expires_at=expires)[1],
        },
    ]
    other, _ = ice_servers(stun=stun, turn=turn, secret="north", seat="abd", seconds=600, now=NINE)
    assert other[1].credential != servers[1].credential


def test_without_turn_nothing_expires() -> None:
    assert ice_servers(stun=[], turn=[], secret="", seat="abc", seconds=600, now=NINE) == ((), None)
    servers, expires = ice_servers(stun=["stun:a"], turn=[], secret="", seat="abc", seconds=600, now=NINE)
    assert ([server.for_browser() for server in servers], expires) == ([{"urls": ["stun:a"]}], None)
