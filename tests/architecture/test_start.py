"""What the hub takes along when it starts: nothing heavy that only one page in a thousand needs."""

from __future__ import annotations

import subprocess
import sys

_START = """
import sys
import vdx.asgi
from django.urls import get_resolver
get_resolver().url_patterns
print(*sorted({"matplotlib", "narwhals", "numpy", "pandas", "pyreadstat"} & set(sys.modules)))
"""


def test_the_hub_starts_without_the_libraries_of_charts_and_data_files() -> None:
    started = subprocess.run(  # our own interpreter and text
        [sys.executable, "-c", _START], capture_output=True, text=True, timeout=120, check=True
    )

    assert started.stdout.strip() == ""
