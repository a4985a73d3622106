"""Which troubles still stand at the end: what was put right is no cause."""

from __future__ import annotations

from collections.abc import Iterable

from rooms.enums import Trouble

# So many are kept of one seat, and of a room's pages that have none.
MOST = 200
MOST_AT_THE_DOOR = 100

#: What takes these back when it follows on the same seat.
MENDED: dict[str, frozenset[str]] = {
    Trouble.CAMERA_WORKS.value: frozenset(word.value for word in Trouble if word.value.startswith("camera_")),
    Trouble.MICROPHONE_WORKS.value: frozenset(word.value for word in Trouble if word.value.startswith("microphone_")),
    Trouble.MEDIA_WORKS.value: frozenset(
        {Trouble.ICE_FAILED.value, Trouble.DTLS_FAILED.value, Trouble.NO_MEDIA.value, Trouble.SPEAKER_BLOCKED.value}
    ),
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
            if word != Trouble.MEDIA_WORKS.value:
                # A device that works after all was given by the browser after all.
                standing -= {(seat, Trouble.INSECURE.value), ("", Trouble.INSECURE.value)}
            continue
        standing.add((seat, word))
    return frozenset(word for _, word in standing)
