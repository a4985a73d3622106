"""The API benchmark: bookings and reads a second, beside a bare view in the same run.

usage: python -m bench.api.run [--seconds 5] [--rounds 3] [--connections 8] [--out FILE]

PostgreSQL, Redis and two web processes, all private to the run. Each round measures the four in turn, so that what else
the machine does falls on all of them; the medians are compared. What is aimed at: POST at least 0.35 of the bare view,
GET of one at least 0.5.
"""

from __future__ import annotations

import argparse
import json
import socket
import statistics
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from tests.support.calls import Client
from tests.support.identity import IdentityProvider
from tests.support.servers import HubServer

AIMS = {"POST": 0.35, "GET": 0.5}
LIST = 1000


def main() -> int:
    """Measure, print, and say by the exit code whether the aims were met."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    with IdentityProvider() as idp:
        settings = {
            "VDX_API_ISSUER": idp.issuer,
            "VDX_API_RATE": "1000000",
            "VDX_LOG_LEVEL": "WARNING",
            "DJANGO_SETTINGS_MODULE": "bench.api.settings",
        }
        with HubServer.service(environment=settings) as hub:
            hub.shell(
                "from vdx.accounts.models import Organisation\nOrganisation.objects.create(code='home', name='h')"
            )
            token = idp.token("home", "eva@klak.dk", ("meeting-planner",))
            report = measure(hub.urls, token, options)
    print(json.dumps(report, indent=1))
    if options.out:
        options.out.write_text(json.dumps(report, indent=1) + "\n")
    met = all(report["ratio"][method] >= aim for method, aim in AIMS.items())
    return 0 if met else 1


def measure(urls: list[str], token: str, options: argparse.Namespace) -> dict:
    """Rates of each, the ratios of their medians, and the time of one long list."""
    client = Client(urls[0], token)
    start = datetime.now(UTC) + timedelta(days=1)
    booking = {
        "subject": "Opfølgning",
        "startTime": start.isoformat(),
        "endTime": (start + timedelta(minutes=15)).isoformat(),
    }
    uuid = client.post("meetings", booking).json()["uuid"]
    client.post("bare", {"desired": 1})
    jobs: dict[str, Callable[[str], bytes]] = {
        "bare POST": lambda host: _request(host, token, "POST", "bare", {"desired": 1}),
        "POST": lambda host: _request(host, token, "POST", "meetings", booking),
        "bare GET": lambda host: _request(host, token, "GET", "bare"),
        "GET": lambda host: _request(host, token, "GET", f"meetings/{uuid}"),
    }
    rates: dict[str, list[float]] = {name: [] for name in jobs}
    for make in jobs.values():
        _load(urls, make, 1, options.connections)
    for _ in range(options.rounds):
        for name, make in jobs.items():
            rates[name].append(round(_load(urls, make, options.seconds, options.connections), 1))
            print(f"{name}: {rates[name][-1]} a second", file=sys.stderr)
    medians = {name: statistics.median(values) for name, values in rates.items()}
    while len(client.get("meetings", subject="Opfølgning").json()) < LIST:
        _load(urls, jobs["POST"], 2, options.connections)
    begun = time.perf_counter()
    found = client.get("meetings", subject="Opfølgning").json()
    return {
        "conditions": {
            "seconds": options.seconds,
            "rounds": options.rounds,
            "connections": options.connections,
            "web": len(urls),
        },
        "rates": rates,
        "medians": medians,
        "ratio": {method: round(medians[method] / medians[f"bare {method}"], 3) for method in AIMS},
        "aims": AIMS,
        "list": {"meetings": len(found), "seconds": round(time.perf_counter() - begun, 3)},
    }


def _request(host: str, token: str, method: str, path: str, body: dict | None = None) -> bytes:
    data = json.dumps(body).encode() if body is not None else b""
    lines = [
        f"{method} /videoapi/v2/{path} HTTP/1.1",
        f"Host: {host}",
        f"Authorization: Bearer {token}",
        "Accept: application/hal+json",
        f"Content-Length: {len(data)}",
        *(["Content-Type: application/json"] if data else []),
        "",
        "",
    ]
    return "\r\n".join(lines).encode() + data


def _load(urls: list[str], make: Callable[[str], bytes], seconds: float, connections: int) -> float:
    """Requests a second over so many connections, spread over the web processes. Every answer must be 200."""
    until = time.perf_counter() + seconds
    counts = [0] * connections
    wrong: list[bytes] = []

    def run(number: int) -> None:
        parts = urlsplit(urls[number % len(urls)])
        request = make(parts.netloc)
        with socket.create_connection((parts.hostname, parts.port), timeout=30) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while time.perf_counter() < until:
                connection.sendall(request)
                answer = _read(connection)
                if not answer.startswith(b"HTTP/1.1 200"):
                    wrong.append(answer)
                    return
                counts[number] += 1

    begun = time.perf_counter()
    threads = [threading.Thread(target=run, args=(number,)) for number in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise RuntimeError(wrong[0][:2000].decode(errors="replace"))
    return sum(counts) / (time.perf_counter() - begun)


def _read(connection: socket.socket) -> bytes:
    """One whole answer."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(65536)
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")
    )
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


if __name__ == "__main__":
    sys.exit(main())
