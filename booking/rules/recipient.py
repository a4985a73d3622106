"""Where a patient's link may be sent: a mobile telephone, written as people write it, or an e-mail address."""

from __future__ import annotations

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

from vdx.lib.cpr import contains_cpr

_MOBILE = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
_EMAIL = re.compile(r"[^@\s<>,;:\"\\()\[\]]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}")
LONGEST_EMAIL = 254


class CprTyped(ValueError):
    """A civil registration number stands where an address belongs."""


class NotAnAddress(ValueError):
    """Nothing can be sent there."""


def phone(typed: str) -> str:
    """The number in its international form (E.164), a Danish one where no country is given.

    Only numbers that can be mobile telephones: no landlines, and none that cost extra. Raises :class:`CprTyped` and
    :class:`NotAnAddress`.
    """
    text = typed.strip()
    # Ten digits with a country's number before them are no civil registration number.
    if not text.startswith(("+", "00")) and contains_cpr(text):
        raise CprTyped
    if not re.fullmatch(r"[+0-9 ().\-/\u00a0]+", text):
        raise NotAnAddress
    try:
        number = phonenumbers.parse(text, "DK")
    except NumberParseException:
        raise NotAnAddress from None
    if not phonenumbers.is_valid_number(number) or phonenumbers.number_type(number) not in _MOBILE:
        raise NotAnAddress
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def email(typed: str) -> str:
    """The address without blanks around it. Raises :class:`CprTyped` and :class:`NotAnAddress`."""
    text = typed.strip()
    if contains_cpr(text):
        raise CprTyped
    if len(text) > LONGEST_EMAIL or not text.isascii() or not _EMAIL.fullmatch(text) or ".." in text:
        raise NotAnAddress
    return text
