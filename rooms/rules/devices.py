"""What a seat comes from: a browser, or an app that shows the room in a web view.

The user agent is looked at here and kept nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rooms.enums import DeviceKind

AppPattern = tuple[str, re.Pattern[str]]
# A header longer than this is no browser's.
_LOOKED_AT = 500


def parse_patterns(text: str) -> tuple[AppPattern, ...]:
    """``name=regular expression``, several separated by ``;;``. Raises ``ValueError`` for what is neither."""
    patterns: list[AppPattern] = []
    for part in filter(None, (part.strip() for part in text.split(";;"))):
        name, equals, expression = part.partition("=")
        if not equals or not name.strip() or not expression:
            raise ValueError("an app pattern is written name=regular expression")
        try:
            patterns.append((name.strip().lower(), re.compile(expression, re.IGNORECASE)))
        except re.error as error:
            raise ValueError(f"the pattern of {name.strip()} is no regular expression: {error}") from None
    return tuple(patterns)


def device_kind(*, user_agent: str, via: str, patterns: Sequence[AppPattern]) -> DeviceKind:
    """``app`` where the link says so (``via`` is an app's name) or the user agent looks like one; else ``browser``."""
    if via.lower() in {name for name, _ in patterns}:
        return DeviceKind.APP
    if any(pattern.search(user_agent[:_LOOKED_AT]) for _, pattern in patterns):
        return DeviceKind.APP
    return DeviceKind.BROWSER
