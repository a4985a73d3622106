"""Handing the call to another device: a code, a question on the first device, a yes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rooms import services
from rooms.access import seat_for, seat_for_socket
from rooms.enums import CloseReason, DeviceKind, SeatState
from rooms.errors import HandoverGone, HandoverRefused, KnockAgain, RoomClosed
from rooms.models import Handover, Room, Seat
from rooms.services import HandoverStep
from rooms.services.handover import HandoverOffer
from tests.factories.accounts import MembershipFactory
from tests.factories.rooms import RoomFactory, SeatFactory
from tests.rooms.services.conftest import Told
from vdx.accounts.models import AuditEntry
from vdx.lib import clock

pytestmark = [pytest.mark.django_db, pytest.mark.service]


def offer(seat: Seat) -> HandoverOffer:
    return services.offer_handover(seat_id=seat.pk, now=clock.now())


def claim(room: Room, code: str, *, later: float = 0) -> str:
    return services.claim_handover(room_id=room.pk, code=code, now=clock.now() + timedelta(seconds=later))


def answer(seat: Seat, *, accept: bool = True) -> None:
    services.answer_handover(seat_id=seat.pk, is_accepted=accept, now=clock.now())


def finish(
    room: Room, asked: str, *, token: str | None = None, later: float = 0
) -> tuple[HandoverStep, Seat | None, str]:
    now = clock.now() + timedelta(seconds=later)
    return services.finish_handover(room_id=room.pk, claim=asked, token=token, now=now)


@pytest.mark.parametrize("by", ["digits", "secret"])
def test_the_seat_goes_on_as_it_was_and_the_old_browser_has_none(by: str, told: Told) -> None:
    seat = SeatFactory(admitted=True, token="old")
    offered = offer(seat)
    assert len(offered.digits) == 6
    assert offered.digits.isdigit()
    asked = told.run(claim, room=seat.room, code=getattr(offered, by))
    assert told.named("handover_asked") == [{"room_uuid": seat.room.uuid, "seat_key": seat.key}]
    assert finish(seat.room, asked) == (HandoverStep.WAIT, None, "")
    answer(seat)
    step, moved, token = finish(seat.room, asked)
    assert step == HandoverStep.TAKEN
    assert moved is not None
    assert (moved.pk, moved.key, moved.state, moved.admitted_at) == (seat.pk, seat.key, seat.state, seat.admitted_at)
    assert seat_for(seat.room, token) == seat
    services.connect(seat_id=seat.pk, instance="b" * 32, resumed=False, now=clock.now(), token=token)
    assert seat_for(seat.room, "old") is None
    assert seat_for(seat.room, token) == seat
    assert Seat.objects.count() == 1


def test_a_device_that_never_comes_leaves_the_first_one_in_its_seat() -> None:
    """Its battery died on the way: the first one reloads, in a room that is locked, and is where it was."""
    room = RoomFactory()
    Room.objects.update(is_locked=True)
    seat = SeatFactory(room=room, admitted=True, token="old")
    asked = claim(room, offer(seat).digits)
    answer(seat)
    _, _, token = finish(room, asked)
    assert seat_for(room, "old") == seat
    assert seat_for_socket(room.short_id, "old") == seat
    services.connect(seat_id=seat.pk, instance="a" * 32, resumed=False, now=clock.now(), token="old")
    # The other one may still come, late.
    assert seat_for_socket(room.short_id, token) == seat
    services.connect(seat_id=seat.pk, instance="b" * 32, resumed=False, now=clock.now(), token=token)
    assert seat_for_socket(room.short_id, "old") is None


def test_the_first_device_does_not_take_the_seat_back_when_the_other_has_come() -> None:
    """Its socket had passed the door before the other one's hello, and says its own after it."""
    seat = SeatFactory(admitted=True, token="old")
    asked = claim(seat.room, offer(seat).digits)
    answer(seat)
    _, _, token = finish(seat.room, asked)
    services.connect(seat_id=seat.pk, instance="b" * 32, resumed=False, now=clock.now(), token=token)
    with pytest.raises(KnockAgain):
        services.connect(seat_id=seat.pk, instance="a" * 32, resumed=False, now=clock.now(), token="old")


def test_the_next_code_or_a_seat_gone_elsewhere_ends_a_handover_that_nobody_came_for() -> None:
    seat = SeatFactory(admitted=True)
    asked = claim(seat.room, offer(seat).digits)
    answer(seat)
    _, _, first = finish(seat.room, asked)
    asked = claim(seat.room, offer(seat).digits)
    assert seat_for(seat.room, first) is None
    answer(seat)
    _, _, second = finish(seat.room, asked)
    secret = services.offer_move(seat_id=seat.pk, now=clock.now())
    _, moved = services.take_over(room_id=seat.room_id, secret=secret, now=clock.now())
    assert seat_for(seat.room, second) is None
    assert seat_for(seat.room, moved) == seat


def test_a_code_is_for_one_device() -> None:
    seat = SeatFactory(admitted=True)
    offered = offer(seat)
    claim(seat.room, offered.digits)
    for code in [offered.digits, offered.secret]:
        with pytest.raises(HandoverGone):
            claim(seat.room, code)


def test_an_answer_that_got_lost_can_be_asked_for_again() -> None:
    seat = SeatFactory(admitted=True)
    asked = claim(seat.room, offer(seat).digits)
    answer(seat)
    finish(seat.room, asked)
    _, again, token = finish(seat.room, asked)
    assert again == seat
    assert seat_for(seat.room, token) == seat


