"""The whole hub in one process: web server in the main thread, worker and beat in threads beside it.

The relay's worker alone is a process of its own: sound and picture must not wait for pages.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable

from vdx.embedded.background import Beat, Worker
from vdx.embedded.process import stop_on_signals
from vdx.embedded.relay import RelayWorkers
from vdx.embedded.web import WebServer

READY_SECONDS = 20


class BackgroundDied(Exception):
    """Worker or beat ended by itself."""


def serve(listener: socket.socket, on_ready: Callable[[], None], say: Callable[[str], None]) -> None:
    """Serve until SIGTERM or Ctrl-C. ``on_ready`` is called once requests and tasks are taken, ``say``
    with a sentence about a relay worker that died or cannot start.

    The order of the end: no more requests and periodic tasks; requests at work are finished, sockets closed; then
    the tasks that have begun are finished, and the relay's worker is stopped. Raises :class:`BackgroundDied` after an
    orderly end when worker or beat failed.
    """
    web, worker, beat, relay = WebServer(), Worker(), Beat(), RelayWorkers(say)

    def stop() -> None:
        web.stop()
        beat.stop()

    stop_on_signals(stop)
    failed: list[str] = []

    def run(name: str, work: Callable[[], object]) -> Callable[[], None]:
        def target() -> None:
            try:
                work()
            finally:
                if not web.should_exit:
                    failed.append(name)
                    stop()

        return target

    threads = [
        threading.Thread(target=run("worker", worker.run), name="worker"),
        threading.Thread(target=run("beat", beat.run), name="beat"),
    ]
    for thread in threads:
        thread.start()
    relay.start()

    async def main() -> None:
        server = asyncio.create_task(web.serve([listener]))
        while not (web.started and worker.ready.is_set()) and not server.done():
            await asyncio.sleep(0.02)
        if not web.should_exit:
            on_ready()
        await server

    try:
        asyncio.run(main())
    finally:
        stop()
        threads[1].join()
        worker.stop()
        threads[0].join()
        relay.stop()
    if failed:
        raise BackgroundDied(failed[0])
