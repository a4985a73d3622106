"""A report's files: tables (RFC 4180; UTF-8, comma, header in English, plain numbers), and a folder of them.

A folder comes whole or not at all. ``files.csv`` names each file with its SHA-256, so that a report can be told from a
folder with somebody's own work in it.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from vdx.lib.spreadsheet import harmless

MANIFEST = "files.csv"


class NotOurs(Exception):
    """The folder holds something that no report put there, or that was changed since: ``name``."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def as_csv(rows: Iterable[Iterable[str | int]]) -> bytes:
    """The rows as the bytes of a file; no text is taken for a formula by a spreadsheet."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    for row in rows:
        writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
    return text.getvalue().encode()


def with_manifest(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files, and the list of them."""
    lines = [(name, _digest(content)) for name, content in sorted(files.items())]
    return {**files, MANIFEST: as_csv([("file", "sha256"), *lines])}


def write_all(folder: Path, files: Mapping[str, bytes], *, force: bool = False) -> None:
    """Put the files into a folder, all of them or none. An earlier report there is replaced as a whole.

    A folder with anything else in it is refused (``NotOurs``) unless ``force``: then the files are put among what is
    there, each whole, an earlier report's files that nobody changed go, and nothing else is touched. Raises ``OSError``
    where nothing can be written.
    """
    folder = folder.resolve()
    other = _other(folder)
    if other is not None and not force:
        raise NotOurs(other)
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}.", suffix=".part"))
    try:
        # As any other that the person makes.
        umask = os.umask(0)
        os.umask(umask)
        made.chmod(0o777 & ~umask)
        for name, content in files.items():
            (made / name).write_bytes(content)
        if other is None:
            _swap(made, folder)
        else:
            stale = _untouched(folder) - set(files)
            for name in files:
                os.replace(made / name, folder / name)
            for name in stale:
                (folder / name).unlink()
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _swap(made: Path, folder: Path) -> None:
    """Let the new folder stand where the old one stood, if there was one."""
    if not folder.exists():
        made.rename(folder)
        return
    aside = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}.", suffix=".old"))
    folder.rename(aside)
    try:
        made.rename(folder)
    except OSError:
        aside.rename(folder)
        raise
    shutil.rmtree(aside)


def _other(folder: Path) -> str | None:
    """Something in the folder that is not a report's as it was written; None: there is nothing."""
    if not folder.exists():
        return None
    # Of a file in the place of the folder: OSError.
    entries = {entry.name: entry for entry in sorted(folder.iterdir())}
    known = _known(entries.get(MANIFEST))
    for name, entry in entries.items():
        if name == MANIFEST and known:
            continue
        if name not in known or entry.is_symlink() or not entry.is_file() or _digest(entry.read_bytes()) != known[name]:
            return name
    return None


def _untouched(folder: Path) -> set[str]:
    """The names of an earlier report's files that are as it wrote them."""
    entries = {entry.name: entry for entry in folder.iterdir() if entry.is_file() and not entry.is_symlink()}
    known = _known(entries.get(MANIFEST))
    return {name for name, entry in entries.items() if name in known and _digest(entry.read_bytes()) == known[name]}


def _known(manifest: Path | None) -> dict[str, str]:
    if manifest is None or not manifest.is_file():
        return {}
    try:
        rows = list(csv.reader(io.StringIO(manifest.read_text(encoding="utf-8"), newline="")))
    except UnicodeDecodeError:
        return {}
    return {row[0]: row[1] for row in rows[1:] if len(row) == 2} if rows[:1] == [["file", "sha256"]] else {}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