def test_the_fifth_wrong_try_kills_the_code() -> None:
    seat = SeatFactory(admitted=True)
    offered = offer(seat)
    wrong = "000000" if offered.digits != "000000" else "111111"
    for _ in range(4):
        with pytest.raises(HandoverGone):
            claim(seat.room, wrong)
    assert Handover.objects.get().tries == 4
    with pytest.raises(HandoverGone):
        claim(seat.room, wrong)
    with pytest.raises(HandoverGone):
        claim(seat.room, offered.digits)


@pytest.mark.parametrize(("later", "works"), [(119, True), (120, False)])
def test_a_code_works_for_two_minutes(later: int, works: bool) -> None:
    seat = SeatFactory(admitted=True)
    offered = offer(seat)
    if works:
        assert claim(seat.room, offered.digits, later=later)
    else:
        with pytest.raises(HandoverGone):
            claim(seat.room, offered.digits, later=later)


def test_nothing_moves_without_a_yes_and_a_no_kills_the_code() -> None:
    seat = SeatFactory(admitted=True, token="old")
    asked = claim(seat.room, offer(seat).digits)
    answer(seat, accept=False)
    with pytest.raises(HandoverRefused):
        finish(seat.room, asked)
    with pytest.raises(HandoverGone):
        answer(seat)
    assert seat_for(seat.room, "old") == seat


def test_a_yes_before_anybody_asked_is_none() -> None:
    seat = SeatFactory(admitted=True)
    offered = offer(seat)
    with pytest.raises(HandoverGone):
        answer(seat)
    assert finish(seat.room, claim(seat.room, offered.digits))[0] == HandoverStep.WAIT


def test_whoever_says_nothing_for_two_minutes_has_said_no() -> None:
    seat = SeatFactory(admitted=True)
    asked = claim(seat.room, offer(seat).digits)
    with pytest.raises(HandoverRefused):
        finish(seat.room, asked, later=120)


def test_a_new_code_ends_the_old_one_and_its_question() -> None:
    seat = SeatFactory(admitted=True)
    asked = claim(seat.room, offer(seat).digits)
    offer(seat)
    with pytest.raises(HandoverRefused):
        finish(seat.room, asked)


def test_a_code_opens_no_other_room() -> None:
    seat, other = SeatFactory(admitted=True), RoomFactory()
    offered = offer(seat)
    with pytest.raises(HandoverGone):
        claim(other, offered.digits)


@pytest.mark.parametrize("state", [SeatState.WAITING, SeatState.REFUSED, SeatState.LEFT])
def test_who_takes_no_part_hands_nothing_over(state: SeatState) -> None:
    seat = SeatFactory(admitted=True)
    offered = offer(seat)
    Seat.objects.update(state=state)
    with pytest.raises(HandoverGone):
        claim(seat.room, offered.digits)
    with pytest.raises(KnockAgain):
        offer(seat)


def test_a_seat_that_has_moved_meanwhile_is_not_handed_over() -> None:
    seat = SeatFactory(admitted=True)
    asked = claim(seat.room, offer(seat).digits)
    answer(seat)
    secret = services.offer_move(seat_id=seat.pk, now=clock.now())
    services.take_over(room_id=seat.room_id, secret=secret, now=clock.now())
    with pytest.raises(HandoverRefused):
        finish(seat.room, asked)


def test_the_place_where_the_other_browser_waited_is_given_up() -> None:
    seat = SeatFactory(admitted=True)
    waits = SeatFactory(room=seat.room, token="waits")
    asked = claim(seat.room, offer(seat).digits)
    answer(seat)
    finish(seat.room, asked, token="waits")
    assert Seat.objects.get(pk=waits.pk).state == SeatState.LEFT


def test_a_host_hands_over_too_and_loses_it_with_the_login() -> None:
    room = RoomFactory()
    membership = MembershipFactory(organisation=room.organisation)
    seat, _ = services.take_host_seat(
        room_id=room.pk, user=membership.user, device_kind=DeviceKind.BROWSER, now=clock.now()
    )
    asked = claim(room, offer(seat).digits)
    answer(seat)
    _, _, token = finish(room, asked)
    assert seat_for(room, token) == seat
    services.unseat_host(user_id=membership.user.pk, now=clock.now(), logged_out=True)
    assert seat_for(room, token) is None
    entries = AuditEntry.objects.filter(action__startswith="room.handover").order_by("pk")
    assert [entry.action for entry in entries] == [
        "room.handover_offered",
        "room.handover_asked",
        "room.handover_accepted",
    ]
    assert AuditEntry.objects.get(action="room.seat_handed_over").actor == membership.user


def test_nothing_is_left_of_a_code_when_the_room_closes() -> None:
    seat = SeatFactory(admitted=True)
    offered = offer(seat)
    services.close_room(room_id=seat.room_id, reason=CloseReason.ADMIN, now=clock.now())
    assert not Handover.objects.exists()
    with pytest.raises(RoomClosed):
        claim(seat.room, offered.digits)


def test_what_is_kept_is_no_code() -> None:
    seat = SeatFactory(admitted=True)
    offered = offer(seat)
    asked = claim(seat.room, offered.digits)
    kept = str(Handover.objects.values().get()) + str(list(AuditEntry.objects.values()))
    for secret in [offered.digits, offered.secret, asked]:
        assert secret not in kept
