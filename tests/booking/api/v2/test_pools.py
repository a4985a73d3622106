"""Pools of rooms that lie ready: making, drawing, overflow and reservation (contract, section 8).

The pools here are an outside provisioner's, so that the test says when a room is ready.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from tests.booking.api.conftest import moment

TEMPLATE = {
    "conferencingSysId": 1,
    "uriPrefix": "",
    "uriDomain": "pulje.dk",
    "hostPinRequired": True,
    "hostPinRangeLow": 1000,
    "hostPinRangeHigh": 9999,
    "guestPinRequired": True,
    "guestPinRangeLow": 1000,
    "guestPinRangeHigh": 9999,
    "uriNumberRangeLow": 1,
    "uriNumberRangeHigh": 999_999,
    "isDefaultTemplate": True,
}
POOL = {"meetingType": "POOL"}


@pytest.fixture(scope="module")
def pool(world):
    """Administrator of the organisation with a pool."""
    return world.client("admin", organisation="outside-pooled")


@pytest.fixture(scope="module")
def template(pool):
    answer = pool.post("scheduling-templates", TEMPLATE)
    assert answer.status == 200, answer.text
    return answer.json()


@pytest.fixture(scope="module")
def templates(world, template):
    made = {"outside-pooled": template["id"]}
    for code in ("overflow", "empty-pool"):
        client = world.client("admin", organisation=code)
        made[code] = client.post("scheduling-templates", {**TEMPLATE, "uriDomain": f"{code}.dk"}).json()["id"]
    return made


def add(provisioner, templates, organisation="outside-pooled", *, ready=True):
    sent = {"organizationId": organisation, "schedulingTemplateId": templates[organisation]}
    answer = provisioner.post("scheduling-info", sent)
    assert answer.status == 200, answer.text
    room = answer.json()
    if ready:
        room = provisioner.put(f"scheduling-info/{room['uuid']}", {"provisionStatus": "PROVISIONED_OK"}).json()
    return room


def at_once(body, **members):
    return body(startTime=moment(seconds=30), endTime=moment(minutes=30), **members)


@pytest.fixture(autouse=True)
def _empty(world, pool, provisioner):
    """What a test leaves in a pool is drawn by nobody else."""
    yield
    for entry in world.client("provisioner").get("pool").json():
        for room in entry["schedulingInfoList"]:
            provisioner.put(f"scheduling-info/{room['uuid']}", {"provisionStatus": "PROVISION_PROBLEMS"})


def available(client, organisation="outside-pooled"):
    entries = {entry["organisationId"]: entry for entry in client.get("pool").json()}
    return entries[organisation]


def test_a_room_for_the_pool(provisioner, templates):
    room = add(provisioner, templates, ready=False)
    assert room["provisionStatus"] == "AWAITS_PROVISION"
    assert [room[name] for name in ("meetingDetails", "portalLink", "shortLink", "shortlink", "reservationId")] == [
        None
    ] * 5
    assert room["uriWithDomain"].endswith("@pulje.dk")
    assert 1000 <= room["hostPin"] < 9999
    assert 1000 <= room["guestPin"] < 9999
    assert room["createdBy"] == {"organisationId": "home", "email": "machine@klak.dk"}


@pytest.mark.parametrize(
    ("organisation", "template_of", "code"),
    [
        ("nowhere", "outside-pooled", "22"),
        ("home", "outside-pooled", "23"),
        ("outside-pooled", "unknown", "26"),
        ("overflow", "outside-pooled", "27"),
    ],
)
def test_what_a_pools_room_cannot_be_made_of(provisioner, templates, organisation, template_of, code):
    sent = {"organizationId": organisation, "schedulingTemplateId": templates.get(template_of, 9_999_999)}
    answer = provisioner.post("scheduling-info", sent)
    assert (answer.status, answer.code) == (400, code)


def test_the_organisations_code_has_a_longest(provisioner):
    answer = provisioner.post("scheduling-info", {"organizationId": "x" * 31, "schedulingTemplateId": "1"})
    assert (answer.status, answer.code) == (400, "10")


def test_a_deleted_template_still_makes_rooms(pool, provisioner):
    deleted = pool.post("scheduling-templates", {**TEMPLATE, "isDefaultTemplate": False}).json()["id"]
    pool.delete(f"scheduling-templates/{deleted}")
    assert add(provisioner, {"outside-pooled": deleted})["uriWithDomain"]


# --- What is in the pools ----------------------------------------------------------------------------------------


def test_a_pool_shows_its_free_rooms_newest_first(pool, provisioner, templates, template):
    add(provisioner, templates, ready=False)
    rooms = [add(provisioner, templates) for _ in range(2)]
    entry = available(pool)
    assert list(entry) == [
        "organisationId", "desiredPoolSize", "availablePoolSize", "schedulingTemplate", "schedulingInfoList"
    ]  # fmt: skip
    assert (entry["desiredPoolSize"], entry["availablePoolSize"]) == (3, 2)
    assert [room["uuid"] for room in entry["schedulingInfoList"]] == [room["uuid"] for room in reversed(rooms)]
    assert entry["schedulingTemplate"]["id"] == template["id"]
    assert entry["schedulingTemplate"]["guestPinRequired"] is True


@pytest.mark.parametrize(
    ("role", "organisation", "pins"),
    [("user", "outside-pooled", False), ("planner", "outside-pooled", False), ("admin", "outside-pooled", True),
     ("provisioner", "home", True), ("provisioner-user", "home", True), ("admin", "top", True)],
)  # fmt: skip
def test_pins_of_free_rooms_are_for_provisioners_and_administrators(
    world, provisioner, templates, role, organisation, pins
):
    add(provisioner, templates)
    [room] = available(world.client(role, organisation=organisation))["schedulingInfoList"]
    assert (room["hostPin"] is not None, room["guestPin"] is not None) == (pins, pins)


def test_other_organisations_pools_are_for_provisioners(world):
    seen = {entry["organisationId"] for entry in world.client("admin", organisation="home").get("pool").json()}
    assert seen == set()
    below = {entry["organisationId"] for entry in world.client("user", organisation="pooled").get("pool").json()}
    assert below == {"pooled"}
    everything = {entry["organisationId"] for entry in world.client("provisioner").get("pool").json()}
    assert {"pooled", "outside-pooled", "empty-pool", "overflow"} <= everything


# --- Drawing -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["POOL", "NORMAL"])
def test_a_meeting_at_once_takes_a_room_that_lies_ready(pool, provisioner, templates, body, kind):
    room = add(provisioner, templates)
    answer = pool.post("meetings", at_once(body, meetingType=kind, maxParticipants=99, callType="x"))
    assert answer.status == 200, answer.text
    made = answer.json()
    taken = pool.get(f"scheduling-info/{made['uuid']}").json()
    for name in ("uriWithDomain", "uriWithoutDomain", "hostPin", "guestPin", "maxParticipants", "callType"):
        assert taken[name] == room[name]
    assert taken["uuid"] == made["uuid"] != room["uuid"]
    assert taken["provisionStatus"] == "PROVISIONED_OK"
    eva = {"organisationId": "outside-pooled", "email": "eva@klak.dk"}
    assert (taken["createdBy"], taken["updatedBy"]) == (eva, eva)
    assert taken["portalLink"] == taken["shortLink"] == made["shortLink"]
    assert pool.get(f"scheduling-info/{room['uuid']}").status == 404
    assert available(pool)["availablePoolSize"] == 0


@pytest.mark.parametrize("kind", ["POOL", "NORMAL"])
def test_a_meeting_to_come_gets_a_new_room(pool, provisioner, templates, body, kind):
    room = add(provisioner, templates)
    later = body(startTime=moment(minutes=3), endTime=moment(minutes=30), meetingType=kind)
    made = pool.post("meetings", later).json()
    assert pool.get(f"scheduling-info/{made['uuid']}").json()["uriWithDomain"] != room["uriWithDomain"]
    assert available(pool)["availablePoolSize"] == 1


def test_an_empty_pool(pool, templates, body):
    answer = pool.post("meetings", at_once(body, **POOL))
    assert (answer.status, answer.code) == (400, "20")
    assert pool.post("meetings", at_once(body)).status == 200


def test_no_pool_at_all(world, body):
    answer = world.client("admin", organisation="home").post("meetings", at_once(body, **POOL))
    assert (answer.status, answer.code) == (400, "19")


@pytest.mark.parametrize(
    ("wish", "fits"),
    [
        ({"vmrType": "conference"}, True),
        ({"vmrType": "lecture"}, False),
        ({"hostView": "one_main_zero_pips"}, False),
        ({"guestView": "one_main_zero_pips"}, False),
        ({"vmrQuality": "sd"}, False),
        ({"enableOverlayText": False}, False),
        ({"guestsCanPresent": False}, False),
        ({"forcePresenterIntoMain": False}, False),
        ({"forceEncryption": True}, False),
        ({"muteAllGuests": True}, False),
        ({"muteAllGuests": None}, True),
    ],
)
def test_a_room_must_be_as_it_is_asked_for(pool, provisioner, templates, body, wish, fits):
    add(provisioner, templates)
    answer = pool.post("meetings", at_once(body, **POOL, **wish))
    assert (answer.status, "" if fits else answer.code) == ((200, "") if fits else (400, "20"))


def test_a_pin_or_an_address_of_ones_own_asks_for_a_new_room(pool, provisioner, templates, body):
    add(provisioner, templates)
    assert pool.post("meetings", at_once(body, **POOL, guestPin=4321)).status == 200
    assert available(pool)["availablePoolSize"] == 1


def test_an_empty_pool_is_helped_out(world, provisioner, templates, body):
    room = add(provisioner, templates, "overflow")
    client = world.client("admin", organisation="empty-pool")
    made = client.post("meetings", at_once(body, **POOL)).json()
    taken = client.get(f"scheduling-info/{made['uuid']}").json()
    assert taken["uriWithDomain"] == room["uriWithDomain"]
    assert client.get(f"meetings/{made['uuid']}").status == 200
    marked = world.run(f"from rooms.models import Room\nanswer = Room.objects.get(uuid='{made['uuid']}').pool_overflow")
    assert marked is True


# --- Reservation -------------------------------------------------------------------------------------------------


def reserve(client, **query):
    return client.get("scheduling-info-reserve", **query)


def test_a_reserved_room_is_kept_for_its_meeting(world, pool, provisioner, templates, body):
    room = add(provisioner, templates)
    answer = reserve(pool)
    assert answer.status == 200
    reserved = answer.json()
    assert reserved["uuid"] == room["uuid"]
    key = reserved["reservationId"]
    assert pool.get(f"scheduling-info-reserve/{key}").json()["reservationId"] == key
    # Nobody else has it: neither by drawing nor by reserving, nor is it counted.
    assert available(pool)["availablePoolSize"] == 0
    assert reserve(pool).status == 404
    assert pool.post("meetings", at_once(body, **POOL)).code == "20"
    # Not another organisation either.
    stranger = world.client("admin", organisation="home")
    assert stranger.get(f"scheduling-info-reserve/{key}").status == 404
    assert stranger.post("meetings", body(schedulingInfoReservationId=key)).code == "29"

    made = pool.post("meetings", body(schedulingInfoReservationId=key)).json()
    taken = pool.get(f"scheduling-info/{made['uuid']}").json()
    assert (taken["uriWithDomain"], taken["reservationId"]) == (room["uriWithDomain"], key)
    assert pool.get(f"scheduling-info-reserve/{key}").status == 404
    answer = pool.post("meetings", body(schedulingInfoReservationId=key))
    assert (answer.status, answer.code) == (400, "29")


def test_nothing_to_reserve(pool, templates):
    answer = reserve(pool)
    assert (answer.status, answer.code) == (404, "11")
    assert answer.json()["detailed_error"] == "Resource: SchedulingInfo in field: SchedulingInfo not found."


def test_an_unknown_reservation(pool):
    answer = pool.get(f"scheduling-info-reserve/{uuid4()}")
    assert answer.json()["detailed_error"] == "Resource: schedulingInfo in field: reservationId not found."


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"vmrType": "CONFERENCE", "hostView": "One_Main_Seven_Pips"}, 200),
        ({"vmrType": "nobody knows it"}, 200),
        ({"vmrType": "lecture"}, 404),
        ({"vmrQuality": "fullhd"}, 404),
        ({"forceEncryption": "", "enableOverlayText": "yes", "muteAllGuests": "0"}, 200),
        ({"forceEncryption": "true"}, 404),
        ({"enableOverlayText": "false"}, 404),
        ({"muteAllGuests": "perhaps"}, 400),
    ],
)
def test_what_a_reserved_room_must_be_like(pool, provisioner, templates, query, status):
    add(provisioner, templates)
    assert reserve(pool, **query).status == status


def test_a_reservation_that_nobody_uses_is_over_after_a_day(world, pool, provisioner, templates, body):
    add(provisioner, templates)
    reserved = reserve(pool).json()
    yesterday = datetime.fromisoformat(moment()) - timedelta(hours=24, minutes=1)
    world.run(
        "from rooms.models import Room\n"
        f"Room.objects.filter(uuid='{reserved['uuid']}').update(reserved_at='{yesterday.isoformat()}')"
    )
    assert pool.get(f"scheduling-info-reserve/{reserved['reservationId']}").status == 404
    assert pool.post("meetings", body(schedulingInfoReservationId=reserved["reservationId"])).code == "29"
    assert reserve(pool).json()["uuid"] == reserved["uuid"]


# --- The hub's own pools -----------------------------------------------------------------------------------------


def test_the_hub_fills_its_own_pools_one_at_a_time_and_down_again(world, body):
    client = world.client("admin", organisation="pooled")
    fill = "from booking import services\nfrom vdx.lib import clock\nanswer = services.fill_pools(now=clock.now())"
    assert [world.run(fill) for _ in range(4)] == [[1, 0], [1, 0], [1, 0], [0, 0]]
    world.run("import time\ntime.sleep(2)")
    entry = available(client, "pooled")
    assert (entry["desiredPoolSize"], entry["availablePoolSize"]) == (3, 3)
    assert {room["provisionStatus"] for room in entry["schedulingInfoList"]} == {"PROVISIONED_OK"}
    # An organisation below draws from the pool, and the room moves to it.
    below = world.client("admin", organisation="under-pool")
    made = below.post("meetings", at_once(body, **POOL))
    assert made.status == 200, made.text
    assert below.get(f"scheduling-info/{made.json()['uuid']}").json()["provisionStatus"] == "PROVISIONED_OK"
    answer = world.run(
        "from booking import services\nfrom booking.models import PoolHistory\nfrom vdx.lib import clock\n"
        "from vdx.accounts.models import Organisation\n"
        "services.note_pools(now=clock.now())\n"
        "row = PoolHistory.objects.filter(organisation__code='pooled').first()\n"
        "Organisation.objects.filter(code='pooled').update(pool_size=1)\n"
        "filled = services.fill_pools(now=clock.now())\n"
        "Organisation.objects.filter(code='pooled').update(pool_size=None)\n"
        "emptied = services.fill_pools(now=clock.now())\n"
        "Organisation.objects.filter(code='pooled').update(pool_size=3)\n"
        "answer = [row.desired, row.available, filled, emptied]"
    )
    assert answer == [3, 2, [0, 1], [0, 1]]
