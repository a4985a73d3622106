"""``manage.py serve``: the whole hub in one process, on SQLite. What ``make run`` ends in."""

from __future__ import annotations

import argparse
import time
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from vdx import collected
from vdx.embedded import one
from vdx.embedded.web import PortTaken, address, listen
from vdx.lib import joining
from vdx.lib.ids import digest


class Command(BaseCommand):
    """Database up to date, static files collected, everything started."""

    help = "Run the whole hub (web server, worker and beat in one process, a relay worker and a probe) until SIGTERM."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """``--demo``: with demo data; ``--since``: when the person pressed Enter."""
        parser.add_argument("--demo", action="store_true", help="Make demo organisations and users when missing.")
        parser.add_argument("--since", type=float, help="Unix time to count the seconds of the start from.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare and serve."""
        since = options["since"] or time.time()
        if settings.VDX_REDIS_URL:
            raise CommandError("VDX_REDIS_URL er sat. Så kører hubben som flere processer: brug `make run-production`.")
        try:
            listener = listen(settings.VDX_LISTEN, settings.VDX_PORT)
        except PortTaken:
            raise CommandError(
                f"Port {settings.VDX_PORT} er optaget af et andet program. Stop det, eller vælg en anden port: "
                f"`PORT={settings.VDX_PORT + 1} make run`."
            ) from None
        self.check(display_num_errors=False)
        call_command("migrate", verbosity=0, interactive=False)
        people = StringIO()
        if options["demo"] and not settings.VDX_EMBEDDED:
            people.write("VDX_DATABASE_URL er sat, så der er ingen demobrugere her. ")
        elif options["demo"]:
            call_command("demo", verbosity=0)
            call_command("demo_users", "--short", stdout=people)
        collect()
        if settings.VDX_PROBE_SECONDS:
            call_command("prepare_probe", verbosity=0)

        def ready() -> None:
            self.stdout.write(f"\nVDX er klar på {address()}  ({time.time() - since:.1f} sekunder)")
            self.stdout.write(f"{people.getvalue()}Stop med Ctrl-C.")
            self.stdout.flush()

        try:
            one.serve(listener, ready, self._say)
        except one.BackgroundDied as error:
            raise CommandError(f"Hubbens {error} er gået i stå, så alt er stoppet. Loggen siger hvorfor.") from None
        self.stdout.write("VDX er stoppet.")

    def _say(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()


def collect() -> None:
    """Collect static files, but only when one has changed: it takes seconds."""
    marker = Path(settings.STATIC_ROOT) / ".collected"
    now = _fingerprint()
    if marker.exists() and marker.read_text() == now:
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    marker.write_text(now)


def _fingerprint() -> str:
    files = [
        (path, storage.get_modified_time(path).timestamp(), storage.size(path))
        for finder in get_finders()
        for path, storage in finder.list([])
    ]
    # What is made of them is another thing when it is made in another way.
    ways = [Path(module.__file__ or "").read_text(encoding="utf-8") for module in (collected, joining)]
    return digest("static", repr([sorted(files), ways]))
