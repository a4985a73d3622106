"""Which details a page may add to its trouble: words from fixed lists and whole seconds, and nothing else.

So that neither an address nor a candidate nor a name can be kept by mistake.
"""

from __future__ import annotations

import re

BROWSERS = frozenset({"chrome", "edge", "firefox", "safari", "samsung", "app", "other"})
# Which candidates the browser had found when a connection failed (RFC 8445, 5.1.1): what the network lets through.
CANDIDATES = frozenset({"host", "srflx", "prflx", "relay", "none"})
WAYS = frozenset({"direct", "server"})
WORDS = BROWSERS | CANDIDATES | WAYS
# Seconds of an outage, an hour at most.
_SECONDS = re.compile(r"[0-9]{1,4}")
# Of one seat, so many are kept; a page that has more to tell has told enough.
MOST = 200
# From a page that has no seat yet, in one hour.
MOST_AT_THE_DOOR = 20


def clean_detail(detail: object) -> str:
    """The detail as far as it may be kept; empty for anything else."""
    if not isinstance(detail, str):
        return ""
    return detail if detail in WORDS or (_SECONDS.fullmatch(detail) and int(detail) <= 3600) else ""
