"""Taking in what came of a device test. The page is the rooms' own (``rooms/views/test.py``)."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from monitoring import access, services
from monitoring.access import MachineTest
from rooms import access as rooms_access
from rooms import services as rooms
from rooms.enums import TestVerdict
from vdx.lib import clock
from vdx.lib.browsers import browser_and_system
from vdx.lib.errors import InvalidInput

_BODY_BYTES = 4000


@require_POST
def result(request: HttpRequest, code: str = "") -> HttpResponse:
    """Body: ``{"key", "room", "measures"}``, answer: ``{"code", "verdict", "reason"}`` (docs/protocol.md).

    At work the machine keeps that it was tested. With a meeting's code what came of it follows the browser to the
    room's door; sent to the room's own address, where the seat's cookie comes along, it also reaches those whom that
    browser waits for.
    """
    key, said, measures = _read(request)
    code = code or said
    cookie = request.COOKIES.get(rooms_access.VISITOR_COOKIE, "")
    address: str = request.client_address  # type: ignore[attr-defined]
    rooms_access.may_report_test(cookie=cookie, address=address)
    room = rooms_access.room_for_short_id(code, cookie=cookie, address=address) if code else None
    now = clock.now()
    test = services.record_device_test(
        key=key,
        measures=measures,
        room_uuid=room.uuid if room else None,
        user=request.user if request.user.is_authenticated else None,
        browser=browser_and_system(request.headers.get("User-Agent", "")),
        now=now,
    )
    response = JsonResponse({"code": test.code, "verdict": test.verdict, "reason": test.reason})
    if request.user.is_authenticated and test.verdict != TestVerdict.UNKNOWN:
        access.set_machine_cookie(response, MachineTest(TestVerdict(test.verdict), clock.local_date(now)))
    if room is not None:
        token = request.COOKIES.get(rooms_access.SEAT_COOKIE)
        rooms.note_test(room_id=room.pk, token=token, verdict=TestVerdict(test.verdict))
        rooms_access.set_test_cookie(response, room, TestVerdict(test.verdict))
    return response


def _read(request: HttpRequest) -> tuple[UUID, str, dict[str, Any]]:
    if len(request.body) > _BODY_BYTES:
        raise InvalidInput
    try:
        body = json.loads(request.body)
        match body:
            case {"key": str(key), "room": (str() | None) as code, "measures": dict(measures)}:
                return UUID(key), code or "", measures
    except (ValueError, RecursionError):
        pass
    raise InvalidInput
