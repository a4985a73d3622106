"""The probe as a program: ``python -m monitoring.probe [--loop]``. ``manage.py probe`` ends here.

It reads the hub's settings and nothing else of Django: it has no apps, no database and no broker.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import logging.config
import os
import random
import signal
import stat
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from monitoring.probe import spool
from monitoring.probe.legs import LEGS, Run, slot_of
from monitoring.probe.run import AFTER_SECONDS, RUN_SECONDS, Service, run
from vdx.lib import probe

log = logging.getLogger("monitoring.probe")

#: How long the first run waits for a hub that was started together with the probe.
START_SECONDS = 30.0
#: Hubs that probe at the minute need not all do so in the same second: each is so many seconds late at most.
SHIFT_SECONDS = 6.0
#: So long the legs may take even where a run began late in its interval, and takes some of the next one.
LEAST_SECONDS = 12.0


def main(arguments: list[str] | None = None) -> int:
    """Probe once and say what came of it, or again and again. The exit code is 1 where a leg failed."""
    parser = argparse.ArgumentParser(prog="manage.py probe", description=__doc__)
    parser.add_argument("--loop", action="store_true", help="probe at every interval until SIGTERM")
    parser.add_argument(
        "--watch-stdin", action="store_true", help="end when stdin, a pipe, is closed: whoever holds it has died"
    )
    chosen = parser.parse_args(arguments)
    pipe = sys.stdin.fileno() if chosen.watch_stdin else None
    if pipe is not None and not stat.S_ISFIFO(os.fstat(pipe).st_mode):
        parser.error("--watch-stdin needs a pipe as stdin")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vdx.settings")
    logging.config.dictConfig(settings.LOGGING)
    for name in ("aioice", "aiortc", "websockets"):
        # They tell addresses at INFO.
        logging.getLogger(name).setLevel(logging.WARNING)
    service = Service(
        base=probe.base(),
        origin=settings.VDX_PUBLIC_URL,
        client_id=probe.CLIENT_ID,
        secret=probe.client_secret(),
        inbox=probe.INBOX,
    )
    folder = Path(settings.VAR_DIR) / "probe"
    interval = settings.VDX_PROBE_SECONDS
    if not chosen.loop:
        return asyncio.run(_once(service, interval, folder))
    if not interval:
        parser.exit(os.EX_CONFIG, "VDX_PROBE_SECONDS is 0: there is no interval to probe at.\n")
    asyncio.run(_loop(service, interval, folder, pipe))
    return 0


async def _once(service: Service, interval: int, folder: Path) -> int:
    found = await run(service, interval=interval or 60)
    # Where nothing is measured, a try starts no clock of uptime that would run on without the probe.
    if interval:
        spool.append(folder, found)
    sys.stdout.write(described(found))
    return 0 if found.succeeded else 1


async def _loop(service: Service, interval: int, folder: Path, pipe: int | None) -> None:
    """One run in every interval, until SIGTERM. What was begun then tells nothing and is thrown away."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)

    def parent_spoke(held: int) -> None:
        if not os.read(held, 1024):
            loop.remove_reader(held)
            stopping.set()

    if pipe is not None:
        loop.add_reader(pipe, parent_spoke, pipe)
    log.info("probe ready: every %d seconds", interval)
    work = asyncio.create_task(_forever(service, interval, folder))
    stopped = asyncio.create_task(stopping.wait())
    await asyncio.wait({work, stopped}, return_when=asyncio.FIRST_COMPLETED)
    for task in (work, stopped):
        task.cancel()
    await asyncio.gather(work, stopped, return_exceptions=True)
    if not stopping.is_set():
        # It ended by itself: whoever started us shall see the error and start us again.
        work.result()


async def _forever(service: Service, interval: int, folder: Path) -> None:
    shift = random.uniform(1.0, SHIFT_SECONDS)  # noqa: S311  # spreads the load, keeps no secret
    await _until_there(service, min(START_SECONDS, interval / 2))
    while True:
        found = await run(service, interval=interval, seconds=seconds_for(time.time(), interval))
        try:
            await asyncio.to_thread(spool.append, folder, found)
        except OSError as error:
            # A full disk: the interval will be missing, and the next one is tried.
            log.error("what the probe found could not be written: %s", error.strerror)
        if not found.succeeded:
            log.warning("the probe failed at %s (%s)", found.failed, found.reason)
        # From the clock anew, so that a run that took long or a machine that slept shifts nothing.
        await asyncio.sleep((found.slot + interval - time.time()) % interval + shift)


def seconds_for(began: float, interval: int) -> float:
    """What the legs of a run may take, so that one which fails slowly is over before the next interval begins.

    Otherwise that would be missing, of unknown cause, while everybody knows it. ``began``: seconds since 1970.
    """
    left = slot_of(began, interval) + interval - began - AFTER_SECONDS - 1
    return max(LEAST_SECONDS, min(RUN_SECONDS, left))


async def _until_there(service: Service, seconds: float) -> None:
    """Wait for a hub that is starting too, but not for long: one that does not come is what there is to tell."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and not await asyncio.to_thread(_answers, service.base):
        await asyncio.sleep(0.5)


def _answers(base: str) -> bool:
    with suppress(OSError, urllib.error.URLError), urllib.request.urlopen(f"{base}/sundhed/klar", timeout=2) as answer:  # noqa: S310  # our own address
        return bool(answer.status == 200)
    return False


def described(found: Run) -> str:
    """A run in lines for who tried it by hand."""
    lines = []
    for name in LEGS:
        if name in found.legs:
            lines.append(f"{name:10}{found.legs[name]:>7} ms")
        else:
            lines.append(f"{name:10}{f'failed ({found.reason})' if name == found.failed else 'not tried'}")
    if found.missing:
        lines.append(f"missing: {', '.join(found.missing)}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
