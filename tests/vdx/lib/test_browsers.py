"""Which browser and system somebody has, in coarse words."""

from __future__ import annotations

import pytest

from vdx.lib.browsers import BROWSERS, SYSTEMS, browser_and_system, families

_SAFARI = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
_CHROME = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        (f"Mozilla/5.0 (X11; Linux x86_64) {_CHROME} Chrome/128.0.0.0 Safari/537.36", "Chrome, Linux"),
        (f"Mozilla/5.0 (Windows NT 10.0) {_CHROME} Chrome/128.0.0.0 Safari/537.36 Edg/128.0", "Edge, Windows"),
        (
            f"Mozilla/5.0 (Linux; Android 14) {_CHROME} SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36",
            "Samsung Internet, Android",
        ),
        (
            f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) {_SAFARI} Version/17.5 Mobile/15E148 Safari/604.1",
            "Safari, iOS",
        ),
        (f"Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) {_SAFARI} CriOS/126.0 Mobile Safari/604.1", "Chrome, iOS"),
        (f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {_SAFARI} Version/17.5 Safari/605.1.15", "Safari, macOS"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox, Linux"),
        ("", "andet, andet"),
    ],
)
def test_the_browser_is_told_in_coarse_words(agent: str, said: str) -> None:
    assert browser_and_system(agent) == said
    browser, system = families(agent)
    assert f"{browser}, {system}" == said
    assert browser in BROWSERS
    assert system in SYSTEMS
