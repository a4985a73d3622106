"""One export beside COPY: python -m bench.export.measure (in a hub's settings). Prints JSON.

A process of its own for each round, so that the memory is that of one export.
"""

from __future__ import annotations

import json
import resource
import time
from datetime import UTC, datetime

import django

django.setup()

from django.db import connection  # noqa: E402

from surveys.enums import FINAL_RESPONSES  # noqa: E402
from surveys.queries import published_version  # noqa: E402
from surveys.queries.dataset import responses_dataset  # noqa: E402
from surveys.queries.export import Chosen  # noqa: E402
from surveys.rules.questionnaire import PATIENTS  # noqa: E402
from surveys.services import export as services  # noqa: E402
from vdx.accounts.models import User  # noqa: E402
from vdx.lib import stream  # noqa: E402

COPY = (
    "COPY (SELECT context, row, state, background_only FROM surveys_response WHERE version_id = {} AND state IN {}) "
    "TO STDOUT"
)


def main() -> None:
    """Measure COPY, then the export, file by file."""
    version = published_version(PATIENTS)
    assert version is not None  # noqa: S101
    actor, _made = User.objects.get_or_create(email="forsker@example.dk", defaults={"name": "Forsker"})
    begun = time.perf_counter()
    copied = 0
    with connection.cursor() as cursor, cursor.copy(COPY.format(version.pk, tuple(map(str, FINAL_RESPONSES)))) as copy:
        for block in copy:
            copied += len(block)
    copy_seconds = time.perf_counter() - begun
    before = _peak()

    ends: dict[str, float] = {}
    begun = time.perf_counter()
    export = services.export_responses(
        actor=actor,
        version=version,
        dataset=responses_dataset(version),
        chosen=Chosen(),
        with_texts=True,
        language="da",
        now=datetime.now(UTC),
    )
    read_seconds = time.perf_counter() - begun
    size = 0
    packed = Watched(ends)
    for piece in export.pieces(packed):
        size += len(piece)
    print(
        json.dumps(
            {
                "rows": export.stored.lines,
                "copy_seconds": round(copy_seconds, 3),
                "copy_bytes": copied,
                "read_seconds": round(read_seconds, 3),
                "data_csv_seconds": round(ends["data.csv"] - begun, 3),
                "files_seconds": {name: round(end - begun, 3) for name, end in ends.items()},
                "bytes": packed.sizes,
                "zip_bytes": size,
                "peak_mb_before": before,
                "peak_mb": _peak(),
                "privacy": {"levels": export.plan.levels, "held": export.plan.held_lines},
                "ratio": round(copy_seconds / (ends["data.csv"] - begun), 3),
            }
        )
    )


class Watched(stream.ZipStream):
    """Notes when each file was whole."""

    def __init__(self, ends: dict[str, float]) -> None:
        super().__init__()
        self.ends = ends

    def done(self, name: str) -> None:
        """A file has been packed."""
        self.ends[name] = time.perf_counter()


def _peak() -> float:
    """The most memory that the process has had so far, in MB (getrusage(2): kilobytes)."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


if __name__ == "__main__":
    main()
