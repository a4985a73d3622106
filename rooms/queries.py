"""What others read of rooms: the facts of a call, and what the room's page and sockets show."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import BooleanField, Case, Count, Exists, ExpressionWrapper, OuterRef, Prefetch, Q, QuerySet, When
from django.db.models.functions import Coalesce, Lower

from rooms.enums import CloseReason, DeviceKind, DirectMedia, ProvisionStatus, RoomKind, RoomState, SeatRole, SeatState
from rooms.fixed_queries import addresses_taken as addresses_taken
from rooms.fixed_queries import fixed_owners as fixed_owners
from rooms.fixed_queries import is_fixed as is_fixed
from rooms.line_queries import Load as Load
from rooms.line_queries import OpenCall as OpenCall
from rooms.line_queries import load as load
from rooms.line_queries import open_calls as open_calls
from rooms.live import Called, RoomFacts, Standing
from rooms.models import Room, Seat, Visit
from rooms.rules import provision
from rooms.rules.stays import STALE_AFTER, Stay, VisitSpan, stays, waited
from vdx.lib.errors import NotFound

if TYPE_CHECKING:
    from vdx.accounts.models import Organisation, User

_DUE_AT_ONCE = 200
# Of a visit: its seat waits and has asked to be rung.
_RINGS = ExpressionWrapper(Q(seat__state=SeatState.WAITING, seat__push_address__isnull=False), BooleanField())


@dataclass(frozen=True)
class DeviceFacts:
    """One device: a seat that was let in, and when it took part. ``waited``: a guest, see rules/stays.py, seconds."""

    seat_key: str
    kind: DeviceKind
    role: SeatRole
    stays: tuple[Stay, ...]
    waited: int | None = None


@dataclass(frozen=True)
class Presence:
    """A seat that was connected, let in or not: from when to when, by which load of its page, and as what it took part.

    ``connections``: (from, to, load of the page, whether it took part then). ``user_id``: a doctor's login.
    """

    seat_key: str
    kind: DeviceKind
    role: SeatRole
    state: SeatState
    connections: tuple[tuple[datetime, datetime, str, bool], ...]
    user_id: int | None


@dataclass(frozen=True)
class CallFacts:
    """What is known of a room's call. ``guests_waited``: a guest was connected, let in or not."""

    room_uuid: UUID
    presences: tuple[Presence, ...]
    devices: tuple[DeviceFacts, ...]
    guests_waited: bool
    host_came: bool
    organisation_id: int
    starts_at: datetime | None
    ends_at: datetime | None
    created_time: datetime
    closed_at: datetime | None
    close_reason: str


def call_facts(room_uuid: UUID) -> CallFacts:
    """The facts of a room's call so far; stays of devices still connected end where last seen. Raises NotFound."""
    seats = Prefetch(
        "seats",
        Seat.objects.order_by("pk").prefetch_related(Prefetch("visits", Visit.objects.order_by("started_at", "pk"))),
    )
    room = Room.objects.filter(uuid=room_uuid).prefetch_related(seats).first()
    if room is None:
        raise NotFound
    came = [(seat, list(seat.visits.all())) for seat in room.seats.all()]
    return CallFacts(
        room_uuid=room_uuid,
        presences=tuple(
            Presence(
                seat_key=seat.key,
                kind=DeviceKind(seat.device_kind),
                role=SeatRole(seat.role),
                state=SeatState(seat.state),
                connections=tuple(
                    (visit.started_at, visit.last_known(), visit.instance, visit.admitted_at is not None)
                    for visit in visits
                ),
                user_id=seat.user_id,
            )
            for seat, visits in came
            if visits
        ),
        devices=tuple(
            DeviceFacts(
                seat_key=seat.key,
                kind=DeviceKind(seat.device_kind),
                role=SeatRole(seat.role),
                stays=stays(VisitSpan(visit.admitted_at, visit.last_known(), visit.resumed) for visit in visits),
                waited=None if seat.role == SeatRole.HOST else waited(visits),
            )
            for seat, visits in came
            if seat.is_device
        ),
        guests_waited=any(visits and seat.role == SeatRole.GUEST for seat, visits in came),
        host_came=any(visits and seat.role == SeatRole.HOST for seat, visits in came),
        organisation_id=room.organisation_id,
        starts_at=room.starts_at,
        ends_at=room.ends_at,
        created_time=room.created_time,
        closed_at=room.closed_at,
        close_reason=room.close_reason,
    )


