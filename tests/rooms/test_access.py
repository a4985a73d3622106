"""The door: codes, pins and cookies."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse

from rooms import access
from rooms.errors import UnknownCode, WrongPin
from rooms.models import Room
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.rooms import RoomFactory, SeatFactory
from vdx.accounts.enums import Role
from vdx.lib import clock, ids, throttle
from vdx.lib.errors import Throttled

pytestmark = [pytest.mark.django_db, pytest.mark.service]

HOME = "203.0.113.7"


def find(code: str, cookie: str = "anna", address: str = HOME) -> Room:
    return access.room_for_short_id(code, cookie=cookie, address=address)


def test_a_code_is_found_however_it_is_typed() -> None:
    room = RoomFactory()
    code = room.short_id or ""
    for typed in (code, code.upper(), ids.spoken_short_id(code), f" {code[:4]} {code[4:]} "):
        assert find(typed) == room


@pytest.mark.parametrize("code", ["", "0000", "000000000000", "x" * 4000, "0000-0000-000!"])
def test_what_leads_nowhere(code: str) -> None:
    RoomFactory()
    with pytest.raises(UnknownCode):
        find(code)


def test_guessing_codes_is_slowed_for_the_browser_that_guesses_only() -> None:
    room = RoomFactory()
    for _ in range(10):
        with pytest.raises(UnknownCode):
            find("0" * 12, cookie="guesser")
    with pytest.raises(Throttled) as refusal:
        find(room.short_id or "", cookie="guesser")
    assert refusal.value.retry_after >= 1
    # Another patient at the same practice's or mobile network's address is not held up.
    assert find(room.short_id or "", cookie="anna") == room


def test_changing_cookies_does_not_help_for_ever_and_is_forgiven_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    room = RoomFactory()
    with pytest.raises(Throttled):
        for guess in range(600):
            with pytest.raises(UnknownCode):
                find("0" * 12, cookie=f"fresh-{guess}")
    assert find(room.short_id or "", cookie="anna", address="198.51.100.1") == room
    later = clock.now() + timedelta(seconds=16)
    monkeypatch.setattr(throttle.clock, "now", lambda: later)
    assert find(room.short_id or "", cookie="anna") == room


def test_the_guests_pin() -> None:
    room = RoomFactory(guest_pin=4711)
    access.check_guest_pin(room, " 47 11 ", cookie="anna", address=HOME)
    for pin in ("", "4712", "471", "47110", "abcd", "٤٧١١"):
        with pytest.raises(WrongPin):
            access.check_guest_pin(room, pin, cookie=f"cookie-{pin}", address=HOME)
    access.check_guest_pin(RoomFactory(), "", cookie="anna", address=HOME)


def test_guessing_the_guests_pin_is_slowed_before_it_is_compared() -> None:
    room, other = RoomFactory(guest_pin=4711), RoomFactory(guest_pin=4711)
    for _ in range(5):
        with pytest.raises(WrongPin):
            access.check_guest_pin(room, "0000", cookie="guesser", address=HOME)
    with pytest.raises(Throttled):
        access.check_guest_pin(room, "4711", cookie="guesser", address=HOME)
    access.check_guest_pin(room, "4711", cookie="anna", address=HOME)
    access.check_guest_pin(other, "4711", cookie="guesser", address=HOME)


def test_guessing_the_guests_pin_from_ever_new_browsers_and_addresses_is_slowed_for_seconds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    room, other = RoomFactory(guest_pin=4711), RoomFactory(guest_pin=4711)
    tries = 0
    with pytest.raises(Throttled) as refusal:
        for tries in range(100):
            with pytest.raises(WrongPin):
                access.check_guest_pin(room, "0000", cookie=f"fresh-{tries}", address=f"198.51.100.{tries}")
    # Late, so that a family that mistypes is never the one to wait.
    assert tries == 60
    assert refusal.value.retry_after <= 10
    access.check_guest_pin(other, "4711", cookie="anna", address=HOME)
    later = clock.now() + timedelta(seconds=10)
    monkeypatch.setattr(throttle.clock, "now", lambda: later)
    access.check_guest_pin(room, "4711", cookie="anna", address=HOME)


def test_who_is_right_never_waits() -> None:
    room = RoomFactory(guest_pin=4711, host_pin=4712)
    for _ in range(100):
        find(room.short_id or "")
        access.check_guest_pin(room, "4711", cookie="anna", address=HOME)
        access.check_host_pin(room, "4712", cookie="lise", address=HOME)


def test_the_hosts_pin() -> None:
    room = RoomFactory(host_pin=4711)
    access.check_host_pin(room, "4711", cookie="lise", address=HOME)
    with pytest.raises(WrongPin):
        access.check_host_pin(room, "4712", cookie="lise", address=HOME)
    with pytest.raises(WrongPin):
        access.check_host_pin(RoomFactory(), "", cookie="lise", address=HOME)


def test_guessing_the_hosts_pin_from_ever_new_browsers_is_slowed_for_the_room() -> None:
    room, other = RoomFactory(host_pin=4711), RoomFactory(host_pin=4711)
    with pytest.raises(Throttled):
        for guess in range(30):
            with pytest.raises(WrongPin):
                access.check_host_pin(room, "0000", cookie=f"fresh-{guess}", address=f"198.51.100.{guess}")
    access.check_host_pin(other, "4711", cookie="lise", address=HOME)


def test_a_seats_token_opens_that_seat_in_that_room_only() -> None:
    room = RoomFactory()
    seat = SeatFactory(room=room, token="secret")
    assert access.seat_for(room, "secret") == seat
    assert access.seat_for_socket(room.short_id or "", "secret") == seat
    for token in (None, "", "other", seat.key, seat.token_digest):
        assert access.seat_for(room, token) is None
        assert access.seat_for_socket(room.short_id or "", token) is None
    assert access.seat_for(RoomFactory(), "secret") is None
    assert access.seat_for_socket(RoomFactory().short_id or "", "secret") is None


def test_the_seats_cookie_goes_to_its_room_and_to_no_script() -> None:
    room, response = RoomFactory(), HttpResponse()
    access.set_seat_cookie(response, room, "secret")
    cookie = response.cookies["vdx_seat"]
    assert (cookie.value, cookie["path"]) == ("secret", f"/m/{room.short_id}")
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_who_may_host() -> None:
    room = RoomFactory()
    for role, may in [(Role.DOCTOR, True), (Role.SECRETARY, True), (Role.ADMINISTRATOR, False), (Role.MEDCOM, False)]:
        assert access.may_host(MembershipFactory(organisation=room.organisation, role=role).user, room) is may
    for stranger in (UserFactory(), MembershipFactory().user, AnonymousUser()):
        assert access.may_host(stranger, room) is False
