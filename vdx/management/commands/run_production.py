"""``manage.py run_production``: the hub in service, from VDX_* settings. What ``make run-production`` ends in."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from vdx.embedded.preflight import refuse_unsafe
from vdx.embedded.relay import command as relay_command
from vdx.embedded.relay import own_workers, probe_command
from vdx.embedded.supervisor import Program, Supervisor
from vdx.embedded.web import PortTaken, address, listen


class Command(BaseCommand):
    """Checks, migrations, static files, then web, worker, beat, relay and probe as processes of their own."""

    help = "Run web, worker, beat, relay and probe processes until SIGTERM."

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare and supervise."""
        if settings.VDX_EMBEDDED or not settings.VDX_REDIS_URL:
            raise CommandError(
                "I drift kører VDX på PostgreSQL og Redis: sæt VDX_DATABASE_URL og VDX_REDIS_URL. "
                "Se docs/operations.md. Vil du bare prøve den, så brug `make run`."
            )
        try:
            listener = listen(settings.VDX_LISTEN, settings.VDX_PORT)
        except PortTaken:
            raise CommandError(
                f"Port {settings.VDX_PORT} er optaget af et andet program. Stop det, eller sæt VDX_PORT."
            ) from None
        refuse_unsafe(databases=[])
        call_command("migrate", verbosity=0, interactive=False)
        # With the tables there the check for demo users can look. Warnings are shown here, once.
        call_command("check", deploy=True, databases=["default"], fail_level="ERROR", stderr=self.stderr)
        call_command("collectstatic", verbosity=0, interactive=False)
        if settings.VDX_PROBE_SECONDS:
            call_command("prepare_probe", verbosity=0)

        manage = [sys.executable, str(Path(settings.BASE_DIR) / "manage.py")]
        web = [
            Program(f"web-{number + 1}", [*manage, "web", "--fd", str(listener.fileno())], True, (listener.fileno(),))
            for number in range(settings.VDX_WEB_PROCESSES)
        ]
        rest = [Program(name, [*manage, name], restart=True) for name in ("worker", "beat")]
        self.say(f"VDX starter på {address()} (porten er {settings.VDX_LISTEN}:{settings.VDX_PORT}).")
        relay = [
            Program(f"relay-{number + 1}", relay_command(number), keep_trying=True, folder=Path(settings.BASE_DIR))
            for number in range(own_workers())
        ]
        looks = probe_command()
        probe = [Program("probe", looks, keep_trying=True, folder=Path(settings.BASE_DIR))] if looks else []
        code = Supervisor([*web, *rest, *relay, *probe], self.say).run()
        listener.close()
        self.say("VDX er stoppet.")
        if code:
            sys.exit(code)

    def say(self, sentence: str) -> None:
        """Tell the operator."""
        self.stdout.write(sentence)
        self.stdout.flush()
