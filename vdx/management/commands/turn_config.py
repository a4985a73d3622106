"""``manage.py turn_config``: a coturn configuration that goes with the hub's settings."""

from __future__ import annotations

import argparse
import re
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from media.coturn import Coturn, configuration, refused

FORM = re.compile(r"(turns?):(\[[^\]]+\]|[^:?]+)(?::(\d+))?")
STANDARD = {"turn": 3478, "turns": 5349}


class Command(BaseCommand):
    """Printed, never written: where the file goes and who may read it is the operator's choice."""

    help = "Print the turnserver.conf of a coturn for this hub (docs/operations.md)."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Everything that is not among the hub's settings."""
        add = parser.add_argument
        add("--with-secret", action="store_true", help="Print VDX_TURN_SECRET too. Guard the file.")
        add("--host", default="", help="Which host of VDX_TURN_URLS, where there are several; else the first.")
        add("--realm", default="", help="Else the host name of VDX_PUBLIC_URL.")
        add("--cert", default="/etc/coturn/fullchain.pem", help="Certificate chain, for turns: addresses.")
        add("--key", default="/etc/coturn/privkey.pem", help="Its private key.")
        add("--listen", action="append", default=[], metavar="ADDRESS", help="Else all of the machine's. Repeatable.")
        add(
            "--external-ip",
            action="append",
            default=[],
            metavar="PUBLIC[/PRIVATE]",
            help="Public address, where a router maps it to this machine. Repeatable.",
        )
        add(
            "--allow",
            action="append",
            default=[],
            metavar="ADDRESS",
            help="A media server's address in a range that is otherwise refused. Repeatable.",
        )
        add("--min-port", type=int, default=49152, help="First UDP port of relayed packets.")
        add("--max-port", type=int, default=65535, help="Last UDP port of relayed packets.")
        add("--user-quota", type=int, default=40, help="Most allocations of one seat at a time.")
        add("--total-quota", type=int, default=4000, help="Most allocations at a time.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print it; what the operator must know goes to standard error."""
        if not settings.VDX_TURN_URLS:
            raise CommandError("VDX_TURN_URLS er tom: sæt adressen på den TURN-server, som filen er til.")
        ports = _ports(options["host"])
        if not 1024 <= options["min_port"] < options["max_port"] <= 65535:
            raise CommandError("--min-port og --max-port skal ligge mellem 1024 og 65535, den mindste først.")
        server = Coturn(
            realm=options["realm"] or urlsplit(settings.VDX_PUBLIC_URL).hostname or "vdx",
            secret=settings.VDX_TURN_SECRET if options["with_secret"] else "",
            port=ports.get("turn", STANDARD["turn"]),
            tls_port=ports.get("turns", 0),
            certificate=options["cert"],
            key=options["key"],
            listening=options["listen"],
            external=options["external_ip"],
            allowed=options["allow"],
            ports=(options["min_port"], options["max_port"]),
            user_quota=options["user_quota"],
            total_quota=options["total_quota"],
        )
        try:
            text = configuration(server)
        except ValueError as error:
            raise CommandError(f"Adressen kan ikke bruges: {error}") from None
        self.stdout.write(text, ending="")
        if options["with_secret"]:
            self.stderr.write("Filen indeholder hemmeligheden: lad kun coturn læse den (rettigheder 640).")
        else:
            self.stderr.write("Hemmeligheden er udeladt, og uden den kommer ingen ind: --with-secret tager den med.")
        for address in settings.VDX_RELAY_ADDRESSES:
            if address not in options["allow"] and not settings.VDX_RELAY_PUBLIC_IP and refused(ip_address(address)):
                self.stderr.write(
                    f"VDX_RELAY_ADDRESSES har {address}, som filen afviser: --allow {address} åbner for den."
                )


def _ports(host: str) -> dict[str, int]:
    """The ports of one host in VDX_TURN_URLS, by scheme. Refuses two of a scheme: a coturn listens on one."""
    found: dict[str, int] = {}
    for url in settings.VDX_TURN_URLS:
        match = FORM.match(url)
        if match is None:
            raise CommandError("En adresse i VDX_TURN_URLS kan ikke læses. `manage.py check` siger hvilken.")
        scheme, its_host, port = match.groups()
        host = host or its_host
        if its_host != host:
            continue
        number = int(port or STANDARD[scheme])
        if found.setdefault(scheme, number) != number:
            raise CommandError(f"VDX_TURN_URLS har to porte for {scheme}:{host}. En coturn lytter på én.")
    if not found:
        raise CommandError(f"{host} står ikke i VDX_TURN_URLS.")
    return found
