"""``manage.py janus_config FOLDER``: the configuration of a Janus that goes with the hub's settings."""

from __future__ import annotations

import argparse
import os
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from media.engines.janus.configuration import configuration

LEAST_SECRET = 16


class Command(BaseCommand):
    """Three files in a folder that ``janus -F FOLDER -C FOLDER/janus.jcfg`` takes."""

    help = "Write the configuration folder of a Janus for this hub (docs/operations.md)."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Everything that is not among the hub's settings."""
        add = parser.add_argument
        add("folder", type=Path, help="Where to. Made if it is not there.")
        add("--with-secret", action="store_true", help="Write VDX_JANUS_SECRET too. Guard the file.")
        add("--listen", default="127.0.0.1", help="Address for the hub's web processes; never a public one.")
        add("--port", type=int, default=8188, help="Port for the hub's web processes.")
        add("--address", default="", help="This machine's address for sound and picture; else all of them.")
        add("--public-ip", default="", help="What browsers see, where a router maps it to this machine.")
        add("--min-port", type=int, default=20000, help="First UDP port of sound and picture.")
        add("--max-port", type=int, default=40000, help="Last UDP port of sound and picture.")
        add("--log", default="", metavar="FILE", help="Else standard output.")
        add("--overwrite", action="store_true", help="Replace files that are there.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write them; what the operator must know goes to standard error."""
        if not 1024 <= options["min_port"] < options["max_port"] <= 65535:
            raise CommandError("--min-port og --max-port skal ligge mellem 1024 og 65535, den mindste først.")
        for name in ("listen", "address", "public_ip"):
            _check_address(options[name])
        secret = settings.VDX_JANUS_SECRET if options["with_secret"] else None
        if secret is not None and len(secret) < LEAST_SECRET:
            raise CommandError(f"VDX_JANUS_SECRET skal have mindst {LEAST_SECRET} tegn.")
        folder: Path = options["folder"]
        files = configuration(
            listen=options["listen"],
            port=options["port"],
            secret=secret,
            address=options["address"],
            public_address=options["public_ip"],
            ports=(options["min_port"], options["max_port"]),
            log=options["log"],
        )
        there = [name for name in files if (folder / name).exists()]
        if there and not options["overwrite"]:
            raise CommandError(f"{folder} har allerede {', '.join(there)}: --overwrite erstatter.")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for name, text in files.items():
                _write(folder / name, text)
        except OSError as error:
            raise CommandError(f"{folder} kan ikke skrives: {error.strerror}") from None
        self.stdout.write("\n".join(str(folder / name) for name in files))
        if secret is None:
            self.stderr.write(
                "Hemmeligheden er udeladt, og uden den kan hvem som helst lave rum: --with-secret tager den med."
            )
        else:
            self.stderr.write("janus.jcfg indeholder hemmeligheden: lad kun Janus læse den (rettigheder 640).")


def _check_address(text: str) -> None:
    try:
        if text:
            ip_address(text)
    except ValueError:
        raise CommandError(f"{text} er ikke en IP-adresse.") from None


def _write(path: Path, text: str) -> None:
    """Never readable to all, not for a moment."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640), "w") as file:
        file.write(text)
