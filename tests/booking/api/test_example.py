"""The client in docs/api.md is run as it stands there."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

from django.conf import settings

from tests.booking.api.conftest import World

DOCUMENT = Path(settings.BASE_DIR) / "docs" / "api.md"


def test_the_example_books_reads_and_cancels(world: World, tmp_path: Path) -> None:
    [script] = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)
    assert len([line for line in script.splitlines() if line.strip()]) <= 42
    (tmp_path / "example.py").write_text(script)
    client_id, secret = json.loads(
        world.hub.shell(
            "import json\nfrom vdx.accounts import services\nfrom vdx.accounts.models import Organisation\n"
            "from vdx.lib import clock\n"
            "client, secret = services.create_api_client(name='Eksempel', email='eksempel@klak.dk', actor=None,\n"
            "    organisation=Organisation.objects.get(code='home'), roles=['meeting-planner'], allowed_origins=[],\n"
            "    now=clock.now())\n"
            "print(json.dumps([client.client_id, secret]))"
        )
    )
    done = subprocess.run(
        [sys.executable, "example.py", world.hub.url, client_id, secret], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(rf"Booked: {world.hub.url}/m/\w{{12}}\nStarts: \S+Z\nCancelled\.\n", done.stdout)
