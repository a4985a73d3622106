"""Secrets of an embedded installation, drawn at its first start and kept in ``var/secrets.json`` (mode 0600)."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Callable
from pathlib import Path


def _draw() -> str:
    return secrets.token_urlsafe(48)


def local_secret(folder: Path, name: str, draw: Callable[[], str] = _draw) -> str:
    """The secret of that name, drawn and stored at the first call. Safe for several processes at once."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "secrets.json"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        known: dict[str, str] = json.loads(file.read() or "{}")
        if name not in known:
            known[name] = draw()
            file.seek(0)
            file.truncate()
            json.dump(known, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        return known[name]
