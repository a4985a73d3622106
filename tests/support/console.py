"""Python in a hub's settings, for tests: a process that stays, since each new one takes seconds to set Django up.

It reads one JSON string a line, runs it as Python, and answers ``{"out": what it printed}`` or ``{"error": …}``.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
import traceback


def main() -> None:
    """Until the input ends."""
    import django

    django.setup()
    from django.db import connections

    for line in sys.stdin:
        out = io.StringIO()
        try:
            with contextlib.redirect_stdout(out):
                exec(json.loads(line), {})
            answer = {"out": out.getvalue()}
        except Exception:  # noqa: BLE001
            # Whoever asked raises it.
            answer = {"error": traceback.format_exc()}
        connections.close_all()
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
