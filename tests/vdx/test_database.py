"""How the hub goes to PostgreSQL: who waits for a row does not wait for ever."""

from __future__ import annotations

from typing import Any

import pytest

from vdx import settings

URL = "postgres://vdx:secret@db.example.dk/vdx"


def options(monkeypatch: pytest.MonkeyPatch, url: str) -> dict[str, Any]:
    monkeypatch.setattr(settings, "VDX_REDIS_URL", "redis://redis.example.dk")
    found: Any = settings._database(url)["OPTIONS"]
    return dict(found)


def test_a_wait_for_a_row_ends_after_ten_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    assert options(monkeypatch, URL)["options"] == "-c lock_timeout=10s"


def test_an_operators_own_options_are_kept_and_go_before_the_hubs(monkeypatch: pytest.MonkeyPatch) -> None:
    given = options(monkeypatch, f"{URL}?sslmode=require&options=-c%20lock_timeout%3D3s")
    assert given["sslmode"] == "require"
    # PostgreSQL believes the last one.
    assert given["options"] == "-c lock_timeout=10s -c lock_timeout=3s"
