"""Where a link may be sent, as people type it."""

from __future__ import annotations

import pytest

from booking.rules.recipient import CprTyped, NotAnAddress, email, phone


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("20123456", "+4520123456"),
        ("20 12 34 56", "+4520123456"),
        (" 2012-3456 ", "+4520123456"),
        ("+45 20 12 34 56", "+4520123456"),
        ("004520123456", "+4520123456"),
        ("+46 70 123 45 67", "+46701234567"),
        ("+299 22 12 34", "+299221234"),
        ("+1 (202) 456-1111", "+12024561111"),
    ],
)
def test_mobile_numbers_are_danish_unless_they_say_otherwise(typed, number):
    assert phone(typed) == number


@pytest.mark.parametrize(
    "typed",
    ["", "2012345", "201234567", "112", "ring til mig", "90123456", "+44 20 7946 0958", "20123456,20123457", "+"],
)
def test_what_gets_no_text_message_is_refused(typed):
    with pytest.raises(NotAnAddress):
        phone(typed)


@pytest.mark.parametrize("typed", ["010190-1234", "0101901234", "010190 1234", "01 01 90 1234"])
def test_a_civil_registration_number_is_recognised(typed):
    with pytest.raises(CprTyped):
        phone(typed)


@pytest.mark.parametrize("typed", ["a@example.dk", " karen.jensen+vdx@mail.example.co.uk "])
def test_email_addresses(typed):
    assert email(typed) == typed.strip()


@pytest.mark.parametrize(
    "typed",
    ["", "a", "a@b", "a@@b.dk", "a b@c.dk", "a@b.dk, c@d.dk", "a@b..dk", "a@b.dk\nBcc: c@d.dk", "<a@b.dk>", "æ@b.dk"],
)
def test_what_is_no_email_address_is_refused(typed):
    with pytest.raises(NotAnAddress):
        email(typed)


def test_a_civil_registration_number_in_an_address_is_recognised():
    with pytest.raises(CprTyped):
        email("010190-1234@example.dk")
