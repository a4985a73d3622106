"""The file between the probe and the hub: a line a run, forced to the disk before the next run begins.

The probe appends under a lock; the hub takes the file away under the same lock (by another name), keeps what stands in
it, and deletes it only then. So nothing is lost or counted twice whoever is killed when: half a line is passed over,
and a file that was kept and not deleted is kept again, run by run the same.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from monitoring.probe.legs import Run, run_of

log = logging.getLogger(__name__)

NAME = "runs.jsonl"
#: Where nobody takes the file away, it is laid aside at this size: 5 MB are some two weeks of a run a minute.
MOST_OCTETS = 5_000_000


def append(folder: Path, run: Run, *, most: int = MOST_OCTETS) -> None:
    """Write a run at the end, and return once it is on the disk. Raises ``OSError``."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    line = json.dumps(run.as_line(), separators=(",", ":")).encode() + b"\n"
    with _locked(folder) as descriptor:
        size = os.fstat(descriptor).st_size
        if size and os.pread(descriptor, 1, size - 1) != b"\n":
            # Somebody was killed in the middle of a line: it ends here, and ours begins.
            line = b"\n" + line
        # One call, so that nobody who is killed leaves more than one line in halves.
        while line:
            line = line[os.write(descriptor, line) :]
        os.fsync(descriptor)
        if os.fstat(descriptor).st_size >= most:
            _lay_aside(folder)


def take(folder: Path) -> list[Path]:
    """Files to be kept by the caller, and then to be given to :func:`done`: what is there now, and what was left."""
    if not folder.is_dir():
        return []
    if (folder / NAME).exists():
        with _locked(folder) as descriptor:
            if os.fstat(descriptor).st_size:
                _lay_aside(folder)
    return sorted(folder.glob("taken-*.jsonl"))


def done(path: Path) -> None:
    """What stands in the file is kept: it may go. Somebody else may have been as fast."""
    path.unlink(missing_ok=True)


def runs_in(path: Path) -> Iterator[Run]:
    """The runs of a file. What cannot be read is passed over and logged by its number."""
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        return
    for number, line in enumerate(text.split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            yield _run_in(line)
        except ValueError:
            log.warning("line %d of the probe's file cannot be read and is passed over", number)


def newest(folder: Path) -> Run | None:
    """The last run that waits to be taken in; None where there is none that can be read."""
    return next(_newest_first(folder), None)


def failing_since(folder: Path) -> tuple[Run | None, bool]:
    """The first of the failing runs that what waits to be taken in ends with; None where it does not end so.

    And whether one that came through stands before it: otherwise the fault may be older than what waits here.
    """
    first: Run | None = None
    for run in _newest_first(folder):
        if run.succeeded:
            return first, True
        first = run
    return first, False


def _newest_first(folder: Path) -> Iterator[Run]:
    """What waits to be taken in, also in files that somebody took away and could not keep."""
    with suppress(OSError):
        # Laid aside under another name, a file keeps the time of its last line.
        aside = sorted(folder.glob("taken-*.jsonl"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
        for path in (folder / NAME, *aside):
            with suppress(FileNotFoundError):
                for line in reversed(path.read_bytes().split(b"\n")):
                    with suppress(ValueError):
                        yield _run_in(line)


def _run_in(line: bytes) -> Run:
    """Raises ``ValueError`` for whatever is no run."""
    try:
        return run_of(json.loads(line))
    except RecursionError as error:
        raise ValueError("no run of the probe") from error


@contextmanager
def _locked(folder: Path) -> Iterator[int]:
    """The file, open and ours alone. Where it was taken away while we waited for it, the new one."""
    while (descriptor := _lock(folder / NAME)) is None:
        continue
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _lock(path: Path) -> int | None:
    """The file's descriptor once it is ours; None where it was taken away meanwhile."""
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    with suppress(FileNotFoundError):
        if path.stat().st_ino == os.fstat(descriptor).st_ino:
            return descriptor
    os.close(descriptor)
    return None


def _lay_aside(folder: Path) -> None:
    (folder / NAME).rename(folder / f"taken-{uuid4().hex}.jsonl")
