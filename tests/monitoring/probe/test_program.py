"""The probe as a program of its own: what it stands on, and what it does without."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

LOADED = """
import runpy, sys
sys.argv = ["probe", "--help"]
try:
    runpy.run_module("monitoring.probe", run_name="__main__")
except SystemExit:
    pass
print("\\n".join(sys.modules))
"""


def test_the_program_loads_neither_apps_nor_orm_nor_broker(tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("VDX_")}
    done = subprocess.run(
        [sys.executable, "-c", LOADED],
        env={**kept, "DJANGO_SETTINGS_MODULE": "vdx.settings", "VDX_VAR_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(done.stdout.split())
    # It got as far as the whole of it.
    assert {"monitoring.probe.run", "media.peer"} <= loaded
    without = ("django.db.models", "django.contrib.auth", "monitoring.models", "celery", "channels", "redis")
    assert [name for name in without if name in loaded] == []
