"""System checks of booking."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from booking.rules.message import LONGEST_LINK, septets
from vdx.lib.ids import SHORT_ID_LENGTH

LONGEST_BASE = LONGEST_LINK - SHORT_ID_LENGTH


@register()
def check_short_link_base(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The patient's message must have room for the link, in characters that every telephone takes."""
    try:
        length = septets(settings.VDX_SHORT_LINK_BASE)
    except ValueError:
        return [
            Error(
                "VDX_SHORT_LINK_BASE has characters that a text message cannot hold.",
                hint="Write the host name in its ASCII form (xn--…).",
                id="booking.E001",
            )
        ]
    if length > LONGEST_BASE:
        return [
            Error(
                f"VDX_SHORT_LINK_BASE takes {length} characters of a text message; {LONGEST_BASE} is the most.",
                hint="Choose a shorter address for the short links.",
                id="booking.E002",
            )
        ]
    return []
