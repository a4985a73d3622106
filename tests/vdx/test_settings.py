"""Settings: every variable is documented, and a wrong one stops the start in a sentence."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from vdx.settings import _database, env

DOCUMENT = Path(settings.BASE_DIR) / "docs" / "settings.md"
SECRET = "q8Zt3Lw0Vx5Nc7Rb1Ym4Hs9Kd2Fg6Jp-aEoUiTzXlWkMn_BvCrQ"


def rows() -> list[tuple[str, str, str]]:
    """Name, default and meaning, as the table in the document gives them."""
    lines = [line for line in DOCUMENT.read_text().splitlines() if line.startswith("| `VDX_")]
    cells = [re.split(r"(?<!\\)\|", line)[1:-1] for line in lines]
    return [(name.strip().strip("`"), default.strip(), meaning.strip()) for name, default, meaning in cells]


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:////srv/vdx/a.sqlite3", "/srv/vdx/a.sqlite3"),
        ("sqlite:///var/a.sqlite3", f"{settings.BASE_DIR}/var/a.sqlite3"),
        ("sqlite:////srv/my%20hub/a", "/srv/my hub/a"),
    ],
)
def test_a_file_is_named_with_three_slashes_and_from_the_root_with_four(url: str, path: str) -> None:
    assert _database(url)["NAME"] == path


def test_every_setting_is_documented_once_and_nothing_else() -> None:
    assert sorted(name for name, _, _ in rows()) == sorted(env.declared)


def test_the_documents_meanings_are_those_of_the_code() -> None:
    documented = {name: meaning.replace("\\|", "|") for name, _, meaning in rows()}
    assert documented == {name: declared.meaning for name, declared in env.declared.items()}


def start(tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Start a command of the hub with these settings alone."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("VDX_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=settings.BASE_DIR,
        env={**inherited, "VDX_VAR_DIR": str(tmp_path), **environment},
        capture_output=True,
        text=True,
    )


def test_what_an_embedded_hub_keeps_is_for_its_user_alone(tmp_path: Path) -> None:
    var = tmp_path / "var"
    assert start(var).returncode == 0
    assert var.stat().st_mode & 0o777 == 0o700
    assert {path.name: path.stat().st_mode & 0o777 for path in var.iterdir()} == {
        "vdx.sqlite3": 0o600,
        "secrets.json": 0o600,
    }


def test_without_any_setting_the_hub_is_embedded(tmp_path: Path) -> None:
    done = start(tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "secrets.json").exists()


@pytest.mark.parametrize(
    ("environment", "complaint"),
    [
        ({"VDX_PUBLIC_URL": "http://vdx.example.dk"}, "VDX_PUBLIC_URL must start with https://"),
        ({"VDX_SHORT_LINK_BASE": "https://vdx.dk/m"}, "VDX_SHORT_LINK_BASE must end with a slash"),
        # It is no server: two devices talk directly wherever their room's template allows it.
        ({"VDX_MEDIA_ENGINE": "direct"}, "VDX_MEDIA_ENGINE must match relay|janus|fake"),
        ({"VDX_MEDIA_ENGINE": "janus"}, "VDX_JANUS_URLS must be set"),
        ({"VDX_ICE_TRANSPORT_POLICY": "turn"}, "VDX_ICE_TRANSPORT_POLICY must match all|relay"),
        ({"VDX_RELAY_PORT_RANGE": "50000-40000"}, "VDX_RELAY_PORT_RANGE must be FIRST-LAST"),
        ({"VDX_SHORT_LINK_BASE": "http://localhost:8000/"}, "VDX_SHORT_LINK_BASE must be VDX_PUBLIC_URL with /m/"),
        ({"VDX_SECRET_KEY": "short"}, "VDX_SECRET_KEY must be set to a secret of at least 50 characters"),
        ({"VDX_DATABASE_URL": "postgres://vdx@db/vdx", "VDX_SECRET_KEY": SECRET}, "VDX_REDIS_URL must name"),
        ({"VDX_DATABASE_URL": "mysql://vdx@db/vdx"}, "VDX_DATABASE_URL must be"),
        ({"VDX_DATABASE_URL": "sqlite:////tmp/x", "VDX_SECRET_KEY": SECRET}, "VDX_MAIL_URL must name a mail server"),
        ({"VDX_DATABASE_URL": "sqlite:////tmp/x"}, "VDX_SECRET_KEY must be set"),
        ({"VDX_DATABASE_URL": "sqlite:///"}, "VDX_DATABASE_URL must be"),
        ({"VDX_DATABASE_URL": "sqlite://var/x"}, "VDX_DATABASE_URL must be"),
        ({"VDX_TURN_URLS": "turn:turn.example.dk"}, "VDX_TURN_SECRET must be set"),
        ({"VDX_API_V1_PROXIES": "10.0.0.1", "VDX_API_V1_SECRET": "short"}, "VDX_API_V1_SECRET must be a secret"),
        ({"VDX_PROT": "8000"}, "Unknown setting VDX_PROT"),
        ({"VDX_PORT": "abc"}, "VDX_PORT"),
    ],
)
def test_nonsense_stops_the_start_in_a_sentence(tmp_path: Path, environment: dict[str, str], complaint: str) -> None:
    done = start(tmp_path, **environment)
    assert done.returncode == 1
    assert complaint in done.stderr
    assert "docs/settings.md" in done.stderr
    assert "Traceback" not in done.stderr
