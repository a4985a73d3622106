"""What counts as the same e-mail."""

from __future__ import annotations


def normalise(email: str) -> str:
    """The e-mail as it is stored and compared: no blanks around it, small letters throughout."""
    return email.strip().lower()
