"""The hub itself for tests, as a person or an operator starts it.

Everything listens on free ports of this machine, lives in a temporary folder, and is gone at the end. As a script
this module runs a command with a private PostgreSQL and Redis around it and their addresses in the environment::

    python -m tests.support.servers -- python -m pytest -m service
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.processes import MANAGE, ROOT, STOP_SECONDS, ServerFailed, free_port, scratch, wait_until
from tests.support.stores import postgres, redis, service_environment

PREPARE = """
from django.core.management import call_command
call_command("migrate", verbosity=0, interactive=False)
call_command("collectstatic", verbosity=0, interactive=False)
"""


@dataclass
class _Child:
    name: str
    command: list[str]
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None


@dataclass
class HubServer:
    """The hub as processes of its own, for tests in a browser and of its beginning and end.

    Two set-ups, used as context managers::

        with HubServer.embedded() as hub:          # one process on a fresh SQLite file, as `make run`
        with HubServer.service() as hub:           # PostgreSQL, Redis, two web processes, worker, beat, relay

    ``hub.url``            address of the first web process, e.g. ``http://localhost:41234``
    ``hub.urls``           all of them: one in the embedded set-up, two otherwise, sharing database, broker and login
    ``hub.manage(...)``    run a management command in the hub's settings and return what it printed
    ``hub.module(name)``   run a module as a program in the hub's settings and return what it printed
    ``hub.shell(code)``    run Python in the hub's settings (Django is set up) and return what it printed; give
                           data back with ``print(json.dumps(…))``
    ``hub.kill(1)``        kill -9 the web process behind ``hub.urls[1]``; in the embedded set-up ``hub.kill(0)``
                           kills the hub
    ``hub.start(1)``       start it again on the same port and wait until it is ready
    ``hub.kill_relay()``   kill -9 the relay worker; the hub's own is started again by the hub
    ``hub.start_relay()``  start the relay worker again where it is a process of the tests' own
    ``hub.stop()``         SIGTERM to everything; returns the exit codes by name; also done at the end of ``with``
    ``hub.log()``          everything the processes have printed
    ``hub.pids()``         process ids of what runs, by name (``web-0``, ``web-1``, ``worker``, ``beat``, ``relay``)

    ``demo=True`` makes the demo organisations and users first (embedded only). ``environment`` adds settings.
    ``relay`` is the module of a relay worker that is a process of its own (always so in service); without it the
    embedded hub starts and watches its worker itself.
    Starting takes about 2 s embedded, 5 s otherwise; make it a fixture with module or session scope and give each
    test a meeting of its own.
    """

    folder: Path
    environment: dict[str, str]
    ports: list[int]
    children: dict[str, _Child] = field(default_factory=dict)
    console: subprocess.Popen[str] | None = None

    # --- Making one -----------------------------------------------------------------------------------------

    @classmethod
    @contextlib.contextmanager
    def embedded(
        cls, *, demo: bool = False, environment: dict[str, str] | None = None, relay: str = ""
    ) -> Iterator[HubServer]:
        """One process on SQLite, and a relay worker that it starts."""
        port = free_port()
        with scratch() as folder:
            settings = {
                "VDX_VAR_DIR": str(folder / "var"),
                "VDX_PORT": str(port),
                "VDX_PUBLIC_URL": f"http://localhost:{port}",
                **_relay_settings(folder, own=bool(relay)),
                **(environment or {}),
            }
            hub = cls(folder, settings, [port])
            command = [*MANAGE, "serve", *(["--demo"] if demo else [])]
            hub.children["web-0"] = _Child("web-0", command, settings)
            if relay:
                hub._own_relay(relay)
            with hub._running():
                yield hub

    @classmethod
    @contextlib.contextmanager
    def service(
        cls, *, environment: dict[str, str] | None = None, relay: str = "media.engines.relay.worker"
    ) -> Iterator[HubServer]:
        """PostgreSQL and Redis, two web processes on two ports, a worker, a beat and a relay worker."""
        ports = [free_port(), free_port()]
        with contextlib.ExitStack() as stack:
            database = stack.enter_context(postgres())
            broker = stack.enter_context(redis())
            folder = stack.enter_context(scratch())
            settings = {
                **service_environment(database, broker, folder / "var", ports[0]),
                **_relay_settings(folder, own=True),
                **(environment or {}),
            }
            hub = cls(folder, settings, ports)
            stack.callback(hub._close_console)
            hub.shell(PREPARE)
            for number, port in enumerate(ports):
                # Each says its own address, so that browsers may open sockets to it.
                own = {**settings, "VDX_PORT": str(port), "VDX_PUBLIC_URL": f"http://localhost:{port}"}
                hub.children[f"web-{number}"] = _Child(f"web-{number}", [*MANAGE, "web"], own)
            hub.children["worker"] = _Child("worker", [*MANAGE, "worker"], settings)
            hub.children["beat"] = _Child("beat", [*MANAGE, "beat"], settings)
            hub._own_relay(relay)
            stack.enter_context(hub._running())
            yield hub

    @contextlib.contextmanager
    def _running(self) -> Iterator[None]:
        try:
            for child in self.children.values():
                self._launch(child)
            for number in range(len(self.ports)):
                self._wait_ready(number)
            yield
        finally:
            self.stop()

    # --- Using it -------------------------------------------------------------------------------------------

    @property
    def urls(self) -> list[str]:
        """Addresses of the web processes, without a slash at the end."""
        return [f"http://localhost:{port}" for port in self.ports]

    @property
    def url(self) -> str:
        """Address of the first web process."""
        return self.urls[0]

    def manage(self, *arguments: str) -> str:
        """What a management command prints. Raises :class:`ServerFailed` when it fails."""
        return self._run([*MANAGE, *arguments])

    def module(self, name: str) -> str:
        """What ``python -m name`` prints in the hub's settings. Raises :class:`ServerFailed` when it fails."""
        return self._run([sys.executable, "-m", name])

    def shell(self, code: str) -> str:
        """What Python code prints in the hub's settings. Raises :class:`ServerFailed` when it fails."""
        if self.console is None or self.console.poll() is not None:
            self.console = self._open_console()
        assert self.console.stdin is not None
        assert self.console.stdout is not None
        self.console.stdin.write(json.dumps(code) + "\n")
        self.console.stdin.flush()
        answer = json.loads(self.console.stdout.readline() or '{"error": "the console has ended"}')
        if "error" in answer:
            raise ServerFailed(answer["error"])
        return str(answer["out"])

    def pids(self) -> dict[str, int]:
        """Process ids of what runs."""
        return {c.name: c.process.pid for c in self.children.values() if c.process and c.process.poll() is None}

    def kill(self, number: int) -> None:
        """kill -9 a web process."""
        process = self.children[f"web-{number}"].process
        if process is None:
            raise ServerFailed(f"web-{number} does not run")
        process.kill()
        process.wait()

    def start(self, number: int) -> None:
        """Start a web process again, on the same port, and wait until it is ready."""
        self._launch(self.children[f"web-{number}"])
        self._wait_ready(number)

    def relay_pid(self) -> int | None:
        """The relay worker's process, or None while there is none."""
        own = self.children.get("relay")
        if own is not None:
            return own.process.pid if own.process and own.process.poll() is None else None
        hub = self.children["web-0"].process
        return _child_of(hub.pid, "media.engines.relay.worker") if hub else None

    def kill_relay(self) -> None:
        """kill -9 the relay worker. The embedded hub starts its own again."""
        wait_until("there is a relay worker", self.relay_pid)
        pid = self.relay_pid()
        if pid is None:
            raise ServerFailed("the relay worker ended by itself")
        os.kill(pid, signal.SIGKILL)
        own = self.children.get("relay")
        if own is not None and own.process is not None:
            own.process.wait()

    def start_relay(self) -> None:
        """Start the relay worker again, where it is a process of the tests' own."""
        self._launch(self.children["relay"])

    def stop(self) -> dict[str, int]:
        """Stop everything in order. Exit codes by name; a process that does not stop is killed and reported."""
        running = [child for child in self.children.values() if child.process is not None]
        for child in running:
            if child.process and child.process.poll() is None:
                child.process.terminate()
        self._close_console()
        codes: dict[str, int] = {}
        late: list[str] = []
        for child in running:
            if child.process is None:
                continue
            try:
                codes[child.name] = child.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                late.append(child.name)
                child.process.kill()
                codes[child.name] = child.process.wait()
            child.process = None
        if late:
            raise ServerFailed(f"{', '.join(late)} did not stop within {STOP_SECONDS} s:\n{self.log()}")
        return codes

    def log(self) -> str:
        """What the processes have printed so far."""
        return "\n".join(
            f"--- {path.stem}\n{path.read_text(errors='replace')}" for path in sorted(self.folder.glob("*.log"))
        )

    def _run(self, command: list[str]) -> str:
        done = subprocess.run(command, cwd=ROOT, env=self._environ(self.environment), capture_output=True, text=True)
        if done.returncode:
            raise ServerFailed(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
        return done.stdout

    # --- Inside ---------------------------------------------------------------------------------------------

    def _open_console(self) -> subprocess.Popen[str]:
        with (self.folder / "console.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "tests.support.console"],
                cwd=ROOT,
                env=self._environ(self.environment),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
            )

    def _close_console(self) -> None:
        if self.console is not None:
            # It ends when its input does.
            self.console.communicate(timeout=STOP_SECONDS)
            self.console = None

    def _own_relay(self, module: str) -> None:
        self.children["relay"] = _Child("relay", [sys.executable, "-m", module, "--number", "0"], self.environment)

    def _environ(self, settings: dict[str, str]) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("VDX_")}
        inherited.pop("DJANGO_SETTINGS_MODULE", None)
        return {**inherited, "DJANGO_SETTINGS_MODULE": "vdx.settings", "PYTHONUNBUFFERED": "1", **settings}

    def _launch(self, child: _Child) -> None:
        with (self.folder / f"{child.name}.log").open("ab") as log:
            child.process = subprocess.Popen(
                child.command,
                cwd=ROOT,
                env=self._environ(child.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _wait_ready(self, number: int) -> None:
        name, url = f"web-{number}", f"{self.urls[number]}/sundhed/klar"

        def ready() -> bool:
            dead = [c.name for c in self.children.values() if c.process and c.process.poll() is not None]
            if name in dead:
                raise ServerFailed(f"{name} ended by itself:\n{self.log()}")
            try:
                with urllib.request.urlopen(url, timeout=2) as response:
                    return bool(json.load(response)["status"] == "ok")
            except (urllib.error.URLError, OSError):
                return False

        try:
            wait_until(f"{name} is ready", ready)
        except ServerFailed as error:
            raise ServerFailed(f"{error}:\n{self.log()}") from None


def _relay_settings(folder: Path, *, own: bool) -> dict[str, str]:
    """A relay worker on loopback, where all browsers of the tests are; and nobody who calls unasked."""
    settings = {"VDX_RELAY_ADDRESSES": "127.0.0.1", "VDX_PROBE_SECONDS": "0"}
    return (
        {**settings, "VDX_RELAY_URLS": f"unix://{folder}/relay.sock"} if own else {**settings, "VDX_RELAY_WORKERS": "1"}
    )


def _child_of(parent: int, word: str) -> int | None:
    """A child of a process with this word among its arguments (proc(5))."""
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            status = (entry / "stat").read_text().rpartition(")")[2].split()
            if int(status[1]) == parent and status[0] != "Z" and word in (entry / "cmdline").read_text():
                return int(entry.name)
    return None


def main() -> int:
    """Run the command after ``--`` with a private PostgreSQL and Redis."""
    command = sys.argv[sys.argv.index("--") + 1 :]
    with postgres() as database, redis() as broker, scratch() as folder:
        settings = service_environment(database, broker, folder, 8000)
        settings["VDX_REDIS_URL"] = broker
        return subprocess.call(command, env={**os.environ, **settings})


if __name__ == "__main__":
    sys.exit(main())
