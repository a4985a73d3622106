"""``manage.py turn_config``: the hub's settings in coturn's words. tests/media/test_coturn.py runs what it prints."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError


@pytest.fixture(autouse=True)
def _settings(settings) -> None:
    settings.VDX_PUBLIC_URL = "https://vdx.example.dk"
    settings.VDX_TURN_URLS = [
        "turn:turn.example.dk:3478",
        "turns:turn.example.dk:443?transport=tcp",
        "turn:other.example.dk",
        "turns:other.example.dk",
    ]
    settings.VDX_TURN_SECRET = "s3cret-of-the-hub"
    settings.VDX_RELAY_ADDRESSES = []
    settings.VDX_RELAY_PUBLIC_IP = ""


def printed(*options: str) -> tuple[list[str], str]:
    """The configuration's lines, and what was said beside it."""
    out, err = StringIO(), StringIO()
    call_command("turn_config", *options, stdout=out, stderr=err)
    return out.getvalue().splitlines(), err.getvalue()


def test_the_ports_and_the_realm_are_the_settings() -> None:
    lines, _ = printed()
    assert {"realm=vdx.example.dk", "listening-port=3478", "tls-listening-port=443"} <= set(lines)
    lines, _ = printed("--host", "other.example.dk")
    assert {"listening-port=3478", "tls-listening-port=5349"} <= set(lines)


def test_without_a_turns_address_there_is_no_tls(settings) -> None:
    settings.VDX_TURN_URLS = ["turn:[2620:fe::9]:3479?transport=udp"]
    lines, _ = printed()
    assert "no-tls" in lines
    assert "listening-port=3479" in lines
    assert [line for line in lines if line.startswith(("tls-", "cert", "pkey"))] == []


def test_the_secret_is_printed_only_on_demand() -> None:
    lines, said = printed()
    assert not any("s3cret" in line for line in lines)
    assert "--with-secret" in said
    lines, said = printed("--with-secret")
    assert "static-auth-secret=s3cret-of-the-hub" in lines
    assert "640" in said
    assert "s3cret" not in said


def test_a_private_media_server_that_is_not_allowed_is_mentioned(settings) -> None:
    settings.VDX_RELAY_ADDRESSES = ["10.0.0.5", "80.62.1.1"]
    lines, said = printed()
    assert "--allow 10.0.0.5" in said
    assert "80.62.1.1" not in said
    assert not any(line.startswith("allowed-peer-ip") for line in lines)
    lines, said = printed("--allow", "10.0.0.5")
    assert "allowed-peer-ip=10.0.0.5" in lines
    assert "10.0.0.5" not in said


@pytest.mark.parametrize(
    ("urls", "options", "told"),
    [
        ([], [], "VDX_TURN_URLS er tom"),
        (["turn:a:1", "turn:a:2"], [], "to porte"),
        (["turn:a"], ["--host", "b"], "b står ikke"),
        (["stun:a"], [], "kan ikke læses"),
        (["turn:a"], ["--allow", "127.0.0.1"], "127.0.0.1"),
        (["turn:a"], ["--min-port", "80"], "--min-port"),
    ],
)
def test_what_cannot_be_is_said(settings, urls: list[str], options: list[str], told: str) -> None:
    settings.VDX_TURN_URLS = urls
    with pytest.raises(CommandError, match=told):
        printed(*options)
