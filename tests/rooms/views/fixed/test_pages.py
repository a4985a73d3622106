"""Faste møderum: the list, what administrators do, and strangers at every page."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rooms.enums import SeatRole
from rooms.models import Room, Seat
from rooms.models_fixed import FixedRoom, RoomGroup
from rooms.services import fixed
from tests.factories.accounts import OrganisationFactory, member, second_factor, show_second_factor
from tests.factories.fixed import FixedRoomFactory, RoomGroupFactory
from vdx.accounts.enums import Role
from vdx.accounts.models import AuditEntry, Organisation, User
from vdx.lib import clock

pytestmark = pytest.mark.django_db

DETAILS = {"name": "Onsdag", "address": "onsdag", "description": "", "waiting_room": "on"}


@pytest.fixture
def region() -> Organisation:
    return OrganisationFactory(name="Region Nord")


@pytest.fixture
def practice(region: Organisation) -> Organisation:
    return OrganisationFactory(parent=region, name="Lægehuset")


@pytest.fixture
def room(practice: Organisation) -> FixedRoom:
    return FixedRoomFactory(organisation=practice, name="Tumorkonference", address="tumor")


def inside(user: User) -> Client:
    """Logged in, the second factor shown."""
    client = Client()
    client.force_login(user)
    show_second_factor(client, second_factor(user))
    return client


def administrator(organisation: Organisation) -> Client:
    return inside(member(Role.ADMINISTRATOR, organisation))


def test_an_administrator_makes_a_room(practice: Organisation) -> None:
    client = administrator(practice)
    first = client.get("/portal/moederum").content.decode()
    assert ('href="/portal/moederum/nyt"' in first, "I har ingen faste møderum endnu" in first) == (True, True)
    assert client.get("/portal/moederum/nyt").status_code == 200

    made = client.post("/portal/moederum/nyt", {**DETAILS, "organisation": practice.pk, "with_host_pin": "on"})

    room = FixedRoom.objects.get()
    assert (made.status_code, made["Location"]) == (302, f"/portal/moederum/{room.pk}")
    page = client.get(made["Location"]).content.decode()
    assert f"/f/{room.address}" in page
    assert str(room.guest_pin) in page
    assert str(room.host_pin) in page
    # The pin is apart from what is pasted.
    invitation = page.split('id="invitation-')[1].split("</p>")[0]
    assert f"/f/{room.address}" in invitation
    assert str(room.guest_pin) not in invitation


def test_what_is_wrong_is_said_in_the_form_and_what_was_typed_stays(practice: Organisation) -> None:
    client = administrator(practice)
    FixedRoomFactory(address="optaget")
    for address, status, words in [("xx", 400, "3 til 40 tegn"), ("optaget", 409, "Adressen er i brug")]:
        page = client.post("/portal/moederum/nyt", {**DETAILS, "organisation": practice.pk, "address": address})
        assert (page.status_code, words in page.content.decode()) == (status, True)
        assert page.context["form"]["name"].value() == "Onsdag"
    assert client.post("/portal/moederum/nyt", {"organisation": practice.pk}).status_code == 400


def test_nobody_makes_a_room_for_a_place_above_or_beside(practice: Organisation, region: Organisation) -> None:
    client = administrator(practice)
    for place in (region, OrganisationFactory()):
        response = client.post("/portal/moederum/nyt", {**DETAILS, "organisation": place.pk})
        assert response.status_code == 400
    assert FixedRoom.objects.count() == 0


def test_an_administrator_of_the_region_and_medcom_reach_it(room: FixedRoom, region: Organisation) -> None:
    for client in (administrator(region), inside(member(Role.MEDCOM))):
        assert "Tumorkonference" in client.get("/portal/moederum").content.decode()
        assert client.get(f"/portal/moederum/{room.pk}").status_code == 200


def _addresses(room: FixedRoom, group: RoomGroup, user: User) -> list[tuple[str, str]]:
    own, groups = f"/portal/moederum/{room.pk}", f"/portal/grupper/{group.pk}"
    posts = ["", "/person", f"/person/{user.pk}/fjern", "/gruppe", f"/gruppe/{group.pk}/fjern", "/gaestepin"]
    posts += ["/vaertspin", "/vaertspin/fjern", "/luk", "/aabn"]
    return [
        ("get", own),
        *(("post", own + end) for end in posts),
        ("get", groups),
        *(("post", groups + end) for end in ["", "/person", f"/person/{user.pk}/fjern", "/slet"]),
    ]


def test_strangers_reach_nothing(room: FixedRoom, practice: Organisation) -> None:
    user = member(organisation=practice)
    group = RoomGroupFactory(organisation=practice, users=[user])
    fixed.add_person(fixed_room_id=room.pk, user=user, actor=None)
    before = list(FixedRoom.objects.values())
    other = administrator(OrganisationFactory())
    below = administrator(OrganisationFactory(parent=practice))
    for way, address in _addresses(room, group, user):
        for client in (other, below):
            assert getattr(client, way)(address).status_code == 404, address
        assert getattr(inside(member(organisation=practice)), way)(address).status_code == 403, address
        response = getattr(Client(), way)(address)
        assert (response.status_code, "/konto/log-ind" in response["Location"]) == (302, True), address
    assert list(FixedRoom.objects.values()) == before
    assert (room.users.count(), group.users.count(), RoomGroup.objects.count()) == (1, 1, 1)


def test_only_who_is_named_goes_in(room: FixedRoom, practice: Organisation) -> None:
    named = member(organisation=practice)
    fixed.add_person(fixed_room_id=room.pk, user=named, actor=None)
    for user in (member(organisation=practice), member(), member(Role.ADMINISTRATOR, practice)):
        assert inside(user).post(f"/portal/moederum/{room.pk}/ind").status_code == 404
    assert inside(member(Role.RESEARCHER)).get("/portal/moederum").status_code == 403
    assert Room.objects.count() == 0

    response = inside(named).post(f"/portal/moederum/{room.pk}/ind")
    call = Room.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"/m/{call.short_id}")
    assert Seat.objects.get().role == SeatRole.HOST

    fixed.turn_off(fixed_room_id=room.pk, actor=None, now=call.created_time)
    assert inside(member(organisation=practice)).post(f"/portal/moederum/{room.pk}/ind").status_code == 404


def test_the_list_shows_ones_own_rooms_and_no_others(room: FixedRoom, practice: Organisation) -> None:
    named = member(organisation=practice)
    fixed.add_person(fixed_room_id=room.pk, user=named, actor=None)
    FixedRoomFactory(organisation=practice, name="En anden")
    page = inside(named).get("/portal/moederum").content.decode()
    assert "Tumorkonference" in page
    assert str(room.guest_pin) in page
    assert "En anden" not in page
    assert "administrerer" not in page
    assert "Du er ikke med" in inside(member(organisation=practice)).get("/portal/moederum").content.decode()


def _more(practice: Organisation, room: FixedRoom, group: RoomGroup, chief: User) -> None:
    """A colleague, a room and two groups more."""
    user = member(organisation=practice)
    fixed.add_person(fixed_room_id=room.pk, user=user, actor=None)
    fixed.add_to_group(group_id=group.pk, user=user, actor=None)
    given = RoomGroupFactory(organisation=practice, users=[user])
    fixed.add_group(fixed_room_id=room.pk, group_id=given.pk, actor=None)
    RoomGroupFactory(organisation=practice)
    another = FixedRoomFactory(organisation=practice, users=[chief, user])
    fixed.open_call(fixed_room_id=another.pk, now=clock.now())
    # Who might be added.
    member(organisation=practice)


def test_the_pages_ask_the_same_for_one_and_for_three(room: FixedRoom, practice: Organisation) -> None:
    chief, group = member(Role.ADMINISTRATOR, practice), RoomGroupFactory(organisation=practice)
    client = inside(chief)
    own = f"/portal/moederum/{room.pk}"
    pages = ["/portal/moederum", own, "/portal/grupper", f"/portal/grupper/{group.pk}"]

    def asked(page: str) -> int:
        client.get(page)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page).status_code == 200
        return len(queries)

    _more(practice, room, group, chief)
    one = [asked(page) for page in pages]
    _more(practice, room, group, chief)
    _more(practice, room, group, chief)

    assert [asked(page) for page in pages] == one


def test_colleagues_are_named_by_e_mail_and_nobody_else_is_found(room: FixedRoom, practice: Organisation) -> None:
    client = administrator(practice)
    user, stranger = member(organisation=practice, name="Ida Lund"), member()
    address = f"/portal/moederum/{room.pk}/person"
    assert client.post(address, {"email": user.email.upper()}).status_code == 302
    assert list(room.users.all()) == [user]
    page = client.get(f"/portal/moederum/{room.pk}").content.decode()
    assert "Ida Lund" in page

    refused = client.post(address, {"email": stranger.email})
    unknown = client.post(address, {"email": "ingen@example.dk"})
    assert (refused.status_code, unknown.status_code) == (400, 400)
    assert "ingen bruger med den e-mail hos jer" in refused.content.decode()
    assert stranger.name not in refused.content.decode()
    assert client.post(address, {"email": "ingen"}).status_code == 400

    assert client.post(f"{address}/{user.pk}/fjern").status_code == 302
    assert room.users.count() == 0


def test_whoever_has_left_is_shown_as_such(room: FixedRoom, practice: Organisation) -> None:
    user = member(organisation=practice)
    fixed.add_person(fixed_room_id=room.pk, user=user, actor=None)
    user.memberships.update(ended_at=room.created_at)
    assert "Har ikke længere adgang" in administrator(practice).get(f"/portal/moederum/{room.pk}").content.decode()


def test_groups_are_made_filled_given_and_taken_away(room: FixedRoom, practice: Organisation) -> None:
    client = administrator(practice)
    made = client.post("/portal/grupper", {"organisation": practice.pk, "name": "Onkologi"})
    group = RoomGroup.objects.get()
    assert made["Location"] == f"/portal/grupper/{group.pk}"
    assert client.post("/portal/grupper", {"organisation": practice.pk, "name": "onkologi"}).status_code == 409
    assert client.post("/portal/grupper", {"organisation": OrganisationFactory().pk, "name": "X"}).status_code == 400

    user = member(organisation=practice)
    assert client.post(f"/portal/grupper/{group.pk}/person", {"email": user.email}).status_code == 302
    assert client.post(f"/portal/grupper/{group.pk}/person", {"email": member().email}).status_code == 400
    assert client.post(f"/portal/grupper/{group.pk}", {"name": "Kirurgi"}).status_code == 302
    assert client.post(f"/portal/moederum/{room.pk}/gruppe", {"group": group.pk}).status_code == 302
    assert list(room.groups.all()) == [group]
    assert "Kirurgi" in client.get(f"/portal/moederum/{room.pk}").content.decode()
    assert inside(user).post(f"/portal/moederum/{room.pk}/ind").status_code == 302

    assert client.post(f"/portal/moederum/{room.pk}/gruppe/{group.pk}/fjern").status_code == 302
    assert client.post(f"/portal/grupper/{group.pk}/slet").status_code == 302
    assert (room.groups.count(), RoomGroup.objects.count()) == (0, 0)


def test_no_group_from_elsewhere_is_offered_or_taken(room: FixedRoom, region: Organisation) -> None:
    client = administrator(region)
    above, elsewhere = RoomGroupFactory(organisation=region), RoomGroupFactory()
    for group in (above, elsewhere):
        assert client.post(f"/portal/moederum/{room.pk}/gruppe", {"group": group.pk}).status_code == 400
    assert room.groups.count() == 0


@pytest.mark.parametrize(
    ("press", "changed"),
    [
        ("gaestepin", {"guest_pin"}),
        ("vaertspin", {"host_pin"}),
        ("luk", {"is_active"}),
    ],
)
def test_one_press_changes_one_thing(room: FixedRoom, practice: Organisation, press: str, changed: set[str]) -> None:
    client = administrator(practice)
    before = FixedRoom.objects.values().get()
    assert client.get(f"/portal/moederum/{room.pk}/{press}").status_code == 405
    assert client.post(f"/portal/moederum/{room.pk}/{press}").status_code == 302
    after = FixedRoom.objects.values().get()
    assert {name for name in after if after[name] != before[name]} - {"guest_pin_at"} == changed


def test_closed_and_opened_again(room: FixedRoom, practice: Organisation) -> None:
    client = administrator(practice)
    client.post(f"/portal/moederum/{room.pk}/luk")
    page = client.get(f"/portal/moederum/{room.pk}").content.decode()
    assert ("Åbn rummet igen" in page, str(room.guest_pin) in page) == (True, False)
    client.post(f"/portal/moederum/{room.pk}/aabn")
    room.refresh_from_db()
    assert room.is_active is True


def test_changing_the_room(room: FixedRoom, practice: Organisation) -> None:
    client = administrator(practice)
    response = client.post(f"/portal/moederum/{room.pk}", {**DETAILS, "description": "Hver onsdag"})
    assert response.status_code == 302
    room.refresh_from_db()
    assert (room.name, room.address, room.description) == ("Onsdag", "onsdag", "Hver onsdag")
    assert client.post(f"/portal/moederum/{room.pk}", {"name": ""}).status_code == 400


def test_looks_at_people_are_written_down(room: FixedRoom, practice: Organisation) -> None:
    client = administrator(practice)
    client.get(f"/portal/moederum/{room.pk}")
    group = RoomGroupFactory(organisation=practice)
    client.get(f"/portal/grupper/{group.pk}")
    looks: list[Any] = list(AuditEntry.objects.filter(action__endswith=".view").values_list("action", "target_id"))
    assert sorted(looks) == [("fixed_room.view", str(room.pk)), ("room_group.view", str(group.pk))]
