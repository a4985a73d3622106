"""Identifiers, secrets and their fingerprints."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from django.conf import settings

# Digits and lower-case letters without i, l, o and u: nothing that is misread on paper or misheard on the
# telephone (the alphabet of Crockford's base 32).
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
SHORT_ID_LENGTH = 12
_MISREAD = str.maketrans({"o": "0", "i": "1", "l": "1"})
_SEPARATORS = str.maketrans("", "", " \t\r\n-‐‑–—.·_")


def short_id() -> str:
    """A fresh code of 12 characters (60 bits), for the short link of a room."""
    return "".join(secrets.choice(ALPHABET) for _ in range(SHORT_ID_LENGTH))


def normalise_short_id(typed: str) -> str | None:
    """The code that somebody meant who typed it by hand, or None if it cannot be one.

    Blanks and dashes are left out, capitals taken as small letters, o as zero, i and l as one.
    """
    code = typed.strip().lower().translate(_SEPARATORS).translate(_MISREAD)
    if len(code) != SHORT_ID_LENGTH or any(character not in ALPHABET for character in code):
        return None
    return code


def spoken_short_id(code: str) -> str:
    """The code in groups of four, as it is printed and read aloud: ``7k3m-9p2q-x4rt``."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def token() -> str:
    """A secret of 256 bits that is safe in a URL and a cookie."""
    return secrets.token_urlsafe(32)


def digest(purpose: str, secret: str) -> str:
    """Keyed fingerprint of a secret, as 64 hexadecimal digits: what is stored in place of the secret itself.

    ``purpose`` keeps fingerprints of one kind from being used as another.
    """
    key = hashlib.sha256(f"{purpose}:{settings.SECRET_KEY}".encode()).digest()
    return hmac.new(key, secret.encode(), hashlib.sha256).hexdigest()
