"""Which troubles still stand at the end: what was put right is no cause."""

from __future__ import annotations

from collections.abc import Iterable

from rooms.enums import Trouble

# So many are kept of one seat, and of a room's pages that have none.
MOST = 200
MOST_AT_THE_DOOR = 100


def _about(device: str) -> frozenset[str]:
    return frozenset(word.value for word in Trouble if word.value.startswith(device))


#: What takes these back when it follows on the same seat.
MENDED: dict[str, frozenset[str]] = {
    # A device that works after all was given by the browser after all.
    Trouble.CAMERA_WORKS.value: _about("camera_") | {Trouble.INSECURE.value},
    Trouble.MICROPHONE_WORKS.value: _about("microphone_") | {Trouble.INSECURE.value},
    # A server that went away in the middle was away; one that was found later than asked for was found.
    Trouble.MEDIA_WORKS.value: frozenset(
        {
            Trouble.ICE_FAILED.value,
            Trouble.DTLS_FAILED.value,
            Trouble.NO_MEDIA.value,
            Trouble.NO_SERVER.value,
            Trouble.SERVER_REFUSED.value,
        }
    ),
    Trouble.SPEAKER_WORKS.value: frozenset({Trouble.SPEAKER_BLOCKED.value}),
}


def lasting(told: Iterable[tuple[str, str]]) -> frozenset[str]:
    """The words that stand at the end, from (seat, word) in the order in which they were said.

    A seat that is empty is a page before its knock; whatever came after it is taken to be the same person's.
    """
    standing: set[tuple[str, str]] = set()
    for seat, word in told:
        if word in MENDED:
            gone = MENDED[word]
            standing = {(other, what) for other, what in standing if what not in gone or other not in {seat, ""}}
            continue
        standing.add((seat, word))
    return frozenset(word for _, word in standing)
