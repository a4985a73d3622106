"""/f/<address>: the guests' pin, the host's entry, and nothing for anybody else."""

from __future__ import annotations

import html
import json
import re
from datetime import timedelta

import pytest
from django.test import Client

from rooms import services
from rooms.access import PIN_COOKIE, SEAT_COOKIE
from rooms.enums import CloseReason, DeviceKind, SeatRole, SeatState
from rooms.models import Room, Seat
from rooms.models_fixed import FixedRoom
from rooms.services import fixed
from tests.factories.accounts import PASSWORD, member, second_factor, show_second_factor
from tests.factories.fixed import FixedRoomFactory
from vdx.accounts.models import User
from vdx.lib import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleague() -> User:
    return member()


@pytest.fixture
def room(colleague: User) -> FixedRoom:
    return FixedRoomFactory(
        organisation=colleague.memberships.get().organisation, users=[colleague], address="onsdag", with_host_pin=True
    )


def knock(client: Client, call: Room, **body: str) -> int:
    return client.post(f"/m/{call.short_id}/bank", json.dumps(body), content_type="application/json").status_code


def log_in(client: Client, user: User) -> None:
    assert client.login(email=user.email, password=PASSWORD)


def test_looking_opens_no_call_and_tells_no_name(client: Client, room: FixedRoom) -> None:
    page = client.get("/f/onsdag")
    text = page.content.decode()
    assert page.status_code == 200
    assert room.organisation.name in text
    assert room.name not in text
    assert str(room.guest_pin) not in text
    assert Room.objects.count() == 0


@pytest.mark.parametrize("address", ["ONSDAG", "Onsdag"])
def test_capitals_lead_to_the_one_address(client: Client, room: FixedRoom, address: str) -> None:
    response = client.get(f"/f/{address}")
    assert (response.status_code, response["Location"]) == (302, "/f/onsdag")


@pytest.mark.parametrize("page", ["", "/vaert"])
def test_an_address_that_was_changed_leads_to_the_new_one(client: Client, room: FixedRoom, page: str) -> None:
    for address in ("torsdag", "fredag"):
        fixed.change_fixed_room(
            fixed_room_id=room.pk, name=room.name, address=address, description="", waiting_room=True, actor=None,
            now=clock.now(),
        )  # fmt: skip
    for old in ("onsdag", "torsdag"):
        response = client.get(f"/f/{old}{page}")
        assert (response.status_code, response["Location"]) == (302, f"/f/fredag{page}")
    fixed.turn_off(fixed_room_id=room.pk, actor=None, now=clock.now())
    assert client.get(f"/f/onsdag{page}").status_code == 404


def test_the_right_pin_opens_the_call_and_is_not_asked_for_twice(client: Client, room: FixedRoom) -> None:
    response = client.post("/f/onsdag", {"pin": str(room.guest_pin)})
    call = Room.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"/m/{call.short_id}")
    assert response.cookies[PIN_COOKIE]["path"] == f"/m/{call.short_id}"
    assert str(room.guest_pin) not in response["Location"] + response.cookies[PIN_COOKIE].value

    assert client.get(f"/m/{call.short_id}").context["data"]["needsPin"] is False
    assert knock(client, call) == 200
    seat = Seat.objects.get()
    assert (seat.role, seat.state) == (SeatRole.GUEST, SeatState.WAITING)


def test_whoever_has_only_the_calls_link_is_asked_for_the_pin(room: FixedRoom) -> None:
    call = fixed.open_call(fixed_room_id=room.pk, now=clock.now())
    stranger = Client()
    assert stranger.get(f"/m/{call.short_id}").context["data"]["needsPin"] is True
    assert knock(stranger, call) == 403
    assert knock(stranger, call, pin=str(room.guest_pin)) == 200


def test_a_cookie_of_an_earlier_call_or_pin_opens_nothing(client: Client, room: FixedRoom) -> None:
    client.post("/f/onsdag", {"pin": str(room.guest_pin)})
    call = Room.objects.get()
    value = client.cookies[PIN_COOKIE].value
    fixed.draw_guest_pin(fixed_room_id=room.pk, actor=None, now=clock.now())
    assert knock(client, call) == 403

    services.close_room(room_id=call.pk, reason=CloseReason.ENDED, now=clock.now())
    tomorrow = fixed.open_call(fixed_room_id=room.pk, now=clock.now())
    client.cookies[PIN_COOKIE] = value
    assert knock(client, tomorrow) == 403
    client.cookies[PIN_COOKIE] = "ærligt"
    assert knock(client, tomorrow) == 403


