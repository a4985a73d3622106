"""A room of the hub as a room of the VideoRoom: its number, its key, what it is made with, and who is in it.

https://janus.conf.meetecho.com/docs/videoroom. Janus learns nothing about people: a participant's ``display`` is the
seat's key, a stream's ``description`` its source.
"""

from __future__ import annotations

import hashlib
import hmac
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from uuid import UUID

from media.epochs import epochs

#: A publisher's sources in the order of its sections: sound, then the camera, then the screen.
SOURCES = ("microphone", "camera", "screen")
#: The hub itself says how many may come: 50 at most (VDX_MAX_PARTICIPANTS). Who connects anew counts twice for a while.
MOST_PUBLISHERS = 100
#: Bits a second that a device may send: camera and screen together.
MOST_BITRATE = 3_000_000
#: The VideoRoom's errors (janus_videoroom.c): no such room, room exists, no such feed, more publishers than allowed,
#: id in use.
NO_ROOM, ROOM_EXISTS, NO_FEED, TOO_MANY, ID_EXISTS = 426, 427, 428, 432, 436

SECTION = re.compile(r"^m=(audio|video) ", re.MULTILINE)
MID = re.compile(r"^a=mid:(\S+)\s*$", re.MULTILINE)


def number_of(room: UUID) -> int:
    """The room's number in Janus: 53 bits, which JSON's numbers hold without loss."""
    return (int.from_bytes(hashlib.sha256(room.bytes).digest()[:8], "big") >> 11) or 1


def creation(room: UUID, secret: str) -> dict[str, Any]:
    """The request that makes the room."""
    return {
        "request": "create",
        "room": number_of(room),
        "secret": key_of(room, secret),
        "permanent": False,
        "is_private": True,
        "notify_joining": True,
        "publishers": MOST_PUBLISHERS,
        "bitrate": MOST_BITRATE,
        "bitrate_cap": True,
        "audiocodec": "opus",
        "videocodec": "vp8",
        "opus_fec": True,
        "opus_dtx": False,
        "audiolevel_ext": False,
        "audiolevel_event": False,
        "transport_wide_cc_ext": True,
        "record": False,
        "lock_record": True,
    }


def destruction(room: UUID, secret: str) -> dict[str, Any]:
    """The request that ends the room."""
    return {"request": "destroy", "room": number_of(room), "secret": key_of(room, secret)}


def key_of(room: UUID, secret: str) -> str:
    """What it takes to change or end the room; every web process draws the same."""
    return hmac.new(secret.encode(), b"media.engines.janus" + room.bytes, hashlib.sha256).hexdigest()


def new_feed() -> int:
    """An id for a publisher: a seat's newest connection has the greatest, and two seats never the same."""
    return epochs.next() * 1000 + random.randrange(1000)  # noqa: S311 - against collisions, not a secret


def sources_of(offer: str) -> dict[str, str]:
    """By mid, what a browser's offer to publish carries: the first sound, the first and the second picture."""
    found: dict[str, str] = {}
    left = {"audio": ["microphone"], "video": ["camera", "screen"]}
    starts = [match.start() for match in SECTION.finditer(offer)]
    for start, end in pairwise([*starts, len(offer)]):
        mid = MID.search(offer, start, end)
        names = left[offer[start + 2 : start + 7]]
        if mid is not None and names:
            found[mid[1]] = names.pop(0)
    return found


@dataclass(frozen=True)
class Feed:
    """What one connection of a seat's publishes: ``sources`` by the publisher's mid."""

    id: int
    seat: str
    sources: Mapping[str, str]

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Feed:
        """As Janus tells it among ``publishers``. Streams that nobody described are not ours."""
        sources = {
            str(stream["mid"]): str(stream["description"])
            for stream in told.get("streams", ())
            if stream.get("description") in SOURCES and not stream.get("disabled")
        }
        return cls(int(told["id"]), str(told.get("display", "")), sources)


class Roll:
    """Who is in a room, as Janus tells one of its participants."""

    def __init__(self, seat: str) -> None:
        self._seat = seat
        self.feeds: dict[int, Feed] = {}
        #: Seats by the id of their connection, those that do not publish (yet) too.
        self._present: dict[int, str] = {}
        #: Seats that have published something, and those that have left since somebody looked.
        self.published: set[str] = set()
        self.somebody_left: set[str] = set()

    def hear(self, data: Mapping[str, Any]) -> set[str]:
        """Take what Janus tells; the seats about which it tells something."""
        touched: set[str] = set()
        if isinstance(joining := data.get("joining"), Mapping):
            touched |= self._come(joining)
        for told in data.get("attendees", ()):
            touched |= self._come(told)
        for told in data.get("publishers", ()):
            touched |= self._come(told)
            feed = Feed.read(told)
            self.feeds[feed.id] = feed
            if feed.seat not in (self._seat, ""):
                self.published.add(feed.seat)
        for word in ("unpublished", "leaving", "kicked"):
            if isinstance(gone := data.get(word), int):
                feed_gone = self.feeds.pop(gone, None)
                seat = self._present.get(gone, feed_gone.seat if feed_gone is not None else "")
                if word != "unpublished":
                    self._present.pop(gone, None)
                    self.somebody_left.add(seat)
                touched.add(seat)
        return touched - {"", self._seat}

    def _come(self, told: Mapping[str, Any]) -> set[str]:
        seat = self._present[int(told["id"])] = str(told.get("display", ""))
        return {seat}

    @property
    def seats(self) -> set[str]:
        """The others who are connected to the room, here and through other web processes."""
        return set(self._present.values()) - {"", self._seat}

    def feed_of(self, seat: str) -> Feed | None:
        """The newest of a seat's connections."""
        return max((feed for feed in self.feeds.values() if feed.seat == seat), key=lambda feed: feed.id, default=None)

    def streams(self) -> set[tuple[int, str]]:
        """Everything that there is to get of the others, as (feed, mid); of each seat's newest connection alone."""
        newest = [self.feed_of(seat) for seat in {feed.seat for feed in self.feeds.values()} - {self._seat, ""}]
        return {(feed.id, mid) for feed in newest if feed is not None for mid in feed.sources}
