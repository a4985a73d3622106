"""The help at the moment of need: its topics, each with a text of its own in templates/help/<key>.html."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Topic:
    """One thing that can go wrong. ``key`` is its anchor on the help page, and what a button's ``data-help`` names."""

    key: str
    title: str
    doctors_title: str


def topics() -> list[Topic]:
    """All topics, in the order of the help page, in the language of the request."""
    titles = {
        "cannot_get_in": _("Jeg kan ikke komme ind i samtalen"),
        "no_picture": _("Der er intet billede"),
        "no_sound": _("Der er ingen lyd"),
        "echo": _("Der er ekko eller hyletoner"),
        "wrong_camera": _("Det er det forkerte kamera"),
        "slow_network": _("Billedet hakker, eller lyden falder ud"),
        "permission": _("Siden har ikke lov til at bruge kamera og mikrofon"),
    }
    doctors = {"cannot_get_in": _("Den anden kan ikke komme ind")}
    return [Topic(key, title, doctors.get(key, title)) for key, title in titles.items()]
