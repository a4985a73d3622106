"""Texts on their way into a file that somebody opens in a spreadsheet."""

from __future__ import annotations


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula (OWASP, CSV injection): such a one gets an apostrophe in front."""
    return f"'{text}" if text.lstrip(" \"'")[:1] in {"=", "+", "-", "@", "\t", "\r", "\n"} else text