def test_a_wrong_pin_opens_nothing(client: Client, room: FixedRoom) -> None:
    wrong = client.post("/f/onsdag", {"pin": str(room.guest_pin + 1)})
    assert wrong.status_code == 403
    assert "Pinkoden passer ikke" in wrong.content.decode()
    assert client.post("/f/onsdag", {"pin": str(room.host_pin)}).status_code == 403
    assert client.post("/f/onsdag", {"pin": ""}).status_code == 400
    assert Room.objects.count() == 0


@pytest.mark.usefixtures("clock_stands")
def test_guessing_is_slowed_before_the_pin_is_compared(client: Client, room: FixedRoom) -> None:
    codes = [client.post("/f/onsdag", {"pin": "1"}).status_code for _ in range(6)]
    assert codes == [403] * 5 + [429]
    assert client.post("/f/onsdag", {"pin": str(room.guest_pin)}).status_code == 429


@pytest.mark.usefixtures("clock_stands")
def test_whoever_changes_browser_and_network_is_slowed_by_the_room(room: FixedRoom) -> None:
    codes = [Client(REMOTE_ADDR=f"10.{number}.0.1").post("/f/onsdag", {"pin": "1"}).status_code for number in range(31)]
    assert codes == [403] * 30 + [429]


@pytest.mark.usefixtures("clock_stands")
def test_guessing_the_hosts_pin_is_slowed(client: Client, room: FixedRoom) -> None:
    codes = [client.post("/f/onsdag/vaert", {"pin": "1"}).status_code for _ in range(6)]
    assert codes == [403] * 5 + [429]


@pytest.mark.usefixtures("clock_stands")
def test_one_network_that_guesses_the_hosts_pin_makes_nobody_else_wait(room: FixedRoom) -> None:
    codes = [Client().post("/f/onsdag/vaert", {"pin": "1"}).status_code for _ in range(40)]
    assert codes == [403] * 20 + [429] * 20
    elsewhere = Client(REMOTE_ADDR="10.9.0.1").post("/f/onsdag/vaert", {"pin": str(room.host_pin)})
    assert elsewhere.status_code == 302


@pytest.mark.usefixtures("clock_stands")
def test_guessing_at_addresses_is_slowed(client: Client, room: FixedRoom) -> None:
    codes = [client.get(f"/f/gaet-{number}").status_code for number in range(11)]
    assert codes == [404] * 10 + [429]


@pytest.mark.parametrize("way", ["get", "post"])
@pytest.mark.parametrize("page", ["", "/vaert"])
def test_turned_off_and_unknown_look_alike(client: Client, room: FixedRoom, way: str, page: str) -> None:
    fixed.turn_off(fixed_room_id=room.pk, actor=None, now=clock.now())
    off = getattr(client, way)(f"/f/onsdag{page}", {"pin": str(room.guest_pin)})
    unknown = getattr(client, way)(f"/f/findes-ikke{page}", {"pin": "1"})
    assert (off.status_code, unknown.status_code) == (404, 404)
    assert "Vi kender ikke det møderum" in off.content.decode()
    assert Room.objects.count() == 0


def test_a_spent_pin_opens_nothing_before_the_sweep(client: Client) -> None:
    room = FixedRoomFactory(address="onsdag", waiting_room=False)
    now = clock.now()
    call, _ = fixed.enter_as_host(fixed_room_id=room.pk, user=None, device_kind=DeviceKind.BROWSER, now=now)
    services.connect(seat_id=call.seats.get().pk, instance="a", resumed=False, now=now)
    services.close_room(room_id=call.pk, reason=CloseReason.ENDED, now=now + timedelta(minutes=1))

    assert client.post("/f/onsdag", {"pin": str(room.guest_pin)}).status_code == 403


