"""Whatever fits the schema, and whatever does not: no 500, and nothing that the schema does not say.

The calls are made up from a fixed seed, so that the suite makes the same ones every time; ``make fuzz-api`` makes up
others for twenty minutes.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.booking.api.conftest import World

SECONDS = int(os.environ.get("FUZZ_API_SECONDS", "60"))
# A number; empty draws one, which schemathesis prints at its end.
SEED = os.environ.get("FUZZ_API_SEED", "20260501")
FOLDER = Path(__file__).parent / "fuzz"


def test_the_api_keeps_to_its_schema(world: World, tmp_path: Path) -> None:
    # Between them the two roles may do everything.
    token = world.client("admin", "provisioner-user", organisation="outside-pooled").token
    done = subprocess.run(
        [
            str(Path(sys.executable).parent / "schemathesis"),
            f"--config-file={FOLDER / 'schemathesis.toml'}",
            "run",
            f"{world.hub.url}/videoapi/v2/schema",
            f"--url={world.hub.url}",
            f"--header=Authorization: Bearer {token}",
            "--checks=all",
            f"--max-time={SECONDS}",
            *([f"--seed={SEED}"] if SEED else []),
            "--continue-on-failure",
            "--no-color",
        ],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(FOLDER)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2000:]
    assert re.search(r"Tested: 23", done.stdout)
    assert "unforeseen error" not in world.hub.log()
