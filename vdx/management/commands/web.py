"""``manage.py web``: answer pages and sockets until SIGTERM."""

from __future__ import annotations

import argparse
import socket
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from vdx.embedded.preflight import refuse_unsafe
from vdx.embedded.process import stop_on_signals
from vdx.embedded.web import PortTaken, WebServer, listen


class Command(BaseCommand):
    """A web process."""

    help = "Answer pages and sockets until SIGTERM."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """``--fd``: several processes share the listening socket of the one that started them."""
        parser.add_argument("--fd", type=int, help="Number of an open listening socket to use.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve."""
        if not settings.VDX_EMBEDDED:
            refuse_unsafe(databases=["default"])
        if options["fd"] is not None:
            listener = socket.socket(fileno=options["fd"])
        else:
            try:
                listener = listen(settings.VDX_LISTEN, settings.VDX_PORT)
            except PortTaken:
                raise CommandError(f"Port {settings.VDX_PORT} er optaget af et andet program.") from None
        server = WebServer()
        stop_on_signals(server.stop)
        server.run([listener])