def rooms_closed_since(moment: datetime) -> list[UUID]:
    """Rooms closed at or after a moment, the earliest first."""
    closed = Room.objects.filter(state=RoomState.CLOSED, closed_at__gte=moment)
    return list(closed.order_by("closed_at", "pk").values_list("uuid", flat=True))


def closings(room_uuids: Collection[UUID]) -> dict[UUID, datetime | None]:
    """When rooms were closed, None for those that are not; rooms that are gone are left out."""
    return dict(Room.objects.filter(uuid__in=room_uuids).values_list("uuid", "closed_at"))


def still_to_come_or_over_since(room_uuids: Collection[UUID], moment: datetime) -> set[UUID]:
    """Of these rooms those that were not over yet at a moment. One query."""
    over = Coalesce("closed_at", "closes_at", "ends_at")
    rooms = Room.objects.filter(uuid__in=room_uuids).annotate(over=over)
    return set(rooms.filter(Q(over__isnull=True) | Q(over__gte=moment)).values_list("uuid", flat=True))


@dataclass(frozen=True)
class Hosted:
    """A room that is closed, and the seat that a login had in it as host."""

    room_uuid: UUID
    seat_key: str
    code: str | None
    starts_at: datetime | None
    closed_at: datetime | None


def hosted_since(user_id: int, moment: datetime) -> list[Hosted]:
    """The meetings that a login was host in and that were closed at or after a moment, latest first. One query."""
    rooms = Room.objects.filter(closed_at__gte=moment).exclude(kind=RoomKind.FIXED).order_by().values("pk")
    seats = Seat.objects.filter(user=user_id, role=SeatRole.HOST, room__in=rooms)
    rows = seats.order_by("-room__closed_at", "pk").values_list(
        "room__uuid", "key", "room__short_id", "room__starts_at", "room__closed_at"
    )
    return [Hosted(*row) for row in rows]


def guests_after(room_uuids: Collection[UUID]) -> list[tuple[UUID, int, str]]:
    """Room, organisation and seat of the guests, let in or not, whose room is closed and was not called off.

    Each person once: a seat that was given up for the same person's other one is left out. So is whoever knocked while
    logged in to the hub, and everybody in a fixed room, where colleagues meet.
    """
    seats = Seat.objects.filter(room__uuid__in=room_uuids, room__state=RoomState.CLOSED, role=SeatRole.GUEST)
    seats = seats.filter(by_login=False, moved_on=False).exclude(room__kind=RoomKind.FIXED)
    rows = seats.exclude(room__close_reason=CloseReason.CANCELLED).order_by("pk")
    return list(rows.values_list("room__uuid", "room__organisation_id", "key"))


def host_seat_key(room_id: int, user_id: int) -> str | None:
    """The seat that a login has in a room as host; None without one."""
    seats = Seat.objects.filter(room=room_id, user=user_id, role=SeatRole.HOST)
    return seats.order_by("pk").values_list("key", flat=True).first()


def provision_status(room: Room, now: datetime) -> ProvisionStatus:
    """How far the room is made ready, by itself or by somebody outside (rooms.rules.provision)."""
    return ProvisionStatus(
        provision.status(
            stored=room.provision_status,
            outside=room.outside_provisioner,
            closed=room.state == RoomState.CLOSED,
            opens=room.opens_at,
            closes=room.closes_at,
            created=room.created_time,
            now=now,
        )
    )


def provisioned_at(room: Room, now: datetime) -> datetime | None:
    """When the room got the status that it has; None while nothing has happened to it."""
    if room.provision_timestamp is not None:
        return room.provision_timestamp
    if provision_status(room, now) == ProvisionStatus.AWAITS_PROVISION:
        return None
    return room.opens_at or room.created_time + provision.POOL_READY_AFTER


