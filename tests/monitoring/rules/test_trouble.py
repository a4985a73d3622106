from __future__ import annotations

import pytest

from monitoring.rules.trouble import MENDED, lasting
from rooms.enums import Trouble


@pytest.mark.parametrize(
    ("told", "left"),
    [
        ([("a", "camera_refused")], {"camera_refused"}),
        ([("a", "camera_refused"), ("a", "camera_works")], set()),
        ([("a", "camera_works"), ("a", "camera_ended")], {"camera_ended"}),
        # Another device of the same side says nothing of this one.
        ([("a", "camera_refused"), ("b", "camera_works")], {"camera_refused"}),
        # Said before the knock, and put right after it.
        ([("", "camera_refused"), ("", "insecure"), ("a", "camera_works")], set()),
        ([("a", "microphone_silent"), ("a", "microphone_works")], set()),
        ([("a", "ice_failed"), ("a", "camera_works")], {"ice_failed"}),
        ([("a", "ice_failed"), ("a", "media_works")], set()),
        # A press on the button that plays sound brings none from the other side, and the other way round.
        ([("a", "ice_failed"), ("a", "speaker_blocked"), ("a", "speaker_works")], {"ice_failed"}),
        ([("a", "speaker_blocked"), ("a", "media_works")], {"speaker_blocked"}),
        # A server that was found later than asked for was found; one that went away in the middle was away.
        ([("a", "server_refused"), ("a", "no_server"), ("a", "media_works")], set()),
        ([("a", "server_gone"), ("a", "media_works")], {"server_gone"}),
        # What has been is not undone: a line that was gone was gone.
        ([("a", "socket_lost"), ("a", "media_works")], {"socket_lost"}),
    ],
)
def test_what_was_put_right_is_no_cause(told: list[tuple[str, str]], left: set[str]) -> None:
    assert lasting(told) == left


def test_the_words_are_those_of_the_rooms() -> None:
    assert set(MENDED) <= set(Trouble.values)
    assert {word for words in MENDED.values() for word in words} <= set(Trouble.values)
