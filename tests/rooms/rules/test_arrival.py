"""What a booking asks of guests."""

from __future__ import annotations

import pytest

from rooms.rules.arrival import custom_portal, microphone_on_arrival, return_address


@pytest.mark.parametrize(
    ("asked", "mute_all_guests", "is_on"),
    [
        ("on", False, True),
        (None, False, True),
        ("off", False, False),
        ("muted", False, False),
        ("on", True, False),
        (None, True, False),
    ],
)
def test_the_microphone_on_arrival(asked: str | None, mute_all_guests: bool, is_on: bool) -> None:
    assert microphone_on_arrival(asked=asked, mute_all_guests=mute_all_guests) is is_on


@pytest.mark.parametrize("address", ["https://journal.example.dk/tak?a=b#c", "http://example.dk:8080"])
def test_an_address_of_the_web_is_followed(address: str) -> None:
    assert return_address(address) == address


@pytest.mark.parametrize(
    "address",
    [None, "", "return-url", "/tak", "//example.dk", "javascript:alert(1)", "data:text/html,x", "https://", "https://[1",
     "https://bank.dk@example.dk/"],
)  # fmt: skip
def test_anything_else_is_not(address: str | None) -> None:
    assert return_address(address) is None


@pytest.mark.parametrize(
    ("typed", "pin", "address"),
    [
        ("https://p.dk/?conference=%uri-with-domain%&pin=%pin%", 4321, "https://p.dk/?conference=1234@p.dk&pin=4321"),
        ("https://p.dk/?conference=%uri-with-domain%&pin=%pin%", None, "https://p.dk/?conference=1234@p.dk&pin="),
        ("https://p.dk/%20/", 4321, "https://p.dk/%20/"),
        ("custom.portal/guest", None, None),
        ("javascript:alert(%pin%)", 4321, None),
        (None, 4321, None),
    ],
)
def test_a_page_of_the_practices_own(typed: str | None, pin: int | None, address: str | None) -> None:
    assert custom_portal(typed, address="1234@p.dk", pin=pin) == address
