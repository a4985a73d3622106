"""Pages on ice, as a telephone puts those that nobody looks at: their processes get no turn at all.

The devtools' own command for it (``Page.setWebLifecycleState``) was tried: in a Chromium without a screen it does
nothing, timers run on.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser


@contextmanager
def frozen(browser: Browser) -> Iterator[None]:
    """All the pages of this browser, until the block is over. Nothing may be asked of them meanwhile."""
    told = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    pages = [process["id"] for process in told if process["type"] == "renderer"]
    assert pages
    for process in pages:
        os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in pages:
            os.kill(process, signal.SIGCONT)
