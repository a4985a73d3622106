"""What a connection writes and reads in the database: called in a thread of its own."""

from __future__ import annotations

from datetime import datetime

import segno
from django.conf import settings

from rooms import company_queries, live, queries, services
from rooms.enums import CloseReason
from rooms.live import effects as do
from rooms.models import Seat
from rooms.protocol import Wire, handover
from rooms.services.let_in import let_in_guests
from vdx.lib import clock


def write(effect: do.Write, seat: Seat, now: datetime) -> None:
    """Carry out what a seat wants written. Raises the services' refusals."""
    match effect:
        case do.Admit(key):
            services.admit(room_id=seat.room_id, seat_key=key, by_seat_id=seat.pk, now=now)
        case do.Refuse(key):
            services.refuse(room_id=seat.room_id, seat_key=key, by_seat_id=seat.pk, now=now)
        case do.Lock(is_locked):
            services.lock_room(room_id=seat.room_id, is_locked=is_locked, by_seat=seat.pk, now=now)
        case do.Mute(key):
            services.mute(room_id=seat.room_id, seat_key=key, by_seat=seat.pk, now=now)
        case do.AnswerHandover(accept):
            services.answer_handover(seat_id=seat.pk, is_accepted=accept, now=now)
        case do.Extend(minutes):
            services.extend_room(room_id=seat.room_id, minutes=minutes, by_seat=seat.pk, now=now)
        case do.Ring(key):
            services.ring(room_id=seat.room_id, seat_key=key, by_seat_id=seat.pk, now=now)
        case do.Delay(minutes):
            services.delay(room_ids=[seat.room_id], minutes=minutes, by_seat_id=seat.pk, now=now)
        case do.TellSentence(to, sentence):
            services.say(room_id=seat.room_id, seat_key=to, sentence=sentence, by_seat_id=seat.pk, now=now)
        case do.End():
            services.close_room(room_id=seat.room_id, reason=CloseReason.ENDED, by_seat=seat.pk, now=now)
        case do.GiveUp():
            services.leave(seat_id=seat.pk, now=now)
        case do.Sample(measures):
            services.sample_quality(room_uuid=seat.room.uuid, seat_key=seat.key, measures=measures)
        case do.Report(what, detail, by_hub):
            services.report_trouble(
                room_uuid=seat.room.uuid, seat_key=seat.key, what=what, now=now, detail=detail, by_hub=by_hub
            )
        case do.AskForTelephone():
            services.ask_for_telephone(room_id=seat.room_id, seat_id=seat.pk, now=now)
        case do.MoveToTelephone():
            services.move_to_telephone(room_id=seat.room_id, by_seat=seat.pk, now=now)
        case do.Disconnect(visit, at):
            services.disconnect(visit_id=visit, now=at)


def remove(key: str, seat: Seat, now: datetime) -> None:
    """Take another seat out of the call."""
    services.remove(room_id=seat.room_id, seat_key=key, by_seat=seat.pk, now=now)


def offer_handover(seat: Seat, now: datetime) -> Wire:
    """Draw a code for another device: ``handover`` of docs/protocol.md."""
    offer = services.offer_handover(seat_id=seat.pk, now=now)
    url = f"{settings.VDX_SHORT_LINK_BASE}{seat.room.short_id}/haandover#{offer.secret}"
    picture = ["".join(str(dot) for dot in row) for row in segno.make(url, error="m", micro=False).matrix]
    return handover(digits=offer.digits, url=url, picture=picture, expires_at=offer.expires_at)


def connect(
    *, seat_id: int, room_id: int, instance: str, resumed: bool, token: str | None = None, lets_in: bool = False
) -> tuple[live.Standing, list[live.Companion]]:
    """Begin a visit, and see how everything stands. ``lets_in``: the room has, or had, no waiting room."""
    now = clock.now()
    visit = services.connect(seat_id=seat_id, instance=instance, resumed=resumed, now=now, token=token)
    if lets_in:
        let_in_guests(room_id=room_id, now=now)
    standing = queries.standing(visit.pk, now)
    if standing is None:
        raise RuntimeError("a visit vanished while it began")
    return standing, company_queries.company(room_id=room_id, without=seat_id, now=now)


def beat(*, visit_id: int, seat_id: int) -> tuple[live.Standing | None, int | None]:
    """Write the heartbeat, and see how everything stands."""
    now = clock.now()
    services.seen(visit_id=visit_id, now=now)
    standing = queries.standing(visit_id, now)
    newest = queries.newest_visit(seat_id) if standing is not None and not standing.visit_open else None
    return standing, newest