def test_a_member_who_is_logged_in_goes_in_as_host(client: Client, room: FixedRoom, colleague: User) -> None:
    log_in(client, colleague)
    page = client.get("/f/onsdag/vaert")
    assert (page.status_code, 'name="pin"' in page.content.decode()) == (200, False)

    response = client.post("/f/onsdag/vaert")
    call, seat = Room.objects.get(), Seat.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"/m/{call.short_id}")
    assert response.cookies[SEAT_COOKIE]["path"] == f"/m/{call.short_id}"
    assert (seat.role, seat.state, seat.user) == (SeatRole.HOST, SeatState.ADMITTED, colleague)


def test_the_hosts_pin_makes_a_host_without_login(client: Client, room: FixedRoom) -> None:
    assert client.post("/f/onsdag/vaert", {"pin": str(room.guest_pin)}).status_code == 403
    response = client.post("/f/onsdag/vaert", {"pin": str(room.host_pin)})
    assert response.status_code == 302
    seat = Seat.objects.get()
    assert (seat.role, seat.user) == (SeatRole.HOST, None)


def test_without_a_host_pin_strangers_log_in_and_other_logins_are_told_so(client: Client, room: FixedRoom) -> None:
    fixed.remove_host_pin(fixed_room_id=room.pk, actor=None)
    response = client.get("/f/onsdag/vaert")
    assert (response.status_code, response["Location"]) == (302, "/konto/log-ind?next=/f/onsdag/vaert")

    log_in(client, member(organisation=room.organisation))
    assert client.get("/f/onsdag/vaert").status_code == 403
    assert client.post("/f/onsdag/vaert", {"pin": "1"}).status_code == 403
    assert Room.objects.count() == 0


def test_whoever_owes_the_second_factor_is_sent_to_show_it(client: Client, room: FixedRoom, colleague: User) -> None:
    device = second_factor(colleague)
    log_in(client, colleague)
    response = client.post("/f/onsdag/vaert")
    assert (response.status_code, response["Location"]) == (302, "/portal/moederum")
    assert client.post(f"/portal/moederum/{room.pk}/ind").status_code == 302
    assert Room.objects.count() == 0

    show_second_factor(client, device)
    assert client.post("/f/onsdag/vaert").status_code == 302
    assert Seat.objects.get().user == colleague


def test_in_the_call_nobody_is_told_of_a_time_or_sent_to_a_postcard(
    client: Client, room: FixedRoom, colleague: User
) -> None:
    log_in(client, colleague)
    client.post("/f/onsdag/vaert")
    call = Room.objects.get()
    page = client.get(f"/m/{call.short_id}")
    data = page.context["data"]
    assert (data["startsAt"], data["endsAt"], page.context["starts_at"]) == (None, None, None)
    assert (data["urls"]["after"], data["urls"]["next"]) == (f"/m/{call.short_id}/tak", None)

    services.close_room(room_id=call.pk, reason=CloseReason.EMPTY, now=clock.now())
    closed = client.get(f"/m/{call.short_id}")
    assert closed.status_code == 410
    assert 'href="/f/onsdag"' in closed.content.decode()
    assert 'href="/f/onsdag"' in client.get(f"/m/{call.short_id}/tak").content.decode()


@pytest.mark.parametrize("phone", ["", "33 11 22 33"])
def test_among_colleagues_nobody_is_called_a_doctor_or_a_patient(client: Client, room: FixedRoom, phone: str) -> None:
    room.organisation.name, room.organisation.phone = "Klinikken", phone
    room.organisation.save()
    client.post("/f/onsdag/vaert", {"pin": str(room.host_pin)})
    guest = Client()
    guest.post("/f/onsdag", {"pin": str(room.guest_pin)})
    call = Room.objects.get()
    for page in (client, guest):
        # Texts for scripts stand there as JSON.
        shown = html.unescape(page.get(f"/m/{call.short_id}").content.decode()).replace("\\u00e6", "æ")
        assert "\n".join(re.findall(r".{30}(?:læge|patient|praksis).{20}", shown, flags=re.IGNORECASE)) == ""
    Room.objects.update(is_locked=True)
    refused = guest.post(f"/m/{call.short_id}/bank", {}, content_type="application/json")
    assert "Værten har låst rummet" in refused.content.decode()
