"""Settings from the environment: nonsense is refused in a sentence that never repeats the value."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from vdx.lib.env import Declared, Env


def test_a_setting_that_is_missing_or_blank_has_its_default() -> None:
    env = Env({"VDX_B": "  "})
    assert (env.text("VDX_A", "a", ""), env.text("VDX_B", "b", "")) == ("a", "b")


def test_blanks_around_a_value_do_not_count() -> None:
    assert Env({"VDX_A": " x "}).text("VDX_A", "", "") == "x"


@pytest.mark.parametrize(("value", "meaning"), [("1", True), ("yes", True), ("On", True), ("0", False), ("no", False)])
def test_switches(value: str, meaning: bool) -> None:
    assert Env({"VDX_A": value}).flag("VDX_A", not meaning, "") is meaning


def test_lists_are_separated_by_commas_or_blanks() -> None:
    assert Env({"VDX_A": "a, b c\nd,,"}).words("VDX_A", "", "") == ["a", "b", "c", "d"]


def test_numbers_include_their_limits() -> None:
    env = Env({"VDX_A": "1", "VDX_B": "9"})
    assert (env.number("VDX_A", 5, "", low=1, high=9), env.number("VDX_B", 5, "", low=1, high=9)) == (1, 9)


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (lambda env: env.flag("VDX_A", False, ""), "perhaps"),
        (lambda env: env.number("VDX_A", 5, "", low=1, high=9), "10"),
        (lambda env: env.number("VDX_A", 5, "", low=1, high=9), "0"),
        (lambda env: env.number("VDX_A", 5, "", low=1, high=9), "five"),
        (lambda env: env.text("VDX_A", "", "", pattern="direct|fake"), "directly"),
        (lambda env: env.url("VDX_A", "", "", schemes=("https",)), "http://secret.example"),
    ],
)
def test_nonsense_is_refused_without_repeating_it(read, value: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        read(Env({"VDX_A": value}))
    text = str(refused.value)
    assert text.startswith("VDX_A must ")
    assert text.endswith("See docs/settings.md.")
    assert value not in text


def test_an_address_needs_more_than_a_scheme() -> None:
    with pytest.raises(ImproperlyConfigured):
        Env({"VDX_A": "https:"}).url("VDX_A", "", "", schemes=("https",))


def test_a_spelling_mistake_is_found() -> None:
    env = Env({"VDX_PORT": "1", "VDX_PROT": "2", "PATH": "x"})
    env.number("VDX_PORT", 8000, "The port.", low=1, high=65535)
    assert env.unknown() == ["VDX_PROT"]
    assert env.declared == {"VDX_PORT": Declared("VDX_PORT", "8000", "The port.")}
