"""Money and fees in words. Amounts are whole øre everywhere else."""

from __future__ import annotations

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from monitoring.rules.fees import ONE_OFF, PER_BEGUN_MODULE, PER_CALL, Rate


def in_kroner(ore: int) -> str:
    """An amount as a bare number of kroner, with two decimals: 1.234,50."""
    return str(number_format(Decimal(ore) / 100, decimal_pos=2, use_l10n=True, force_grouping=True))


def kroner(ore: int) -> str:
    """The same with its unit, which stays on the line."""
    return f"{in_kroner(ore)}\N{NO-BREAK SPACE}kr."


def said(ore: int) -> str:
    """An amount in a sentence, which may end with it: 1.234,50 kroner."""
    return _("%(amount)s kroner").replace(" ", "\N{NO-BREAK SPACE}") % {"amount": in_kroner(ore)}


def count(number: int) -> str:
    """A whole number with its thousands apart."""
    return str(number_format(number, use_l10n=True, force_grouping=True))


def rate_words(rate: Rate) -> str:
    """How a fee is reached: 155,85 kr. pr. helt modul på 10 minutter, højst 3 moduler."""
    amount = kroner(rate.amount)
    if rate.rule == PER_CALL:
        return _("%(amount)s pr. samtale") % {"amount": amount}
    if rate.rule == ONE_OFF:
        if rate.quantity == 1:
            return _("%(amount)s én gang pr. praksis") % {"amount": amount}
        return _("%(number)d × %(amount)s én gang pr. praksis") % {"number": rate.quantity, "amount": amount}
    values = {"amount": amount, "minutes": rate.module_minutes}
    if rate.rule == PER_BEGUN_MODULE:
        words = _("%(amount)s pr. påbegyndt modul på %(minutes)d minutter") % values
    else:
        words = _("%(amount)s pr. helt modul på %(minutes)d minutter") % values
    if rate.most_modules is None:
        return words
    return _("%(rule)s, højst %(number)d moduler") % {"rule": words, "number": rate.most_modules}
