"""Which browser and system somebody has, in one coarse line. The header itself is looked at and kept nowhere."""

from __future__ import annotations

import re

# Newer names claim to be older ones too: the first that fits is the right one.
_BROWSERS = (
    ("Edge", r"Edg(?:e|A|iOS)?/"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Opera", r"OPR/"),
    ("Firefox", r"(?:Firefox|FxiOS)/"),
    ("Chrome", r"(?:Chrome|Chromium|CriOS)/"),
    ("Safari", r"Safari/"),
)
_SYSTEMS = (
    ("iOS", r"iPhone|iPad|iPod"),
    ("Android", r"Android"),
    ("Windows", r"Windows"),
    ("macOS", r"Mac OS X|Macintosh"),
    ("ChromeOS", r"CrOS"),
    ("Linux", r"Linux"),
)
_LOOKED_AT = 500


# What is not known.
OTHER = "andet"
# Every word that can come out.
BROWSERS = frozenset({*(name for name, _ in _BROWSERS), OTHER})
SYSTEMS = frozenset({*(name for name, _ in _SYSTEMS), OTHER})


def families(user_agent: str) -> tuple[str, str]:
    """The browser and the system, for example ``("Chrome", "Android")``; ``andet`` for what is not known."""
    seen = user_agent[:_LOOKED_AT]

    def first(known: tuple[tuple[str, str], ...]) -> str:
        return next((name for name, pattern in known if re.search(pattern, seen)), OTHER)

    return first(_BROWSERS), first(_SYSTEMS)


def browser_and_system(user_agent: str) -> str:
    """Both in one text, for example ``Chrome, Android``."""
    return ", ".join(families(user_agent))