def pool_rooms() -> QuerySet[Room]:
    """Rooms for the pool that no meeting has taken, ready or not, held back or not."""
    return Room.objects.filter(is_pool=True, starts_at__isnull=True)


def free_pool_rooms(*, now: datetime, older_than: timedelta = timedelta()) -> QuerySet[Room]:
    """Those of them that are ready, since ``older_than``, and that nobody holds back."""
    by_itself = Q(
        outside_provisioner=False,
        provision_status=ProvisionStatus.AWAITS_PROVISION,
        created_time__lte=now - provision.POOL_READY_AFTER - older_than,
    )
    said = Q(provision_status=ProvisionStatus.PROVISIONED_OK, provision_timestamp__lte=now - older_than)
    return pool_rooms().filter(by_itself | said).exclude(held_back(now))


def held_back(now: datetime) -> Q:
    """Reserved, and the reservation lasts."""
    return Q(reserved_at__isnull=False, reserved_at__gt=now - provision.RESERVED_FOR)


def free_pool_counts(organisation_ids: Collection[int], now: datetime) -> dict[int, int]:
    """How many rooms are free in each pool; empty ones are left out. One query."""
    rows = free_pool_rooms(now=now).filter(organisation_id__in=list(organisation_ids)).order_by()
    return dict(rows.values_list("organisation_id").annotate(count=Count("pk")))


def uuid_taken(uuid: UUID) -> bool:
    """Whether a room has the uuid."""
    return Room.objects.filter(uuid=uuid).exists()


def reserved_rooms(organisation_id: int, reservation_id: UUID, now: datetime) -> QuerySet[Room]:
    """The room that the organisation holds back under that id, while the reservation lasts and is not used."""
    return pool_rooms().filter(
        organisation_id=organisation_id, reservation_id=reservation_id, reserved_at__gt=now - provision.RESERVED_FOR
    )


def ready_booked_owners(uris: Collection[str], now: datetime) -> dict[str, Organisation]:
    """Whose the booked rooms with these addresses are, as far as they are ready; by the address in small letters."""
    wanted = {uri.lower() for uri in uris}
    found = (
        Room.objects.alias(address=Lower("uri_with_domain"))
        .filter(address__in=wanted, meeting__isnull=False)
        .select_related("organisation")
    )
    return {
        room.uri_with_domain.lower(): room.organisation
        for room in found.order_by("created_time")
        if provision_status(room, now) == ProvisionStatus.PROVISIONED_OK
    }


def waiting_counts(room_ids: Collection[int]) -> dict[int, int]:
    """How many guests wait now, connected, by the room's id; rooms where nobody waits are left out."""
    return _connected_counts(room_ids, SeatState.WAITING)


def device_counts(room_ids: Collection[int]) -> dict[int, int]:
    """How many devices are connected now, by the room's id; rooms without are left out."""
    return _connected_counts(room_ids, SeatState.ADMITTED)


def due_to_close(now: datetime) -> list[int]:
    """Ids of rooms whose time is up, the longest first; the next sweep finds what is beyond the first 200."""
    due = Room.objects.exclude(state=RoomState.CLOSED).filter(closes_at__lte=now)
    return list(due.order_by("closes_at").values_list("pk", flat=True)[:_DUE_AT_ONCE])


def room_facts(room: Room) -> RoomFacts:
    """The room as its sockets show it."""
    return RoomFacts(
        state=RoomState(room.state),
        ends_at=room.ends_at,
        closes_at=room.closes_at,
        close_reason=room.close_reason,
        delay_minutes=room.delay_minutes,
        is_locked=room.is_locked,
        guests_can_present=room.guests_can_present,
    )


def room_facts_of(room_uuid: UUID) -> RoomFacts | None:
    """The same by the room's uuid; None where the room is gone."""
    room = Room.objects.filter(uuid=room_uuid).first()
    return room_facts(room) if room else None


def guest_microphone(room: Room) -> str | None:
    """How the room's meeting wants guests to arrive; None where nothing is asked, or without a meeting."""
    meeting = getattr(room, "meeting", None)
    return None if meeting is None else meeting.guest_microphone


