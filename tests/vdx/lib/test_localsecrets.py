"""Secrets drawn at the first start, and kept."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from vdx.lib.localsecrets import local_secret


def test_a_secret_is_drawn_once_and_kept(tmp_path: Path) -> None:
    first = local_secret(tmp_path / "var", "key")
    assert len(first) == 64
    assert local_secret(tmp_path / "var", "key") == first
    assert local_secret(tmp_path / "var", "other") != first


def test_a_secret_may_be_drawn_in_another_way(tmp_path: Path) -> None:
    assert local_secret(tmp_path, "password", lambda: "drawn") == "drawn"
    assert local_secret(tmp_path, "password", lambda: "drawn again") == "drawn"


def test_nobody_else_on_the_machine_reads_them(tmp_path: Path) -> None:
    local_secret(tmp_path, "key")
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600


def test_several_at_once_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        drawn = set(pool.map(lambda _: local_secret(tmp_path, "key"), range(32)))
    assert len(drawn) == 1
