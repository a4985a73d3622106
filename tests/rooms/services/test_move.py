"""Going on in another browser with the same seat."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache

from rooms import services
from rooms.access import seat_for
from rooms.enums import CloseReason, DeviceKind, SeatState
from rooms.errors import KnockAgain, MoveGone, RoomClosed
from rooms.models import Room, Seat
from tests.factories.rooms import RoomFactory, SeatFactory, visit
from vdx.accounts.models import AuditEntry
from vdx.lib import clock

pytestmark = [pytest.mark.django_db, pytest.mark.service]


def offered(seat: Seat) -> str:
    return services.offer_move(seat_id=seat.pk, now=clock.now())


def take(room: Room, secret: str, *, token: str | None = None, later: float = 0) -> tuple[Seat, str]:
    now = clock.now() + timedelta(seconds=later)
    return services.take_over(room_id=room.pk, secret=secret, token=token, now=now)


@pytest.mark.parametrize("state", [SeatState.WAITING, SeatState.ADMITTED])
def test_the_seat_goes_on_as_it_was_and_the_old_token_is_dead(state: SeatState) -> None:
    admitted_at = clock.now() if state == SeatState.ADMITTED else None
    seat = SeatFactory(state=state, admitted_at=admitted_at, device_kind=DeviceKind.APP, token="old")
    moved, token = take(seat.room, offered(seat))
    assert (moved.pk, moved.key, moved.state, moved.admitted_at) == (seat.pk, seat.key, state, admitted_at)
    assert moved.device_kind == DeviceKind.APP
    assert seat_for(seat.room, "old") is None
    assert seat_for(seat.room, token) == seat
    assert Seat.objects.count() == 1


def test_a_secret_works_once_and_takes_the_seats_other_secrets_with_it() -> None:
    seat = SeatFactory()
    secrets = [offered(seat) for _ in range(2)]
    assert len(set(secrets)) == 2
    take(seat.room, secrets[0])
    for secret in secrets:
        with pytest.raises(MoveGone):
            take(seat.room, secret)


@pytest.mark.parametrize(("later", "works"), [(119, True), (120, False)])
def test_a_secret_works_for_two_minutes(later: int, works: bool) -> None:
    seat = SeatFactory()
    secret = offered(seat)
    if works:
        assert take(seat.room, secret, later=later)[0] == seat
        return
    with pytest.raises(MoveGone):
        take(seat.room, secret, later=later)


def test_a_secret_opens_no_other_room() -> None:
    seat = SeatFactory()
    other = RoomFactory()
    SeatFactory(room=other)
    for room, secret in [(other, offered(seat)), (seat.room, "x" * 43), (seat.room, "")]:
        with pytest.raises(MoveGone):
            take(room, secret)


@pytest.mark.parametrize("state", [SeatState.REFUSED, SeatState.LEFT])
def test_a_seat_without_a_place_is_neither_offered_nor_taken(state: SeatState) -> None:
    seat = SeatFactory()
    secret = offered(seat)
    Seat.objects.update(state=state)
    with pytest.raises(MoveGone):
        take(seat.room, secret)
    with pytest.raises(KnockAgain):
        offered(seat)


def test_a_host_moves_by_logging_in() -> None:
    with pytest.raises(KnockAgain):
        offered(SeatFactory(host=True))


def test_nothing_moves_in_a_closed_room() -> None:
    seat = SeatFactory()
    secret = offered(seat)
    services.close_room(room_id=seat.room_id, reason=CloseReason.ENDED, now=clock.now())
    with pytest.raises(RoomClosed):
        offered(seat)
    with pytest.raises(RoomClosed):
        take(seat.room, secret)


def test_the_place_where_the_new_browser_waited_is_given_up() -> None:
    seat = SeatFactory(admitted=True)
    here = SeatFactory(room=seat.room, token="here")
    waiting = visit(here, clock.now(), None)
    take(seat.room, offered(seat), token="here")
    here.refresh_from_db()
    waiting.refresh_from_db()
    assert here.state == SeatState.LEFT
    assert waiting.ended_at is not None


def test_the_same_browser_may_take_its_own_seat() -> None:
    seat = SeatFactory(admitted=True, token="here")
    moved, token = take(seat.room, offered(seat), token="here")
    assert (moved.state, token == "here") == (SeatState.ADMITTED, False)


def test_the_secret_itself_is_kept_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    seat = SeatFactory()
    kept: list[str] = []
    keep = cache.set

    def watch(key: str, value: object, timeout: float) -> None:
        kept.append(f"{key} {value}")
        keep(key, value, timeout)

    monkeypatch.setattr(cache, "set", watch)
    secret = offered(seat)
    take(seat.room, secret)
    assert kept, "there is something to look through"
    audited = list(AuditEntry.objects.order_by("pk").values())
    assert [entry["action"] for entry in audited] == ["room.created", "room.seat_moved"]
    assert secret not in f"{kept}{audited}{list(Seat.objects.values())}"
