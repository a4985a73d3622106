"""``manage.py janus_config``: the files that an operator gives to Janus. That Janus takes them, its tests show."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.core.management.base import CommandError

MAIN, ROOMS, SOCKETS = "janus.jcfg", "janus.plugin.videoroom.jcfg", "janus.transport.websockets.jcfg"
SECRET = "a secret of some length"


@pytest.fixture(autouse=True)
def _secret(settings: LazySettings) -> None:
    settings.VDX_JANUS_SECRET = SECRET


def write(folder: Path, *options: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("janus_config", str(folder), *options, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_the_files_are_named_and_written(tmp_path: Path) -> None:
    folder = tmp_path / "janus"
    out, _ = write(folder, "--listen", "10.0.0.5", "--port", "8189", "--address", "192.0.2.7")
    assert out.split() == [str(folder / name) for name in (MAIN, ROOMS, SOCKETS)]
    assert 'ws_ip = "10.0.0.5"' in (folder / SOCKETS).read_text()
    assert "ws_port = 8189" in (folder / SOCKETS).read_text()
    assert 'ice_enforce_list = "192.0.2.7"' in (folder / MAIN).read_text()
    assert 'rtp_port_range = "20000-40000"' in (folder / MAIN).read_text()


def test_the_secret_is_written_only_when_asked_for(tmp_path: Path) -> None:
    _, told = write(tmp_path)
    assert SECRET not in (tmp_path / MAIN).read_text()
    assert "--with-secret" in told
    write(tmp_path, "--with-secret", "--overwrite")
    assert f'api_secret = "{SECRET}"' in (tmp_path / MAIN).read_text()


def test_no_stranger_on_the_machine_reads_the_secret(tmp_path: Path) -> None:
    write(tmp_path, "--with-secret")
    assert (tmp_path / MAIN).stat().st_mode & 0o007 == 0


def test_a_short_secret_is_refused(tmp_path: Path, settings: LazySettings) -> None:
    settings.VDX_JANUS_SECRET = "short"
    with pytest.raises(CommandError, match="16"):
        write(tmp_path, "--with-secret")


def test_a_router_in_front_is_told(tmp_path: Path) -> None:
    write(tmp_path, "--public-ip", "198.51.100.4")
    assert 'nat_1_1_mapping = "198.51.100.4"' in (tmp_path / MAIN).read_text()


def test_what_is_there_is_kept(tmp_path: Path) -> None:
    (tmp_path / ROOMS).write_text("mine")
    with pytest.raises(CommandError, match=ROOMS):
        write(tmp_path)
    assert (tmp_path / ROOMS).read_text() == "mine"
    assert not (tmp_path / MAIN).exists()


@pytest.mark.parametrize(
    "options",
    [["--min-port", "80"], ["--min-port", "30000", "--max-port", "30000"], ["--address", "eth0;"], ["--listen", "x"]],
)
def test_nonsense_is_refused(tmp_path: Path, options: list[str]) -> None:
    with pytest.raises(CommandError):
        write(tmp_path, *options)


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandError, match="file"):
        write(tmp_path / "file" / "janus")
