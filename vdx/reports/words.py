"""Numbers, months and kinds in the reader's words."""

from __future__ import annotations

from datetime import date

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from monitoring.enums import FeeKind, FeePractice
from monitoring.queries.counting import NO_REGION
from monitoring.rules import fees
from monitoring.rules.evaluation import rounded
from monitoring.rules.fees import Rate
from vdx.lib.figures import short_month
from vdx.reports.tables import ALL

# Below so many a share says little.
FEW = 30
NOTHING = "–"


def number(value: int | str) -> str:
    """A whole number with its thousands told apart; a dash of nothing."""
    return NOTHING if value == "" else str(number_format(int(value), use_l10n=True, force_grouping=True))


def share(value: int | str | None) -> str:
    """Whole per cent; a dash of nothing."""
    return NOTHING if value in {"", None} else _("{number} %").format(number=value)


def part_of(part: int, whole: int, percent: int | str | None) -> str:
    """``84 % (140 af 166)``."""
    return _("{share} ({part} af {whole})").format(share=share(percent), part=number(part), whole=number(whole))


def cautious(said: str, whole: int) -> str:
    """A sentence with a share, and the caveat of its own denominator where that is small."""
    if whole >= FEW:
        return said
    caveat = _("Tag andelen med forbehold: den er af under {few}.").format(few=FEW)
    return f"{said} {caveat}"


def day(value: date) -> str:
    """A day in full."""
    return date_format(value, "DATE_FORMAT")


def month(value: date) -> str:
    """``jun 2019``."""
    return short_month(value, year="Y")


def region(name: str) -> str:
    """A row's heading in a table of regions; empty: all of the country."""
    return {ALL: _("I alt"), NO_REGION: _("Uden region"), "": _("Hele landet")}.get(name, name)


def practice_kind(kind: str) -> str:
    """``general`` or ``specialist``."""
    return str(FeePractice(kind).label) if kind in FeePractice.values else kind


def paid(kind: str) -> str:
    """What is paid for."""
    return str(FeeKind(kind).label) if kind in FeeKind.values else kind


def rule(rate: Rate) -> str:
    """How it is paid."""
    if rate.rule == fees.PER_CALL:
        return _("for hver")
    if rate.rule == fees.ONE_OFF:
        return _("én gang") if rate.quantity == 1 else _("én gang, {count} enheder").format(count=number(rate.quantity))
    said = {
        fees.PER_BEGUN_MODULE: _("for hvert påbegyndt modul på {minutes} minutter"),
        fees.PER_WHOLE_MODULE: _("for hvert helt modul på {minutes} minutter"),
    }[rate.rule].format(minutes=rate.module_minutes)
    if rate.most_modules is None:
        return said
    return _("{rule}, højst {most}").format(rule=said, most=rate.most_modules)


def average_minutes(seconds: int, calls: int) -> str:
    """``knap 14 minutter``: the whole minute next to the average, and on which side of it that lies."""
    minutes = rounded(seconds, calls * 60)
    if not minutes:
        return _("under et halvt minut")
    said = ngettext("%(number)d minut", "%(number)d minutter", minutes) % {"number": minutes}
    exact = minutes * 60 * calls
    if seconds < exact:
        return _("knap {minutes}").format(minutes=said)
    return said if seconds == exact else _("godt {minutes}").format(minutes=said)
