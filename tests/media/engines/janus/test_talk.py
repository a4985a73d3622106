"""What a browser says waits its turn before Janus."""

from __future__ import annotations

from uuid import uuid4

from media.engines.janus.session import JanusSession
from media.engines.janus.talk import MOST_STEPS, Talk


async def test_a_browser_that_says_too_much_fills_no_memory() -> None:
    talk = Talk(
        JanusSession("ws://127.0.0.1:1", ""),
        room=uuid4(),
        seat="anna",
        epoch=1,
        secret="",
        tell=lambda event: None,
        changed=lambda: None,
    )
    for number in range(1000):
        talk.say("want", {"sources": {"bent": ["camera"] if number % 2 else []}})
        talk.say("answer", {"leg": "subscribe", "revision": number, "sdp": "v=0"})
    assert talk.waiting <= MOST_STEPS
    # The last word is the one that counts.
    assert talk.wants == {"bent": frozenset({"camera"})}
