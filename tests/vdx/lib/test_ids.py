"""Codes that can be read aloud, and fingerprints in place of secrets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vdx.lib import ids


def test_a_code_is_twelve_characters_that_nobody_misreads() -> None:
    codes = {ids.short_id() for _ in range(1000)}
    assert len(codes) == 1000
    assert all(len(code) == 12 and not set(code) & set("ilou") for code in codes)


@pytest.mark.parametrize(
    "typed",
    ["7k3m9p2qx4rt", "7K3M-9P2Q-X4RT", " 7k3m 9p2q x4rt ", "7k3m–9p2q–x4rt", "7k3m.9p2q.x4rt"],
)
def test_a_code_is_known_however_it_is_typed(typed: str) -> None:
    assert ids.normalise_short_id(typed) == "7k3m9p2qx4rt"


def test_letters_that_are_misread_are_taken_as_the_digits_they_look_like() -> None:
    assert ids.normalise_short_id("OIL0 OOOO 1111") == "011000001111"


@pytest.mark.parametrize("typed", ["", "7k3m9p2qx4r", "7k3m9p2qx4rtt", "7k3m9p2qx4ru", "../../etc/pa"])
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert ids.normalise_short_id(typed) is None


@given(st.text(alphabet=ids.ALPHABET, min_size=12, max_size=12))
def test_what_is_read_aloud_comes_back_as_the_same_code(code: str) -> None:
    assert ids.normalise_short_id(ids.spoken_short_id(code)) == code


@given(st.text())
def test_typing_never_fails(typed: str) -> None:
    code = ids.normalise_short_id(typed)
    assert code is None or ids.normalise_short_id(code) == code


def test_a_fingerprint_depends_on_purpose_secret_and_key(settings) -> None:
    one = ids.digest("pin", "1234")
    assert one == ids.digest("pin", "1234")
    assert len(one) == 64
    assert one != ids.digest("token", "1234")
    assert one != ids.digest("pin", "1235")
    settings.SECRET_KEY = "another" * 10
    assert one != ids.digest("pin", "1234")


def test_tokens_are_long_and_new_each_time() -> None:
    tokens = {ids.token() for _ in range(100)}
    assert len(tokens) == 100
    assert {len(token) for token in tokens} == {43}