def standing(visit_id: int, now: datetime) -> Standing | None:
    """How a connection, its seat and its room stand in the database; one query. None where they are gone."""
    visits = Visit.objects.select_related("seat__room").annotate(doctor_elsewhere=_doctor_elsewhere(now), rings=_RINGS)
    visit = visits.filter(pk=visit_id).first()
    if visit is None:
        return None
    seat = visit.seat
    return Standing(
        visit=visit.pk,
        visit_open=visit.ended_at is None,
        state=SeatState(seat.state),
        role=SeatRole(seat.role),
        room=room_facts(seat.room),
        called=_called(seat),
        doctor_elsewhere=visit.doctor_elsewhere,
        rings=visit.rings,
        test=seat.test_verdict,
    )


def called_of(seat_keys: Collection[str]) -> dict[str, Called]:
    """What a host has last done for these seats."""
    return {seat.key: _called(seat) for seat in Seat.objects.filter(key__in=list(seat_keys))}


def hosting(user_id: int, now: datetime) -> set[UUID]:
    """The rooms in which a login is connected as host; one query."""
    here = _connected_hosts(now).filter(seat__user=user_id)
    return set(here.values_list("seat__room__uuid", flat=True))


def newest_visit(seat_id: int) -> int | None:
    """The id of the seat's newest visit."""
    return Visit.objects.filter(seat_id=seat_id).order_by("-pk").values_list("pk", flat=True).first()


def direct_possible(room_uuid: UUID | str, now: datetime) -> bool:
    """Whether sound and picture may go from browser to browser; one query.

    The template allows it, and two devices at most are connected. Who waits does not count.
    """
    fresh = Q(seats__state=SeatState.ADMITTED, seats__visits__ended_at__isnull=True)
    fresh &= Q(seats__visits__seen_at__gte=now - STALE_AFTER)
    devices = Count("seats", filter=fresh, distinct=True)
    return (
        Room.objects.filter(uuid=room_uuid, direct_media=DirectMedia.BEST_EFFORT)
        .alias(devices=devices)
        .filter(devices__lte=2)
        .exists()
    )


def since(seat: Seat) -> datetime:
    """From when a seat waits, or takes part."""
    if seat.state == SeatState.WAITING:
        return seat.knocked_at or seat.created_at
    return seat.admitted_at or seat.created_at


def is_connected(seat: Seat, now: datetime) -> bool:
    """Whether the seat has a live connection."""
    return Visit.objects.filter(seat=seat, ended_at__isnull=True, seen_at__gte=now - STALE_AFTER).exists()


def hosts_name(user: User | None, room: Room) -> str:
    """How a host is shown: by the login's name, or by the practice's where only the pin was typed."""
    return user.name if user is not None else room.host_label or room.organisation.name


def _called(seat: Seat) -> Called:
    return Called(rung_at=seat.rung_at, told=seat.told, told_at=seat.told_at)


def _connected_hosts(now: datetime) -> QuerySet[Visit]:
    return Visit.objects.filter(
        ended_at__isnull=True,
        seen_at__gte=now - STALE_AFTER,
        seat__role=SeatRole.HOST,
        seat__state=SeatState.ADMITTED,
    )


def _doctor_elsewhere(now: datetime) -> Case:
    """Whether the doctor whose meeting it is is connected as host in another room; looked for by who waits only."""
    elsewhere = (
        _connected_hosts(now)
        .exclude(seat__room=OuterRef("seat__room"))
        .annotate(email=Lower("seat__user__email"))
        .filter(email=Lower(OuterRef("seat__room__meeting__organized_by__email")))
    )
    return Case(When(seat__state=SeatState.WAITING, then=Exists(elsewhere)), default=False)


def _connected_counts(room_ids: Collection[int], state: SeatState) -> dict[int, int]:
    open_visits = Visit.objects.filter(ended_at__isnull=True, seat__room_id__in=room_ids, seat__state=state)
    rows = open_visits.values_list("seat__room_id").annotate(count=Count("seat", distinct=True)).order_by()
    return dict(rows)
