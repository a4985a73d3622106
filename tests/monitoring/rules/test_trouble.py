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
        # What has been is not undone: a line that was gone was gone.
        ([("a", "socket_lost"), ("a", "media_works")], {"socket_lost"}),
    ],
)
def test_what_was_put_right_is_no_cause(told: list[tuple[str, str]], left: set[str]) -> None:
    assert lasting(told) == left


def test_the_words_are_those_of_the_rooms() -> None:
    assert set(MENDED) <= set(Trouble.values)
    assert {word for words in MENDED.values() for word in words} <= set(Trouble.values)
