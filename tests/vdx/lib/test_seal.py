"""What lies sealed in the database."""

from __future__ import annotations

from typing import Any

import pytest

from vdx.lib.seal import Unreadable, seal, unseal


def test_what_was_sealed_comes_back_and_cannot_be_read_without_the_secret(settings: Any) -> None:
    sealed = seal("push", "https://push.example/hemmelig")
    assert "hemmelig" not in sealed
    assert unseal("push", sealed) == "https://push.example/hemmelig"
    with pytest.raises(Unreadable):
        unseal("another purpose", sealed)
    with pytest.raises(Unreadable):
        unseal("push", sealed[:-4] + "AAA=")
    settings.SECRET_KEY = "another secret" * 5
    with pytest.raises(Unreadable):
        unseal("push", sealed)


def test_the_same_text_looks_different_each_time() -> None:
    assert seal("push", "x") != seal("push", "x")
