"""Keys that the hub signs its own tokens with: PEM files, published as JWKS, and replaced one after the other.

In a folder each file bears the moment at which its key was drawn. A new key is published at once and signs first when
everybody has had the time to fetch it; an old one is published for a day longer than it signs.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

ALGORITHM = "RS256"
BITS = 2048
KNOWN_AFTER = timedelta(minutes=10)
KEPT_AFTER = timedelta(days=1)
_STAMP = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True)
class Key:
    """A private key, its id, and since when there has been one; ``drawn`` is empty for an operator's own file."""

    kid: str
    private: rsa.RSAPrivateKey
    drawn: datetime | None
    path: Path

    def public(self) -> dict[str, Any]:
        """The public half as a JWK (RFC 7517)."""
        found = RSAAlgorithm.to_jwk(self.private.public_key(), as_dict=True)
        return {"kty": found["kty"], "n": found["n"], "e": found["e"], "kid": self.kid, "use": "sig", "alg": ALGORITHM}


class Keyring:
    """An operator's own ``files`` (the first signs); without them the ``folder``, which looks after itself."""

    def __init__(self, *, folder: Path, files: Sequence[str] = ()) -> None:
        self._folder = folder
        self._files = [Path(file) for file in files]
        self._seen: tuple[tuple[str, int], ...] = ()
        self._keys: list[Key] = []

    def keys(self) -> list[Key]:
        """Every key that may have signed what is still good; the newest first. Read anew when a file has changed."""
        paths = self._files or sorted(self._folder.glob("*.pem"), reverse=True)
        seen = tuple((str(path), path.stat().st_mtime_ns) for path in paths)
        if seen != self._seen:
            self._keys = [_read(path, own=bool(self._files)) for path in paths]
            self._seen = seen
        return self._keys

    def public(self) -> dict[str, Any]:
        """The JWKS document."""
        return {"keys": [key.public() for key in self.keys()]}

    def find(self, kid: str | None) -> Key | None:
        """The key of that id."""
        return next((key for key in self.keys() if key.kid == kid), None)

    def signing(self, now: datetime) -> Key:
        """The key to sign with: the newest that everybody knows. The first is drawn here."""
        keys = self.keys()
        if not keys:
            with self._locked():
                if not any(self._folder.glob("*.pem")):
                    self._draw(now)
            keys = self.keys()
        known = (key for key in keys if key.drawn is None or key.drawn <= now - KNOWN_AFTER)
        return next(known, keys[-1])

    def rotate(self, *, now: datetime, after: timedelta) -> bool:
        """Draw a new key where the newest is older than ``after``, and drop what nobody signs with any more.

        Says whether one was drawn. With an operator's own files nothing happens, and where nobody has ever signed.
        """
        if self._files or not self.keys():
            return False
        with self._locked():
            keys = self.keys()
            due = keys[0].drawn is not None and keys[0].drawn <= now - after
            if due:
                self._draw(now)
            for newer, older in pairwise(keys):
                if newer.drawn is not None and newer.drawn <= now - KNOWN_AFTER - KEPT_AFTER:
                    older.path.unlink(missing_ok=True)
        return due

    def _draw(self, now: datetime) -> None:
        private = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
        pem = private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path = self._folder / f"{now.astimezone(UTC):{_STAMP}}.pem"
        descriptor = os.open(path.with_suffix(".new"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(pem)
        # Whole or not at all: another process may be reading the folder.
        path.with_suffix(".new").rename(path)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self._folder / "lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def _read(path: Path, *, own: bool) -> Key:
    private = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(private, rsa.RSAPrivateKey):
        raise ValueError("a key to sign tokens with must be an RSA key")
    public = private.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    drawn = None if own else datetime.strptime(path.stem, _STAMP).replace(tzinfo=UTC)
    return Key(hashlib.sha256(public).hexdigest()[:16], private, drawn, path)
