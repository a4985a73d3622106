"""Real servers for tests: a private PostgreSQL and Redis, and the hub itself as a person or an operator starts it.

Everything listens on free ports of this machine, lives in a temporary folder, and is gone at the end. As a script
this module runs a command with private servers around it and their addresses in the environment::

    python -m tests.support.servers -- python -m pytest -m service
"""

from __future__ import annotations

import contextlib
import json
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
MANAGE = [sys.executable, str(ROOT / "manage.py")]
# A busy machine takes ten times what an idle one does.
START_SECONDS = 90
STOP_SECONDS = 40


class ServerFailed(Exception):
    """A server did not start, or did not stop. The text says which, and what it printed."""


def free_port() -> int:
    """A port that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(what: str, condition, seconds: float = START_SECONDS) -> None:
    """Return as soon as ``condition()`` is true. Raises :class:`ServerFailed` when the time is up."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(0.05)
    raise ServerFailed(f"{what} within {seconds:.0f} s")


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextlib.contextmanager
def _folder(owner: str | None = None) -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="vdx-server-", dir="/tmp"))
    if owner and os.getuid() == 0:
        account = pwd.getpwnam(owner)
        os.chown(path, account.pw_uid, account.pw_gid)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def _program(name: str) -> str:
    """Where a program of PostgreSQL is. Debian keeps the server's outside the path. Raises ``ServerFailed``."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for candidate in [*(folder / name for folder in folders), shutil.which(name)]:
        if candidate and Path(candidate).exists():
            return str(candidate)
    raise ServerFailed(f"PostgreSQL's {name} is not installed")


def _end(process: subprocess.Popen[bytes], sign: signal.Signals, name: str) -> None:
    if process.poll() is None:
        process.send_signal(sign)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise ServerFailed(f"{name} did not stop within {STOP_SECONDS} s") from None


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """A private PostgreSQL without durability: its address as ``VDX_DATABASE_URL`` takes it.

    PostgreSQL refuses to run as root; as root it is run as the user ``postgres``.
    """
    as_postgres = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    port = free_port()
    with _folder("postgres" if as_postgres else None) as folder:
        data = folder / "data"
        initdb = [_program("initdb"), "-D", str(data), "-U", "vdx", "--auth=trust", "-E", "UTF8", "--no-sync"]
        made = subprocess.run([*as_postgres, *initdb], cwd=folder, capture_output=True, text=True)
        if made.returncode:
            raise ServerFailed(f"initdb failed:\n{made.stdout}{made.stderr}")
        flags = {
            "port": port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": folder,
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "max_connections": 200,
        }
        command = [_program("postgres"), "-D", str(data)]
        for name, value in flags.items():
            command += ["-c", f"{name}={value}"]
        with (folder / "log").open("wb") as log:
            # A session of its own: Ctrl-C in the terminal is for the tests, which stop this in order.
            server = subprocess.Popen(
                [*as_postgres, *command], cwd=folder, stdout=log, stderr=log, start_new_session=True
            )
            try:
                ready = [_program("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port), "-U", "vdx"]
                wait_until("PostgreSQL starts", lambda: not subprocess.run(ready, cwd=folder).returncode)
                created = subprocess.run(
                    [_program("createdb"), "-h", "127.0.0.1", "-p", str(port), "-U", "vdx", "vdx"], cwd=folder
                )
                if created.returncode:
                    raise ServerFailed("createdb failed")
                yield f"postgres://vdx@127.0.0.1:{port}/vdx"
            finally:
                # Fast shutdown: connections that are left are closed.
                _stop_postgres(server, data)


def _stop_postgres(server: subprocess.Popen[bytes], data: Path) -> None:
    pidfile = data / "postmaster.pid"
    if server.poll() is None and pidfile.exists():
        os.kill(int(pidfile.read_text().split()[0]), signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(STOP_SECONDS)
    _end(server, signal.SIGTERM, "PostgreSQL")


@contextlib.contextmanager
def redis() -> Iterator[str]:
    """A private Redis that stores nothing: its address without a database number."""
    program = shutil.which("redis-server")
    if not program:
        raise ServerFailed("redis-server is not installed")
    port = free_port()
    with _folder() as folder:
        command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, start_new_session=True)
            try:
                wait_until("Redis starts", lambda: _listens(port))
                yield f"redis://127.0.0.1:{port}"
            finally:
                _end(server, signal.SIGTERM, "Redis")


def service_environment(database: str, broker: str, folder: Path, port: int) -> dict[str, str]:
    """The settings of a hub on PostgreSQL and Redis, on this machine's ``port``."""
    return {
        "VDX_DATABASE_URL": database,
        "VDX_REDIS_URL": f"{broker}/0",
        "VDX_SECRET_KEY": secrets.token_urlsafe(48),
        "VDX_VAR_DIR": str(folder),
        "VDX_PORT": str(port),
        "VDX_PUBLIC_URL": f"http://localhost:{port}",
        # Nobody listens there: mails of a test stay unsent, and are found in the database as due.
        "VDX_MAIL_URL": "smtp://127.0.0.1:9",
    }


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
        with HubServer.service() as hub:           # PostgreSQL, Redis, two web processes, worker, beat

    ``hub.url``            address of the first web process, e.g. ``http://localhost:41234``
    ``hub.urls``           all of them: one in the embedded set-up, two otherwise, sharing database, broker and login
    ``hub.manage(...)``    run a management command in the hub's settings and return what it printed
    ``hub.module(name)``   run a module as a program in the hub's settings and return what it printed
    ``hub.shell(code)``    run Python in the hub's settings (Django is set up) and return what it printed; give
                           data back with ``print(json.dumps(…))``
    ``hub.kill(1)``        kill -9 the web process behind ``hub.urls[1]``; in the embedded set-up ``hub.kill(0)``
                           kills the hub
    ``hub.start(1)``       start it again on the same port and wait until it is ready
    ``hub.stop()``         SIGTERM to everything; returns the exit codes by name; also done at the end of ``with``
    ``hub.log()``          everything the processes have printed
    ``hub.pids()``         process ids of what runs, by name (``web-0``, ``web-1``, ``worker``, ``beat``)

    ``demo=True`` makes the demo organisations and users first (embedded only). ``environment`` adds settings.
    Starting takes about 2 s embedded, 5 s otherwise; make it a fixture with module or session scope and give each
    test a meeting of its own.
    """

    folder: Path
    environment: dict[str, str]
    ports: list[int]
    demo: bool = False
    children: dict[str, _Child] = field(default_factory=dict)

    # --- Making one -----------------------------------------------------------------------------------------

    @classmethod
    @contextlib.contextmanager
    def embedded(cls, *, demo: bool = False, environment: dict[str, str] | None = None) -> Iterator[HubServer]:
        """One process on SQLite."""
        port = free_port()
        with _folder() as folder:
            settings = {
                "VDX_VAR_DIR": str(folder / "var"),
                "VDX_PORT": str(port),
                "VDX_PUBLIC_URL": f"http://localhost:{port}",
                **(environment or {}),
            }
            hub = cls(folder, settings, [port], demo)
            command = [*MANAGE, "serve", *(["--demo"] if demo else [])]
            hub.children["web-0"] = _Child("web-0", command, settings)
            with hub._running():
                yield hub

    @classmethod
    @contextlib.contextmanager
    def service(cls, *, environment: dict[str, str] | None = None) -> Iterator[HubServer]:
        """PostgreSQL and Redis, two web processes on two ports, a worker and a beat."""
        ports = [free_port(), free_port()]
        with contextlib.ExitStack() as stack:
            database = stack.enter_context(postgres())
            broker = stack.enter_context(redis())
            folder = stack.enter_context(_folder())
            settings = {**service_environment(database, broker, folder / "var", ports[0]), **(environment or {})}
            hub = cls(folder, settings, ports)
            hub.manage("migrate", "--verbosity=0")
            hub.manage("collectstatic", "--no-input", "--verbosity=0")
            for number, port in enumerate(ports):
                # Each says its own address, so that browsers may open sockets to it.
                own = {**settings, "VDX_PORT": str(port), "VDX_PUBLIC_URL": f"http://localhost:{port}"}
                hub.children[f"web-{number}"] = _Child(f"web-{number}", [*MANAGE, "web"], own)
            hub.children["worker"] = _Child("worker", [*MANAGE, "worker"], settings)
            hub.children["beat"] = _Child("beat", [*MANAGE, "beat"], settings)
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
        """What Python code prints in the hub's settings."""
        return self.manage("shell", "--no-imports", "--verbosity=0", "-c", code)

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

    def stop(self) -> dict[str, int]:
        """Stop everything in order. Exit codes by name; a process that does not stop is killed and reported."""
        running = [child for child in self.children.values() if child.process is not None]
        for child in running:
            if child.process and child.process.poll() is None:
                child.process.terminate()
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


def main() -> int:
    """Run the command after ``--`` with a private PostgreSQL and Redis."""
    command = sys.argv[sys.argv.index("--") + 1 :]
    with postgres() as database, redis() as broker, _folder() as folder:
        settings = service_environment(database, broker, folder, 8000)
        settings["VDX_REDIS_URL"] = broker
        return subprocess.call(command, env={**os.environ, **settings})


if __name__ == "__main__":
    sys.exit(main())
