"""What the hub refuses to start with, and what it only warns of."""

from __future__ import annotations

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from vdx.accounts.services import create_user

GOOD = "q8Zt3Lw0Vx5Nc7Rb1Ym4Hs9Kd2Fg6Jp-aEoUiTzXlWkMn_BvCrQ"


def found(*, deploy: bool, databases: list[str] | None = None) -> set[str]:
    return {
        message.id for message in run_checks(include_deployment_checks=deploy, databases=databases) if message.id
    } - {"security.W004", "security.W008", "security.W012", "security.W016"}


@pytest.fixture
def in_service(settings):
    """A hub with nothing to complain about."""
    settings.VDX_EMBEDDED = False
    settings.SECRET_KEY = GOOD
    settings.VDX_PUBLIC_URL = "https://vdx.example.dk"
    settings.ALLOWED_HOSTS = ["vdx.example.dk"]
    settings.VDX_TURN_URLS = ["turn:turn.example.dk:3478?transport=udp", "turns:[2001:db8::1]:443"]
    settings.VDX_STUN_URLS = ["stun:stun.example.dk:3478"]
    settings.VDX_TURN_SECRET = GOOD
    settings.VDX_OPERATOR_NAME = "Videocentralen"
    settings.VDX_OPERATOR_PHONE = "00 00 00 09"
    settings.VDX_MEDIA_ENGINE = "relay"
    settings.VDX_RELAY_URLS = ["unix:///run/vdx/0.sock", "tcp://10.0.0.5:9000", "tcp://[2001:db8::5]:9000"]
    settings.VDX_RELAY_ADDRESSES = ["10.0.0.5", "2001:db8::5"]
    settings.VDX_RELAY_PUBLIC_IP = "192.0.2.5"
    settings.VDX_JANUS_URLS = ["ws://janus1.example.dk:8188", "wss://janus2.example.dk/janus"]
    settings.VDX_ICE_TRANSPORT_POLICY = "relay"
    settings.VDX_TRUSTED_PROXIES = ["10.0.0.0/8", "::1"]
    settings.DEBUG = False
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_SSL_REDIRECT = True
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    return settings


def test_a_hub_that_is_set_up_well_is_let_through(in_service) -> None:
    assert found(deploy=True) <= {"security.W003", "security.W005", "security.W021"}


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("SECRET_KEY", "abc" * 20, "vdx.E001"),
        ("SECRET_KEY", "django-insecure-" + GOOD, "vdx.E001"),
        ("VDX_TURN_SECRET", "hunter2", "vdx.E002"),
        ("VDX_TRUSTED_PROXIES", ["proxy.example.dk"], "vdx.E004"),
        ("DEBUG", True, "vdx.E005"),
        ("VDX_APP_PATTERNS", "minlaege=(", "vdx.E006"),
        ("VDX_APP_PATTERNS", "no equals sign", "vdx.E006"),
        ("VDX_APP_PATTERNS", "a=b;;c", "vdx.E006"),
        ("VDX_EMBEDDED", True, "vdx.E007"),
        ("VDX_MEDIA_ENGINE", "fake", "vdx.E008"),
        ("VDX_STUN_URLS", ["https://stun.example.dk"], "vdx.E009"),
        ("VDX_TURN_URLS", ["turn:turn.example.dk?transport=sctp"], "vdx.E009"),
        ("ALLOWED_HOSTS", ["*"], "vdx.E010"),
        ("VDX_RELAY_URLS", ["http://10.0.0.5:9000"], "vdx.E011"),
        ("VDX_RELAY_URLS", ["tcp://10.0.0.5"], "vdx.E011"),
        ("VDX_RELAY_ADDRESSES", ["relay.example.dk"], "vdx.E011"),
        ("VDX_RELAY_PUBLIC_IP", "2001:db8::5", "vdx.E011"),
        ("VDX_JANUS_URLS", ["http://janus1.example.dk"], "vdx.E012"),
        ("VDX_TURN_URLS", [], "vdx.E013"),
        ("VDX_TURN_URLS", [], "vdx.W001"),
        ("VDX_PUBLIC_URL", "http://localhost:8000", "vdx.W002"),
        ("VDX_OPERATOR_NAME", "", "vdx.W003"),
        ("VDX_OPERATOR_PHONE", "", "vdx.W003"),
    ],
)
def test_one_mistake_is_found_by_its_name(in_service, name: str, value: object, expected: str) -> None:
    setattr(in_service, name, value)
    assert expected in found(deploy=True)


@pytest.mark.django_db
def test_a_database_with_demo_users_does_not_go_into_service(in_service) -> None:
    assert "vdx.E003" not in found(deploy=True, databases=["default"])
    create_user(email="demo@demo.invalid", name="Demo", actor=None, is_demo=True)
    assert "vdx.E003" in found(deploy=True, databases=["default"])
    # Without being told to look into the database, it is not asked.
    assert "vdx.E003" not in found(deploy=True)


def test_errors_stop_the_start(in_service) -> None:
    in_service.VDX_TRUSTED_PROXIES = ["nonsense"]
    with pytest.raises(SystemCheckError, match=r"vdx\.E004"):
        call_command("check")


def test_what_is_said_never_repeats_a_secret(in_service) -> None:
    in_service.SECRET_KEY = in_service.VDX_TURN_SECRET = "hunter2" * 8
    text = "".join(str(message) for message in run_checks(include_deployment_checks=True))
    assert "vdx.E001" in text
    assert "hunter2" not in text
