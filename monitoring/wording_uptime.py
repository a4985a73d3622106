"""What the probe found, in words: its legs, and what a run failed by."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# The legs of the probe (monitoring/probe/legs.py).
LEG_WORDS = {
    "token": gettext_lazy("Log ind som journalsystem"),
    "booking": gettext_lazy("Book et møde"),
    "link": gettext_lazy("Åbn det korte link"),
    "socket": gettext_lazy("Mød hinanden i rummet"),
    "ice": gettext_lazy("Find vej til medieserveren"),
    "dtls": gettext_lazy("Aftal kryptering"),
    "media": gettext_lazy("Lyd og billede begge veje"),
    "delivery": gettext_lazy("Besked bliver leveret"),
    "end": gettext_lazy("Afslut samtalen"),
}
_PART_WORDS = {
    "database": gettext_lazy("databasen"),
    "cache": gettext_lazy("Redis (mellemlageret)"),
    "channel_layer": gettext_lazy("Redis (beskeder mellem processer)"),
    "worker": gettext_lazy("baggrundsprocessen"),
    "media": gettext_lazy("medieserveren"),
}


def fault_words(reason: str, missing: Iterable[str]) -> str:
    """What a run of the probe failed by, and what the hub itself missed just then."""
    status = reason.removeprefix("status_")
    known = {
        "timeout": _("Der kom ikke svar i tide."),
        "no_answer": _("Ingen svarede."),
        "no_media": _("Ingen medieserver svarede."),
        "no_way": _("Der var ingen vej til medieserveren."),
        "hub_full": _("Hubben var fuld."),
        "no_keys": _("Krypteringen kunne ikke aftales."),
    }
    said = known.get(reason) or (_("Svaret var fejl %(status)s.") % {"status": status} if status != reason else reason)
    parts = ", ".join(str(_PART_WORDS[part]) for part in missing if part in _PART_WORDS)
    if not parts:
        return said
    lacked = _("Hubben savnede %(parts)s.") % {"parts": parts}
    return f"{said} {lacked}"
