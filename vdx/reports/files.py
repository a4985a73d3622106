"""Tables as files (RFC 4180; UTF-8, comma, header in English, plain numbers)."""

from __future__ import annotations

import csv
import io
import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from vdx.lib.spreadsheet import harmless


def as_csv(rows: Iterable[Iterable[str | int]]) -> bytes:
    """The rows as the bytes of a file; no text is taken for a formula by a spreadsheet."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    for row in rows:
        writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
    return text.getvalue().encode()


def write_all(folder: Path, files: Mapping[str, bytes]) -> None:
    """Put the files into a folder, made where it is missing; each is whole or not there. Raises ``OSError``."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        handle, temporary = tempfile.mkstemp(dir=folder, prefix=".", suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            # As any other file that the person makes.
            umask = os.umask(0)
            os.umask(umask)
            os.chmod(temporary, 0o666 & ~umask)
            os.replace(temporary, folder / name)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
