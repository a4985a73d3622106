"""Times as people say them: ``kl. 10.15`` and ``mandag den 23. november 2026``."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from booking.enums import Cause, Confidence
from vdx.lib.clock import local

if TYPE_CHECKING:
    from booking.models import Meeting


def clock(moment: datetime) -> str:
    """The time of day in Denmark: 10.15 in Danish, 10:15 in English."""
    # Translators: Django's date format of the time of day. English: "H:i".
    return date_format(local(moment), pgettext("time format", "H.i"), use_l10n=False)


def at_clock(moment: datetime) -> str:
    """The same with the word before it: kl. 10.15."""
    return _("kl. %(time)s") % {"time": clock(moment)}


def long_day(day: date | datetime) -> str:
    """Weekday and date in full."""
    if isinstance(day, datetime):
        day = local(day).date()
    # Translators: Django's date format of a whole date. English: "l j F Y".
    return date_format(day, pgettext("date format", r"l \d\e\n j. F Y"), use_l10n=False)


def minutes_until(start: datetime, end: datetime) -> int:
    """Whole minutes from the first to the second."""
    return int((end - start).total_seconds() // 60)


def cause_sentence(meeting: Meeting) -> str:
    """What a consultation probably failed by, or went poorly by, in a sentence; empty where there is nothing to say."""
    if meeting.cause in {"", Cause.NONE}:
        return ""
    if meeting.cause == Cause.UNKNOWN:
        return _("Årsagen er ukendt.")
    cause = meeting.get_cause_display()
    if meeting.cause_confidence == Confidence.LOW:
        return _("Mulig årsag: %(cause)s.") % {"cause": cause}
    return _("Sandsynlig årsag: %(cause)s.") % {"cause": cause}
