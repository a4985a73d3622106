"""What the room's pages are told: the templates as ``data``, the script as json with id ``room-data``."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from rooms import access, queries
from rooms.enums import CloseReason, DeviceKind, ReadySentence, SeatRole, TestVerdict
from rooms.models import Room
from rooms.protocol import time
from rooms.rules import arrival
from rooms.rules.states import SEATED
from rooms.rules.waiting import DELAYS
from rooms.views.door import window_of
from rooms.views.visitor import device_kind_of, via_of
from vdx.lib import clock, ids


def page_context(request: HttpRequest, room: Room, **more: Any) -> dict[str, Any]:
    """The context of every page of a room."""
    data = page_data(request, room)
    return {
        "data": data,
        "room": room,
        "opens_at": room.opens_at,
        "guest_pin": room.guest_pin if data["isHost"] else None,
        # A call in a fixed room begins when somebody comes: no time was agreed on.
        "starts_at": None if room.fixed_room else room.starts_at,
        "fixed": room.fixed_room,
        "ends_at": room.ends_at,
        "reason": room.close_reason,
        # Where the booking wants guests to go on: not while there is something to be said about the telephone.
        "return_to": arrival.return_address(data["urls"]["after"])
        if room.close_reason != CloseReason.TELEPHONE
        else None,
        **more,
    }


def page_data(request: HttpRequest, room: Room) -> dict[str, Any]:
    """What the page is told. The short link is shown to hosts only; a guest has it in the address."""
    seat = access.seat_for(room, request.COOKIES.get(access.SEAT_COOKIE))
    seated = seat if seat is not None and seat.state in SEATED else None
    is_host = seated is not None and seated.role == SeatRole.HOST
    was_host = seat is not None and seat.role == SeatRole.HOST
    # A host of a meeting is asked about it; among colleagues everybody leaves by the same door.
    after = reverse(
        settings.VDX_AFTER_CALL["host" if was_host and not room.is_fixed else "guest"], args=[room.short_id or ""]
    )
    code = room.short_id or ""
    may_host = access.may_host(request.user, room)
    via = via_of(request.GET.get("via"))
    in_app = device_kind_of(request, via) == DeviceKind.APP
    return {
        "role": seated.role if seated else None,
        "state": seated.state if seated else None,
        "roomState": str(window_of(room)),
        "opensAt": time(room.opens_at),
        "startsAt": None if room.is_fixed else time(room.starts_at),
        "endsAt": time(room.ends_at),
        "closesAt": time(room.closes_at),
        "code": code,
        "spokenCode": ids.spoken_short_id(code),
        "shortLink": f"{settings.VDX_SHORT_LINK_BASE}{code}" if is_host else None,
        # What a guest reads in the address already, to be copied out of an app that shows none.
        "openLink": f"{settings.VDX_SHORT_LINK_BASE}{code}",
        "publicHost": urlsplit(settings.VDX_PUBLIC_URL).netloc,
        "practiceName": room.organisation.name,
        "practicePhone": room.phone,
        "doctorName": room.host_label,
        "hasSeat": seated is not None,
        "seatConnectedElsewhere": seated is not None and queries.is_connected(seated, clock.now()),
        "needsPin": room.guest_pin is not None
        and seated is None
        and not access.has_shown_pin(room, request.COOKIES.get(access.PIN_COOKIE)),
        "isHost": is_host,
        "mayHost": may_host,
        "sentences": ReadySentence.choices if is_host else [],
        "delays": DELAYS if is_host else [],
        "verdicts": TestVerdict.choices if is_host else [],
        # What the booking asks of guests.
        "startsMuted": not is_host
        and not arrival.microphone_on_arrival(
            asked=queries.guest_microphone(room), mute_all_guests=room.mute_all_guests
        ),
        "mayPresent": is_host or room.guests_can_present,
        "urls": {
            "socket": f"{reverse('rooms:room', args=[code])}/ws",
            "knock": reverse("rooms:knock", args=[code]),
            "trouble": reverse("rooms:trouble", args=[code]),
            "host": reverse("rooms:host", args=[code]),
            "after": after if was_host else arrival.return_address(room.return_url) or after,
            # Where the consultation goes on by telephone this page says so; the record system's knows nothing of it.
            "onTelephone": None if was_host else after,
            "front": reverse("rooms:front"),
            "test": reverse("rooms:room_test", args=[code]),
            "ringMe": reverse("rooms:ring_me", args=[code]),
            "worker": reverse("rooms:worker"),
            # A host moves by logging in.
            "move": reverse("rooms:move", args=[code]) if in_app and not is_host else None,
            "qr": reverse("rooms:qr", args=[code]) if is_host else None,
            # From the call to the one who waits next.
            "next": f"{reverse(settings.VDX_AFTER_CALL['next'])}?naeste"
            if is_host and may_host and not room.is_fixed
            else None,
        },
        # The key with which a browser asks to be rung; empty where the hub rings nobody by a push service.
        "pushKey": "" if is_host else settings.VDX_VAPID_PUBLIC_KEY,
        "userName": queries.hosts_name(seated.user, room) if is_host and seated else None,
        "via": via,
    }
