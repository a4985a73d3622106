"""The hub's places for calls: what needs one, who keeps it, and what a full hub says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection

from rooms import services
from rooms.enums import CloseReason, DeviceKind, SeatState
from rooms.errors import HubFull
from rooms.models import CallPlace, Room, Seat, Visit
from rooms.services.lines import taken_places
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.rooms import RoomFactory, SeatFactory, instance, visit
from tests.rooms.services.conftest import Told
from tests.rooms.services.test_races import at_once
from vdx.accounts.enums import Role
from vdx.lib import clock

pytestmark = [pytest.mark.django_db, pytest.mark.service]

SECOND = timedelta(seconds=1)
PAGE = "a" * 32


@pytest.fixture(autouse=True)
def one_call(settings: LazySettings) -> None:
    """A hub that holds one call."""
    settings.VDX_CAPACITY, settings.VDX_CAPACITY_GRACE = 1, 0


def come(seat: Seat, now: datetime, *, page: str = "", resumed: bool = False) -> Visit:
    return services.connect(seat_id=seat.pk, instance=page or instance(), resumed=resumed, now=now)


def call(now: datetime) -> tuple[Seat, Seat]:
    """Two who talk: host and guest."""
    room = RoomFactory(starts_at=now)
    host, guest = SeatFactory(room=room, host=True), SeatFactory(room=room, admitted=True)
    come(host, now)
    come(guest, now, page=PAGE)
    return host, guest


def waits(now: datetime) -> tuple[Seat, Seat]:
    """A host who is there, and a guest who waits."""
    room = RoomFactory(starts_at=now)
    host, guest = SeatFactory(room=room, host=True), SeatFactory(room=room)
    come(host, now)
    come(guest, now)
    return host, guest


def admit(host: Seat, guest: Seat, now: datetime) -> Seat:
    return services.admit(room_id=host.room_id, seat_key=guest.key, by_seat_id=host.pk, now=now)


# --- What needs a place ---


def test_a_call_has_a_place_from_its_second_device_on() -> None:
    now = clock.now()
    host, guest = waits(now)
    assert taken_places(now).count() == 0
    admit(host, guest, now + SECOND)
    place = CallPlace.objects.get()
    assert (place.room_id, place.taken_at, place.kept_until) == (host.room_id, now + SECOND, None)


def test_a_third_device_needs_none() -> None:
    now = clock.now()
    host, _ = call(now)
    third = SeatFactory(room=host.room)
    come(third, now)
    assert admit(host, third, now).state == SeatState.ADMITTED
    assert CallPlace.objects.count() == 1


def test_the_call_too_many_is_not_begun_and_both_sides_hear_so(told: Told) -> None:
    now = clock.now()
    call(now)
    host, guest = waits(now)
    with pytest.raises(HubFull) as refusal:
        told.run(admit, host=host, guest=guest, now=now)
    assert "telefon" in str(refusal.value.message)
    guest.refresh_from_db()
    # Waits on: nobody has to knock again.
    assert guest.state == SeatState.WAITING
    assert guest.visits.get().admitted_at is None
    assert CallPlace.objects.count() == 1
    assert told.named("participant_admitted") == told.named("call_started") == []
    assert told.named("call_refused") == [{"room_uuid": host.room.uuid, "seat_key": guest.key}]
    assert [(fact["what"], fact["seat_key"]) for fact in told.named("trouble_reported")] == [("hub_full", guest.key)]


def test_there_is_a_place_again_when_a_call_is_over() -> None:
    now = clock.now()
    talking, _ = call(now)
    host, guest = waits(now)
    with pytest.raises(HubFull):
        admit(host, guest, now)
    services.close_room(room_id=talking.room_id, reason=CloseReason.ENDED, now=now)
    assert admit(host, guest, now).state == SeatState.ADMITTED


def test_a_guest_who_comes_back_as_the_call_too_many_is_told_the_practices_number(told: Told) -> None:
    now = clock.now()
    room = RoomFactory(host_phone="33 11 22 33")
    host, guest = SeatFactory(room=room, host=True), SeatFactory(room=room, admitted=True)
    come(host, now)
    call(now)
    with pytest.raises(HubFull) as refusal:
        told.run(services.connect, seat_id=guest.pk, instance=PAGE, resumed=False, now=now)
    assert "33 11 22 33" in str(refusal.value.message)
    assert guest.visits.count() == 0
    assert told.named("call_refused") == [{"room_uuid": room.uuid, "seat_key": guest.key}]


def test_without_a_number_it_is_the_practice_itself() -> None:
    assert "praksis" in str(HubFull.of("guest", "", fixed=False).message)
    assert "praksis" in str(HubFull.beside("guest", "", fixed=False))
    for role, fixed in (("host", False), ("host", True), ("guest", True)):
        assert HubFull.of(role, "33 11 22 33", fixed=fixed).message == HubFull.message
        assert HubFull.beside(role, "33 11 22 33", fixed=fixed) == HubFull.message


def test_from_the_desk_nobody_goes_into_a_call_that_cannot_begin(told: Told) -> None:
    now = clock.now()
    call(now)
    guest = SeatFactory()
    come(guest, now)
    user = UserFactory()
    MembershipFactory(user=user, organisation=guest.room.organisation, role=Role.DOCTOR)
    enter = partial(
        services.enter_and_admit,
        room_id=guest.room_id,
        seat_key=guest.key,
        user=user,
        device_kind=DeviceKind.BROWSER,
        now=now,
    )
    with pytest.raises(HubFull):
        told.run(enter)
    guest.refresh_from_db()
    assert (guest.state, Seat.objects.filter(room=guest.room).count()) == (SeatState.WAITING, 1)
    assert told.named("call_refused") == [{"room_uuid": guest.room.uuid, "seat_key": guest.key}]


# --- Grace ---


@pytest.mark.parametrize(("grace", "fits"), [(0, 2), (25, 2), (50, 3), (100, 4)])
def test_inside_the_grace_calls_begin_and_it_is_told(settings: LazySettings, told: Told, grace: int, fits: int) -> None:
    settings.VDX_CAPACITY, settings.VDX_CAPACITY_GRACE = 2, grace
    now = clock.now()
    for number in range(5):
        host, guest = waits(now)
        if number < fits:
            told.run(admit, host=host, guest=guest, now=now)
        else:
            with pytest.raises(HubFull):
                told.run(admit, host=host, guest=guest, now=now)
    assert taken_places(now).count() == fits
    assert [fact["calls"] for fact in told.named("capacity_passed")] == list(range(3, fits + 1))


# --- Calls that run are not touched ---


def test_a_call_keeps_its_place_while_a_device_reconnects() -> None:
    now = clock.now()
    _, guest = call(now)
    services.disconnect(visit_id=guest.visits.get().pk, now=now)
    assert CallPlace.objects.get().kept_until == now + 60 * SECOND
    for _ in range(2):
        host, other = waits(now)
        with pytest.raises(HubFull):
            admit(host, other, now + 59 * SECOND)
    come(guest, now + 59 * SECOND)
    assert CallPlace.objects.get().kept_until is None


def test_a_call_whose_sockets_are_all_gone_comes_back_into_its_place() -> None:
    now = clock.now()
    host, guest = call(now)
    for seat in (host, guest):
        services.disconnect(visit_id=seat.visits.get().pk, now=now)
    come(guest, now + 30 * SECOND)
    come(host, now + 40 * SECOND)
    assert taken_places(now + 200 * SECOND).count() == 1


def test_another_device_takes_the_call_over_in_its_place() -> None:
    now = clock.now()
    _, guest = call(now)
    come(guest, now + SECOND, page="b" * 32)
    assert CallPlace.objects.get().kept_until is None


def test_a_place_that_was_kept_for_a_minute_is_free() -> None:
    now = clock.now()
    _, guest = call(now)
    services.disconnect(visit_id=guest.visits.get().pk, now=now)
    later = now + 61 * SECOND
    host, other = waits(later)
    admit(host, other, later)
    with pytest.raises(HubFull):
        come(guest, later + SECOND)


def test_a_page_whose_sound_and_picture_went_on_holds_a_running_call() -> None:
    now = clock.now()
    host, guest = call(now)
    pages = {seat: seat.visits.get().instance for seat in (host, guest)}
    for seat in (host, guest):
        services.disconnect(visit_id=seat.visits.get().pk, now=now + 10 * SECOND)
    services.release_places(now=now + 120 * SECOND)
    call(now + 120 * SECOND)
    come(host, now + 130 * SECOND, page=pages[host], resumed=True)
    come(guest, now + 130 * SECOND, page=pages[guest], resumed=True)
    assert taken_places(now + 130 * SECOND).count() == 2
    # Another page says so of itself, and is not believed.
    host, guest = waits(now + 140 * SECOND)
    Seat.objects.filter(pk=guest.pk).update(state=SeatState.ADMITTED, admitted_at=now)
    with pytest.raises(HubFull):
        come(guest, now + 150 * SECOND, page=PAGE, resumed=True)


def test_a_page_that_was_never_in_a_call_with_the_one_here_cannot_say_that_it_goes_on() -> None:
    now = clock.now()
    host, guest = waits(now)
    services.disconnect(visit_id=host.visits.get().pk, now=now + 10 * SECOND)
    admit(SeatFactory(room=host.room, host=True), guest, now + 20 * SECOND)
    call(now + 30 * SECOND)
    with pytest.raises(HubFull):
        come(host, now + 40 * SECOND, page=host.visits.get().instance, resumed=True)


def test_a_call_with_somebody_who_has_loaded_the_page_anew_since_does_not_go_on() -> None:
    now = clock.now()
    host, guest = call(now)
    for seat in (host, guest):
        services.disconnect(visit_id=seat.visits.get().pk, now=now + 10 * SECOND)
    services.release_places(now=now + 120 * SECOND)
    call(now + 120 * SECOND)
    come(host, now + 130 * SECOND)
    with pytest.raises(HubFull):
        come(guest, now + 130 * SECOND, page=PAGE, resumed=True)


def test_whoever_leaves_gives_the_place_back_at_once() -> None:
    now = clock.now()
    _, guest = call(now)
    services.leave(seat_id=guest.pk, now=now)
    assert CallPlace.objects.count() == 0


def test_of_three_one_may_leave() -> None:
    now = clock.now()
    host, guest = call(now)
    third = SeatFactory(room=host.room)
    come(third, now)
    admit(host, third, now)
    services.leave(seat_id=guest.pk, now=now)
    assert CallPlace.objects.get().kept_until is None
    services.leave(seat_id=third.pk, now=now)
    assert CallPlace.objects.count() == 0


# --- Nothing is used up for good ---


def test_after_a_killed_process_the_place_is_given_back() -> None:
    now = clock.now()
    call(now)
    later = now + 30 * SECOND
    services.end_stale_visits(now=later)
    services.release_places(now=later)
    assert taken_places(later).count() == 1
    services.release_places(now=later + 61 * SECOND)
    assert CallPlace.objects.count() == 0


def test_a_place_without_a_call_is_found_and_a_call_keeps_its_own() -> None:
    now = clock.now()
    call(now)
    orphan = SeatFactory(room=RoomFactory(), admitted=True)
    CallPlace.objects.create(room=orphan.room)
    services.release_places(now=now)
    assert CallPlace.objects.get().room_id != orphan.room_id


def test_a_room_that_is_deleted_or_over_holds_none() -> None:
    now = clock.now()
    host, guest = call(now)
    services.disconnect(visit_id=guest.visits.get().pk, now=now)
    services.close_room(room_id=host.room_id, reason=CloseReason.ADMIN, now=now)
    assert CallPlace.objects.count() == 0


# --- Two at once ---


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("capacity", [1, 3])
def test_of_many_who_begin_at_once_no_more_than_fit_get_in(settings: LazySettings, capacity: int) -> None:
    """Each in a thread with a connection of its own, as in processes of their own."""
    settings.VDX_CAPACITY = capacity
    now = clock.now()
    pairs = [waits(now) for _ in range(8)]

    def begin(host: Seat, guest: Seat) -> Callable[[], Any]:
        return lambda: str(admit(host, guest, now).state)

    came = at_once(*(begin(*pair) for pair in pairs))
    assert sorted(map(str, came)) == sorted(["admitted"] * capacity + [str(HubFull)] * (8 - capacity))
    assert CallPlace.objects.count() == capacity
    assert Seat.objects.filter(role="guest", state=SeatState.ADMITTED).count() == capacity


@pytest.mark.django_db(transaction=True)
def test_two_who_come_into_one_room_at_once_take_one_place() -> None:
    now = clock.now()
    room = RoomFactory()
    seats = [SeatFactory(room=room, host=True), SeatFactory(room=room, admitted=True)]
    came = at_once(*(partial(come, seat, now) for seat in seats))
    assert [type(one) for one in came] == [Visit, Visit]
    assert CallPlace.objects.get().room_id == room.pk


# --- What it costs ---


def test_a_device_that_comes_back_into_a_running_call_asks_no_more_than_before(
    django_assert_max_num_queries: Any,
) -> None:
    now = clock.now()
    _, guest = call(now)
    place_queries: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "rooms_callplace" in sql or "pg_advisory" in sql:
            place_queries.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        come(guest, now + SECOND)
    # With the devices that are there, in one question.
    assert len(place_queries) == 1
    host, other = waits(now)
    place_queries.clear()
    with connection.execute_wrapper(note), pytest.raises(HubFull):
        admit(host, other, now)
    assert len(place_queries) == (3 if connection.vendor == "postgresql" else 2)


def test_rooms_are_gone_with_their_places() -> None:
    now = clock.now()
    host, _ = call(now)
    services.close_room(room_id=host.room_id, reason=CloseReason.ENDED, now=now)
    assert not Room.objects.filter(call_place__isnull=False).exists()
    visit(host, now, now)
