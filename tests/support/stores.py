"""A private PostgreSQL and Redis for tests, and the settings of a hub on them."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.support.processes import STOP_SECONDS, ServerFailed, end, free_port, listens, scratch, wait_until
from vdx.lib import vapid


def _program(name: str) -> str:
    """Where a program of PostgreSQL is. Debian keeps the server's outside the path. Raises ``ServerFailed``."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for candidate in [*(folder / name for folder in folders), shutil.which(name)]:
        if candidate and Path(candidate).exists():
            return str(candidate)
    raise ServerFailed(f"PostgreSQL's {name} is not installed")


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """A private PostgreSQL without durability: its address as ``VDX_DATABASE_URL`` takes it.

    PostgreSQL refuses to run as root; as root it is run as the user ``postgres``.
    """
    as_postgres = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    port = free_port()
    with scratch("postgres" if as_postgres else None) as folder:
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
    end(server, signal.SIGTERM, "PostgreSQL")


@contextlib.contextmanager
def redis() -> Iterator[str]:
    """A private Redis that stores nothing: its address without a database number."""
    program = shutil.which("redis-server")
    if not program:
        raise ServerFailed("redis-server is not installed")
    port = free_port()
    with scratch() as folder:
        command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, start_new_session=True)
            try:
                wait_until("Redis starts", lambda: listens(port))
                yield f"redis://127.0.0.1:{port}"
            finally:
                end(server, signal.SIGTERM, "Redis")


def service_environment(database: str, broker: str, folder: Path, port: int) -> dict[str, str]:
    """The settings of a hub on PostgreSQL and Redis, on this machine's ``port``."""
    return {
        "VDX_DATABASE_URL": database,
        "VDX_REDIS_URL": f"{broker}/0",
        "VDX_SECRET_KEY": secrets.token_urlsafe(48),
        # A hub in service has its keys from its operator.
        "VDX_VAPID_PRIVATE_KEY": vapid.draw(),
        "VDX_VAR_DIR": str(folder),
        "VDX_PORT": str(port),
        "VDX_PUBLIC_URL": f"http://localhost:{port}",
        # Nobody listens there: mails of a test stay unsent, and are found in the database as due.
        "VDX_MAIL_URL": "smtp://127.0.0.1:9",
        # It would call while tests count calls.
        "VDX_PROBE_SECONDS": "0",
    }
