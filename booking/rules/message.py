"""The patient's message: who, when and the link, in one text message, and never a patient.

A text message of the GSM 7-bit default alphabet holds 160 septets; a character of its extension table takes two
(3GPP TS 23.038, section 6.2.1). One character outside both would turn the whole text into UCS-2 with 70 characters,
so that such characters are written in another way or left out.
"""

from __future__ import annotations

import unicodedata
from datetime import datetime

from vdx.lib.clock import local

LIMIT = 160
BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = "^{}\\[~]|€"
# How much of a long name is kept before the words around it become fewer.
ENOUGH_OF_A_NAME = 40
# The longest link beside which the shortest wording still has room for a name.
LONGEST_LINK = 120

_ALPHABET = frozenset(BASIC + EXTENSION)
_OTHERWISE = {
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-",
    "‘": "'", "’": "'", "‚": "'", "´": "'", "`": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
    "…": "...", "•": "-", "·": "-", "\u00a0": " ", "\u202f": " ", "\t": " ",
    "Œ": "OE", "œ": "oe", "Ð": "D", "ð": "d", "Þ": "Th", "þ": "th", "Ł": "L", "ł": "l", "Đ": "D", "đ": "d",
    "ı": "i", "™": "TM", "®": "(R)", "©": "(C)",
}  # fmt: skip

_WEEKDAYS = {
    "da": ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS = {
    "da": ("januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober",
           "november", "december"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"),
}  # fmt: skip
# From the kindest to the shortest; the first that leaves enough of the practice's name is taken.
_SHAPES = {
    "da": (
        "Videokonsultation hos {name} {weekday} den {day}. {month} kl. {time}. Åbn linket, når det er tid: {link}",
        "Videokonsultation hos {name} {weekday} den {day}. {month} kl. {time}. Link: {link}",
        "Video hos {name} {weekday} {day}. {month} kl. {time}: {link}",
        "{name} {short} {day}/{number} kl. {time} {link}",
    ),
    "en": (
        "Video consultation with {name} on {weekday} {day} {month} at {time}. Open the link when it is time: {link}",
        "Video consultation with {name} on {weekday} {day} {month} at {time}. Link: {link}",
        "Video with {name} {weekday} {day} {month} {time}: {link}",
        "{name} {short} {day}/{number} {time} {link}",
    ),
}

# The same for the reminder a quarter of an hour before.
_REMINDERS = {
    "da": (
        "Husk din videokonsultation hos {name} i dag kl. {time}. Åbn linket nu, så er du klar: {link}",
        "Husk videokonsultation hos {name} kl. {time}. Link: {link}",
        "Husk {name} kl. {time}: {link}",
        "{name} kl. {time} {link}",
    ),
    "en": (
        "Remember your video consultation with {name} today at {time}. Open the link now to be ready: {link}",
        "Remember your video consultation with {name} at {time}. Link: {link}",
        "Remember {name} at {time}: {link}",
        "{name} {time} {link}",
    ),
}


def septets(text: str) -> int:
    """Length of a text in septets. Raises ``ValueError`` for a character outside the alphabet."""
    strangers = set(text) - _ALPHABET
    if strangers:
        raise ValueError("the text has characters outside the GSM 7-bit alphabet")
    return len(text) + sum(character in EXTENSION for character in text)


def transliterated(text: str) -> str:
    """The text in GSM 7-bit characters only: near ones stand in, accents fall away, the rest is left out."""
    written = []
    for character in unicodedata.normalize("NFC", text):
        if character in _ALPHABET:
            written.append(character)
        elif character in _OTHERWISE:
            written.append(_OTHERWISE[character])
        else:
            written.append("".join(part for part in unicodedata.normalize("NFKD", character) if part in _ALPHABET))
    return " ".join("".join(written).split())


def shortened(name: str, room: int) -> str:
    """The name in at most ``room`` septets: cut at a word where that leaves most of it, and ended by a full stop."""
    if septets(name) <= room:
        return name
    kept = name
    while kept and septets(kept) > room - 1:
        kept = kept[:-1]
    at_word = kept.rsplit(" ", 1)[0] if " " in kept and not name[len(kept)].isspace() else kept
    if len(at_word) * 3 >= len(kept) * 2:
        kept = at_word
    return kept.rstrip(" ,.-&") + "."


def message(*, practice: str, start: datetime, link: str, language: str, reminder: bool = False) -> str:
    """The text that the patient gets, or the reminder of it: at most 160 septets, with the whole link.

    ``language`` is ``da`` or ``en``. A long name of a practice is shortened first, then the words around it, the link
    never. Raises ``ValueError`` for a link of more than 120 septets: a system check refuses such a base.
    """
    if septets(link) > LONGEST_LINK:
        raise ValueError("the short link is too long for a text message")
    there = local(start)
    parts = {
        "weekday": _WEEKDAYS[language][there.weekday()],
        "short": _WEEKDAYS[language][there.weekday()][:3],
        "day": there.day,
        "month": _MONTHS[language][there.month - 1],
        "number": there.month,
        "time": danish_time(start) if language == "da" else f"{there:%H:%M}",
        "link": link,
    }
    name = transliterated(practice) or ("lægen" if language == "da" else "the doctor")
    room, shape = 0, ""
    for shape in (_REMINDERS if reminder else _SHAPES)[language]:
        room = LIMIT - septets(shape.format(name="", **parts))
        if room >= min(septets(name), ENOUGH_OF_A_NAME):
            break
    return shape.format(name=shortened(name, room), **parts)


def danish_time(moment: datetime) -> str:
    """A moment as Danes write the time of day: ``10.15``."""
    return f"{local(moment):%H.%M}"
