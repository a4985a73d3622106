"""Texts that lie sealed in the database: unreadable to whoever has a copy of it, but not the hub's secret."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


class Unreadable(Exception):
    """The text was sealed with another secret or for another purpose, or is damaged."""


def seal(purpose: str, text: str) -> str:
    """The text, encrypted and signed (Fernet: AES-128-CBC, HMAC-SHA-256) with a key made of the hub's secret.

    ``purpose`` keeps what was sealed for one use from being opened as another.
    """
    return _fernet(purpose).encrypt(text.encode()).decode()


def unseal(purpose: str, sealed: str) -> str:
    """What was sealed. Raises :class:`Unreadable`."""
    try:
        return _fernet(purpose).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise Unreadable from None


def _fernet(purpose: str) -> Fernet:
    key = hashlib.sha256(f"seal:{purpose}:{settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
