"""Calls with pictures, ready to be looked at: who takes part, and how they come in."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, expect

from tests.e2e.measure import WATCH, sees, until
from tests.e2e.people import DESKTOP, PHONE, Hub, Someone, host, knock, let_in, window
from tests.support.processes import wait_until

DOCTOR = "Anne Holm"
GRETHE, HANS, IDA = "Grethe Sand", "Hans Sand", "Ida Tolk"


@contextmanager
def call(
    browsers: Browser | Sequence[Browser],
    hub: Hub,
    pictures: Path,
    *,
    guests: Sequence[str] = (GRETHE,),
    direct: bool = False,
    patience: float = 25.0,
) -> Iterator[list[Someone]]:
    """The doctor and some guests who see and hear each other; they come from the hub's web processes in turn.

    Each has a browser of ``browsers``, or all have the same. Without ``direct`` the room is on the media server from
    the beginning. ``patience``: seconds that the first pictures may take.
    """
    # Of a colleague: the day page suggests times by what the doctor has booked.
    code = hub.room(direct=direct, organiser="secretary")
    with ExitStack() as stack:
        everybody: list[Someone] = []
        for number in range(1 + len(guests)):
            browser = browsers if isinstance(browsers, Browser) else browsers[number % len(browsers)]
            size = PHONE if number else DESKTOP
            everybody.append(stack.enter_context(window(browser, hub.url(number), pictures, size=size, script=WATCH)))
        doctor = everybody[0]
        doctor.code = code
        host(doctor, hub, code)
        for guest, name in zip(everybody[1:], guests, strict=True):
            enter(doctor, guest, name)
        everybody_sees_everybody(everybody, [DOCTOR, *guests], patience)
        yield everybody


def enter(doctor: Someone, guest: Someone, name: str) -> None:
    """Knock and be let in."""
    guest.code = doctor.code
    knock(guest, doctor.code, name)
    let_in(doctor, name)
    expect(guest.page.locator("#screen-call")).to_be_visible()


def everybody_sees_everybody(everybody: Sequence[Someone], names: Sequence[str], seconds: float = 25.0) -> None:
    """Wait until all pictures and sounds come."""
    for someone, name in zip(everybody, names, strict=True):
        sees(someone.page, *(other for other in names if other != name), seconds=seconds)


def leave(someone: Someone) -> None:
    """Press the button, and say yes."""
    someone.page.get_by_role("button", name="Forlad").click()
    someone.page.get_by_role("button", name="Ja, forlad samtalen").click()


def end(doctor: Someone) -> None:
    """End the call for everybody."""
    doctor.page.get_by_role("button", name="Afslut for alle").click()
    doctor.page.get_by_role("button", name="Ja, afslut for alle").click()
    expect(doctor.page.locator("#screen-call")).to_be_hidden()


def engine_of(hub: Hub, code: str) -> str:
    """The server engine that a room is on; nothing while it is direct."""
    return hub.server.shell(f"""
from media.models import MediaRoom
from rooms.models import Room
print(*MediaRoom.objects.filter(room=Room.objects.get(short_id={code!r}).uuid).values_list("engine", flat=True))
""").strip()


def record_of(hub: Hub, code: str) -> dict[str, float]:
    """The room's call record: ``without`` is its seconds without media, ``devices`` how many took part."""
    found: dict[str, float] = json.loads(
        hub.server.shell(f"""
import json
from monitoring.models import CallRecord
from rooms.models import Room
call = CallRecord.objects.get(room_uuid=Room.objects.get(short_id={code!r}).uuid)
print(json.dumps({{"without": call.seconds_without_media, "devices": call.device_count}}))
""")
    )
    return found


def told_of_outage(hub: Hub, code: str, *, of: int = 1) -> None:
    """Wait until a device has told that it was cut off for so many seconds: with its next sample, seconds later."""
    script = f"""
from django.db.models import Max
from monitoring.models import DeviceQuality
from rooms.models import Room
told = DeviceQuality.objects.filter(room_uuid=Room.objects.get(short_id={code!r}).uuid)
print(told.aggregate(most=Max("seconds_without_media"))["most"] or 0)
"""
    until("the outage is told", lambda: float(hub.server.shell(script)) >= of)


@dataclass(frozen=True)
class Judged:
    """What the hub made of a call: outcome, cause, how sure that is, and the evidence in words of its own."""

    outcome: str
    cause: str
    confidence: str
    evidence: list[str]
    poor: bool
    troubles: list[str]


def close(hub: Hub, code: str) -> None:
    """The room's time is up, by the hub's own clockwork."""
    hub.server.shell(f"""
from rooms.models import Room
from rooms.services import close_expired
from vdx.lib import clock
room = Room.objects.get(short_id={code!r})
now = clock.now()
Room.objects.filter(pk=room.pk).update(closes_at=now)
close_expired(room_id=room.pk, now=now)
""")


def cause_of(hub: Hub, code: str, *, seconds: float = 15.0) -> Judged:
    """What the hub made of the call in a closed room, once it has."""
    found: list[dict[str, Any]] = []

    def judged() -> bool:
        found[:] = json.loads(
            hub.server.shell(f"""
import json
from monitoring.models import CallRecord, Trouble
from rooms.models import Room
uuid = Room.objects.get(short_id={code!r}).uuid
told = Trouble.objects.filter(room_uuid=uuid).order_by("at")
print(json.dumps([
    {{"outcome": call.outcome, "cause": call.cause, "confidence": call.confidence, "evidence": call.evidence,
     "poor": call.is_poor, "troubles": [f"{{t.side}} {{t.what}} {{t.detail}}" for t in told]}}
    for call in CallRecord.objects.filter(room_uuid=uuid, is_final=True)
]))
""")
        )
        return bool(found)

    wait_until("the call is judged", judged, seconds)
    return Judged(**found[0])
