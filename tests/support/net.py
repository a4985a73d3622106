"""A network of their own for tests: a browser at the far end of a cable that can be pulled out.

A pair of virtual interfaces (veth): one end in this machine's own network, the other in a network namespace
(ip-netns(8)) where a browser runs. Pulling the cable, or giving the far end another address, is to the browser what
losing a network or changing from one to another is to a telephone. Needs root.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.support.processes import ServerFailed, scratch, wait_until

CHROMIUM = "/usr/bin/chromium"
NAMES, LINKS = re.compile(r"vdx-net-(\d+)-\d+"), re.compile(r"vdx(\d+)n\d+")
# The third number of 10.99.x.0/24: the first that this machine does not use. Eight is the tests' Janus.
NETWORKS = [7, *range(9, 250)]


def _ip(*words: str) -> str:
    return _run("ip", *words)


def _run(*words: str) -> str:
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode:
        raise ServerFailed(f"{' '.join(words)}: {done.stderr.strip()}")
    return done.stdout


def remove_stale() -> None:
    """Remove what earlier runs left behind when they were killed."""
    for entry in json.loads(_ip("-json", "netns", "list") or "[]"):
        found = NAMES.fullmatch(entry["name"])
        if found and not Path(f"/proc/{found[1]}").exists():
            _ip("netns", "delete", entry["name"])
    for entry in json.loads(_ip("-json", "link", "show")):
        found = LINKS.fullmatch(entry["ifname"])
        if found and not Path(f"/proc/{found[1]}").exists():
            # It may have gone with its other end since.
            with contextlib.suppress(ServerFailed):
                _ip("link", "delete", entry["ifname"])


@dataclass
class Network:
    """The cable. ``near`` is this machine's address on it, ``far`` the browser's."""

    namespace: str
    near_link: str
    near: str
    far: str

    def pull_out(self) -> None:
        """No cable: both ends notice at once."""
        _ip("link", "set", self.near_link, "down")

    def put_in(self) -> None:
        """The cable is back."""
        _ip("link", "set", self.near_link, "up")

    def swallow(self) -> None:
        """Everything is lost on the way, and no end is told: the far end's packets go to an address of nobody."""
        self._inside("neigh", "replace", self.near, "lladdr", "02:00:00:00:00:01", "dev", "eth0", "nud", "permanent")
        _ip("neigh", "replace", self.far, "lladdr", "02:00:00:00:00:02", "dev", self.near_link, "nud", "permanent")

    def deliver(self) -> None:
        """The way is open again."""
        self._inside("neigh", "del", self.near, "dev", "eth0")
        _ip("neigh", "del", self.far, "dev", self.near_link)

    def block_udp(self) -> None:
        """A wall at the far end that lets no UDP out, as at many a hospital: ip-rule(8) throws it away unseen."""
        self._inside("rule", "add", "ipproto", "udp", "blackhole")

    def narrow(self, kbps: int) -> None:
        """What the far end sends goes no faster than this: tc-tbf(8)."""
        limit = ("rate", f"{kbps}kbit", "burst", "16kb", "latency", "2s")
        _run("tc", "-netns", self.namespace, "qdisc", "replace", "dev", "eth0", "root", "tbf", *limit)

    def widen(self) -> None:
        """As fast as the machine can again."""
        _run("tc", "-netns", self.namespace, "qdisc", "del", "dev", "eth0", "root")

    def move(self) -> None:
        """The far end gets another address, as a telephone does that goes from Wi-Fi to the mobile network."""
        prefix, _, last = self.far.rpartition(".")
        moved = f"{prefix}.{2 + (int(last) - 1) % 200}"
        self._inside("addr", "del", f"{self.far}/24", "dev", "eth0")
        self._inside("addr", "add", f"{moved}/24", "dev", "eth0")
        self.far = moved

    def reach(self, address: str) -> None:
        """Let the far end send to one more address of this machine. It reaches no other cable's far end."""
        self._inside("route", "replace", f"{address}/32", "via", self.near)

    def _inside(self, *words: str) -> None:
        _ip("-netns", self.namespace, *words)


@contextlib.contextmanager
def network() -> Iterator[Network]:
    """A cable with both ends up. Raises :class:`ServerFailed` without root or iproute2."""
    if os.geteuid() != 0:
        raise ServerFailed("tests of networks need root: they make interfaces and a network namespace (sudo make test)")
    if not shutil.which("ip"):
        raise ServerFailed("iproute2 is not installed")
    remove_stale()
    used = {found[1] for found in re.finditer(r"inet 10\.99\.(\d+)\.", _ip("-4", "addr", "show"))}
    number = next(number for number in NETWORKS if str(number) not in used)
    # A link's name holds 15 characters.
    namespace, link = f"vdx-net-{os.getpid()}-{number}", f"vdx{os.getpid()}n{number}"
    net = Network(namespace, link, f"10.99.{number}.1", f"10.99.{number}.2")
    _ip("netns", "add", net.namespace)
    try:
        _ip("link", "add", net.near_link, "type", "veth", "peer", "name", "eth0", "netns", net.namespace)
        _ip("addr", "add", f"{net.near}/24", "dev", net.near_link)
        net._inside("addr", "add", f"{net.far}/24", "dev", "eth0")
        for words in (("link", "set", "lo", "up"), ("link", "set", "eth0", "up")):
            net._inside(*words)
        net.put_in()
        yield net
    finally:
        # The pair goes with either end; a process that still holds the namespace must not hold the address.
        with contextlib.suppress(ServerFailed):
            _ip("link", "delete", net.near_link)
        _ip("netns", "delete", net.namespace)


@dataclass
class Program:
    """A browser's program for a driver to start: ``path`` is a script that becomes the browser itself."""

    path: Path
    pidfile: Path

    @property
    def pid(self) -> int:
        """The browser's process, which leads a group of its own."""
        return int(self.pidfile.read_text())

    def sleep(self) -> None:
        """The whole browser stands still, as on a telephone in a pocket."""
        wait_until("the browser leads its group", lambda: os.getpgid(self.pid) == self.pid)
        os.killpg(self.pid, signal.SIGSTOP)

    def wake(self) -> None:
        """It goes on."""
        os.killpg(self.pid, signal.SIGCONT)


@contextlib.contextmanager
def program(net: Network | None = None) -> Iterator[Program]:
    """Chromium at the far end of ``net``, or on this machine's own network."""
    inside = f"ip netns exec {net.namespace} " if net else ""
    with scratch() as folder:
        made = Program(folder / "chromium", folder / "pid")
        made.path.write_text(f'#!/bin/sh\necho $$ > {made.pidfile}\nexec {inside}{CHROMIUM} "$@"\n')
        made.path.chmod(0o755)
        yield made
