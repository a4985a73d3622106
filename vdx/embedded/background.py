"""The Celery worker and the beat, as objects that start, stop and install no signal handlers."""

from __future__ import annotations

import threading
from typing import Any

from celery.beat import Service
from celery.worker import WorkController
from celery.worker import state as worker_state

from vdx.celery import StartScheduler, app

THREADS = 4


class Worker:
    """A worker with a pool of threads. One a process: Celery keeps the wish to stop in a global."""

    def __init__(self) -> None:
        self.ready = threading.Event()
        self._controller = WorkController(
            app=app,
            pool_cls="threads",
            concurrency=THREADS,
            without_gossip=True,
            without_mingle=True,
            without_heartbeat=True,
            ready_callback=self._on_ready,
        )

    def run(self) -> int:
        """Work until :meth:`stop`. Tasks that have begun are finished. Returns an exit code: 0 after a stop."""
        self._controller.start()
        return int(self._controller.exitcode or 0)

    def stop(self) -> None:
        """Ask for the end. Safe in a signal handler, from any thread, and before the worker is ready."""
        worker_state.should_stop = 0

    def _on_ready(self, consumer: Any) -> None:
        self.ready.set()


class Beat:
    """Sends the tasks of the timetable when they are due."""

    def __init__(self) -> None:
        app.loader.import_default_modules()
        self._service = Service(app, scheduler_cls=StartScheduler, max_interval=1, remote_control=False)

    def run(self) -> None:
        """Send until :meth:`stop`, which takes a second at most."""
        self._service.start()

    def stop(self) -> None:
        """Ask for the end. Safe in a signal handler and from any thread."""
        self._service.stop()
