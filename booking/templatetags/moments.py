"""Times as people say them, in templates."""

from __future__ import annotations

from django import template

from booking import wording

register = template.Library()

register.filter(wording.clock)
register.filter(wording.at_clock)
register.filter(wording.long_day)
register.filter(wording.minutes_until)
