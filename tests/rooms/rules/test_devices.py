"""Recognising an app."""

from __future__ import annotations

import pytest

from rooms.enums import DeviceKind
from rooms.rules.devices import device_kind, parse_patterns

PATTERNS = parse_patterns(r"minlaege=MinL(ae|æ)ge;; other = Other/\d+ ;;")
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15"


@pytest.mark.parametrize(
    ("user_agent", "via", "expected"),
    [
        (IPHONE, "", DeviceKind.BROWSER),
        ("", "", DeviceKind.BROWSER),
        (f"{IPHONE} MinLaege/3.2", "", DeviceKind.APP),
        (f"{IPHONE} minlæge", "", DeviceKind.APP),
        (f"{IPHONE} Other/7", "", DeviceKind.APP),
        (f"{IPHONE} Other/x", "", DeviceKind.BROWSER),
        (IPHONE, "minlaege", DeviceKind.APP),
        (IPHONE, "MinLaege", DeviceKind.APP),
        (IPHONE, "facebook", DeviceKind.BROWSER),
        ("x" * 500 + "MinLaege", "", DeviceKind.BROWSER),
    ],
)
def test_an_app_is_known_by_its_user_agent_or_by_the_link(user_agent: str, via: str, expected: DeviceKind) -> None:
    assert device_kind(user_agent=user_agent, via=via, patterns=PATTERNS) is expected


@pytest.mark.parametrize("text", ["minlaege", "=x", "minlaege=", "a=(", " ;; b"])
def test_what_is_no_pattern_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="pattern"):
        parse_patterns(text)


def test_no_patterns_know_no_app() -> None:
    assert parse_patterns("") == ()
    assert device_kind(user_agent="MinLaege", via="minlaege", patterns=()) is DeviceKind.BROWSER
