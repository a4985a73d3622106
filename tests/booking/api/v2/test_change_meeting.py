"""PUT, PATCH and DELETE of a meeting (contract, sections 4.4, 4.5, 6.4 and 6.5)."""

from __future__ import annotations

import pytest

from tests.booking.api.conftest import moment

EVA = {"organisationId": "home", "email": "eva@klak.dk"}
FULL = {
    "description": "før",
    "projectCode": "p",
    "labels": ["a"],
    "additionalInformation": [{"key": "k", "value": "v"}],
    "guestMicrophone": "muted",
    "guestPin": 2222,
    "hostPin": 3333,
    "callType": "video",
}


@pytest.fixture
def made(admin, body):
    return admin.post("meetings", body(**FULL)).json()


def room_of(client, made):
    return client.get(f"scheduling-info/{made['uuid']}").json()


def ready(world, made, status="PROVISIONED_OK", organisation=None):
    """Let an outside provisioner have said so."""
    client = world.client("provisioner-user", organisation=organisation or "home")
    assert client.put(f"scheduling-info/{made['uuid']}", {"provisionStatus": status}).status == 200


# --- PUT -------------------------------------------------------------------------------------------------------


def test_put_replaces_and_clears_what_is_absent(admin, made):
    sent = {"subject": "nyt", "startTime": moment(days=3), "endTime": moment(days=3)}
    answer = admin.put(f"meetings/{made['uuid']}", sent)
    assert answer.status == 200
    changed = answer.json()
    assert {name: changed[name] for name in sent} == sent
    assert (changed["description"], changed["projectCode"]) == (None, None)
    assert (changed["labels"], changed["additionalInformation"]) == ([], [])
    assert changed["updatedBy"] == EVA
    assert changed["updatedTime"] is not None
    for name in ("guestMicrophone", "externalId", "shortId", "createdTime", "guestPinRequired"):
        assert changed[name] == made[name]
    assert admin.get(f"meetings/{made['uuid']}").json() == changed
    room = room_of(admin, made)
    assert (room["guestPin"], room["hostPin"], room["callType"]) == (2222, 3333, "video")
    assert (room["updatedBy"], room["updatedTime"]) == (EVA, changed["updatedTime"])


@pytest.mark.parametrize("missing", ["subject", "startTime", "endTime"])
def test_put_asks_for_three_members(admin, made, missing):
    sent = {"subject": "x", "startTime": moment(days=1), "endTime": moment(days=1)}
    del sent[missing]
    answer = admin.put(f"meetings/{made['uuid']}", sent)
    assert (answer.status, answer.code) == (400, "10")


@pytest.mark.parametrize("method", ["put", "patch"])
@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"startTime": "+10000-01-01T00:00:00Z"}, "25"),
        ({"additionalInformation": [{"key": "k", "value": "1"}, {"key": "k", "value": "2"}]}, "35"),
        ({"additionalInformation": [None, None]}, "10"),
        ({"subject": "010190-1234"}, "10"),
        ({"subject": "x" * 101}, "10"),
        ({"description": "x" * 501}, "10"),
        ({"labels": ["x" * 1025]}, "10"),
    ],
)
def test_what_a_change_refuses_changes_nothing(admin, made, method, members, code):
    usual = {"subject": "nyt", "startTime": moment(days=3), "endTime": moment(days=3)} if method == "put" else {}
    answer = getattr(admin, method)(f"meetings/{made['uuid']}", {**usual, **members})
    assert (answer.status, answer.code) == (400, code)
    assert admin.get(f"meetings/{made['uuid']}").json() == made


@pytest.mark.parametrize("member", ["callType", "organizedByEmail", "projectCode"])
def test_a_patch_refuses_civil_registration_numbers(admin, made, member):
    answer = admin.patch(f"meetings/{made['uuid']}", {member: "ring 010190-1234"})
    assert (answer.status, answer.code) == (400, "10")
    assert answer.json()["detailed_error"].startswith(f"{member}: ")
    assert "010190" not in answer.text
    assert admin.get(f"meetings/{made['uuid']}").json() == made


@pytest.mark.parametrize(
    ("role", "named", "organiser"),
    [
        ("admin", "ny@klak.dk", "ny@klak.dk"),
        ("planner", "ny@klak.dk", "ny@klak.dk"),
        ("admin", None, "eva@klak.dk"),
        ("provisioner-user", "ny@klak.dk", "eva@klak.dk"),
    ],
)
def test_who_organises_after_put(world, admin, body, role, named, organiser):
    """An administrator who names nobody takes the meeting over: clients rely on it."""
    made = admin.post("meetings", body(organizedByEmail="foerst@klak.dk")).json()
    sent = {"subject": "x", "startTime": moment(days=1), "endTime": moment(days=1), "organizedByEmail": named}
    changed = world.client(role).put(f"meetings/{made['uuid']}", sent).json()
    assert changed["organizedBy"]["email"] == organiser


# --- PATCH -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "members",
    [
        {"subject": "nyt"},
        {"startTime": "2126-01-01T10:00:00Z"},
        {"endTime": "2126-01-01T10:00:00Z"},
        {"description": "nyt"},
        {"description": None},
        {"projectCode": None},
        {"labels": ["x", "y"]},
        {"guestMicrophone": "off"},
        {"guestMicrophone": None},
        {"guestPinRequired": True},
        {"additionalInformation": [{"key": "n", "value": "m"}]},
    ],
)
def test_patch_changes_what_is_given_and_nothing_else(admin, made, members):
    answer = admin.patch(f"meetings/{made['uuid']}", members)
    assert answer.status == 200
    changed = answer.json()
    expected = {**made, **members, "updatedBy": EVA, "updatedTime": changed["updatedTime"]}
    assert {**changed, "labels": sorted(changed["labels"])} == expected
    assert admin.get(f"meetings/{made['uuid']}").json() == changed


@pytest.mark.parametrize("name", ["labels", "additionalInformation"])
def test_null_clears_a_list(admin, made, name):
    assert admin.patch(f"meetings/{made['uuid']}", {name: None}).json()[name] == []


@pytest.mark.parametrize("name", ["subject", "startTime", "endTime", "guestPinRequired"])
def test_what_every_meeting_has_cannot_be_cleared(admin, made, name):
    answer = admin.patch(f"meetings/{made['uuid']}", {name: None})
    assert (answer.status, answer.code) == (400, "30")
    assert admin.get(f"meetings/{made['uuid']}").json() == made


@pytest.mark.parametrize(
    "members", [{"guestPin": 7777}, {"hostPin": 8888}, {"callType": "telefon"}, {"guestPin": None}, {"hostPin": None}]
)
def test_patch_changes_the_door_of_a_room_that_is_not_ready(admin, made, members):
    before = room_of(admin, made)
    assert admin.patch(f"meetings/{made['uuid']}", members).status == 200
    after = room_of(admin, made)
    names = ("guestPin", "hostPin", "callType")
    assert {name: after[name] for name in names} == {**{name: before[name] for name in names}, **members}


def test_an_empty_patch_is_one(admin, made):
    changed = admin.patch(f"meetings/{made['uuid']}", {}).json()
    assert changed["updatedTime"] is not None
    assert changed["description"] == "før"


@pytest.mark.parametrize(
    ("role", "members", "organiser"),
    [
        ("admin", {}, "foerst@klak.dk"),
        ("planner", {}, "foerst@klak.dk"),
        ("planner", {"organizedByEmail": "ny@klak.dk"}, "ny@klak.dk"),
        ("admin", {"organizedByEmail": None}, "eva@klak.dk"),
        ("admin", {"organizedByEmail": ""}, "eva@klak.dk"),
        ("provisioner-user", {}, "eva@klak.dk"),
    ],
)
def test_who_organises_after_patch(world, admin, body, role, members, organiser):
    made = admin.post("meetings", body(organizedByEmail="foerst@klak.dk")).json()
    changed = world.client(role).patch(f"meetings/{made['uuid']}", members).json()
    assert changed["organizedBy"]["email"] == organiser


# --- By how far the room is made ready ---------------------------------------------------------------------------

EVERYTHING = {
    "subject": "nyt",
    "startTime": "2126-02-01T10:00:00Z",
    "endTime": "2126-02-01T11:00:00Z",
    "description": "nyt",
    "projectCode": "nyt",
    "organizedByEmail": "ny@klak.dk",
    "labels": ["ny"],
    "guestMicrophone": "off",
    "guestPinRequired": True,
    "additionalInformation": [{"key": "ny", "value": "ny"}],
    "guestPin": 5555,
    "hostPin": 6666,
    "callType": "nyt",
}


def test_of_a_ready_room_without_a_pool_little_changes(world, admin, made):
    ready(world, made)
    before = room_of(admin, made)
    answer = admin.patch(f"meetings/{made['uuid']}", EVERYTHING)
    assert answer.status == 200
    changed = answer.json()
    for name in ("subject", "startTime", "description", "projectCode", "organizedBy"):
        assert changed[name] == made[name]
    for name in ("endTime", "labels", "guestMicrophone", "guestPinRequired", "additionalInformation"):
        assert changed[name] == EVERYTHING[name]
    assert changed["updatedTime"] is not None
    after = room_of(admin, made)
    for name in ("guestPin", "hostPin", "callType"):
        assert after[name] == before[name]


def test_of_a_ready_room_with_a_pool_all_but_the_door_changes(world, body):
    client = world.client("admin", organisation="pooled")
    made = client.post("meetings", body(**FULL)).json()
    ready(world, made, organisation="pooled")
    before = room_of(client, made)
    changed = client.patch(f"meetings/{made['uuid']}", EVERYTHING).json()
    for name in ("subject", "startTime", "endTime", "description", "projectCode", "labels", "guestMicrophone"):
        assert changed[name] == EVERYTHING[name]
    assert changed["organizedBy"]["email"] == "ny@klak.dk"
    after = room_of(client, made)
    for name in ("guestPin", "hostPin", "callType"):
        assert after[name] == before[name]


OTHERS = [
    "STARTING_TO_PROVISION", "PROVISION_PROBLEMS", "STARTING_TO_DEPROVISION", "DEPROVISION_PROBLEMS", "DEPROVISION_OK",
]  # fmt: skip


@pytest.mark.parametrize("status", OTHERS)
def test_in_any_other_status_nothing_changes(world, admin, made, status):
    ready(world, made, status)
    put = {"subject": "x", "startTime": moment(days=1), "endTime": moment(days=1)}
    for answer in (admin.patch(f"meetings/{made['uuid']}", {}), admin.put(f"meetings/{made['uuid']}", put)):
        assert (answer.status, answer.code) == (406, "12")


def test_a_meeting_that_goes_on_is_called_off_by_its_end(admin, body):
    """Clients cancel what is ready by setting its end to now."""
    made = admin.post("meetings", body(startTime=moment(minutes=-5), endTime=moment(minutes=30))).json()
    assert room_of(admin, made)["provisionStatus"] == "PROVISIONED_OK"
    assert admin.patch(f"meetings/{made['uuid']}", {"endTime": moment()}).status == 200
    room = room_of(admin, made)
    assert (room["provisionStatus"], room["uriWithoutDomain"]) == ("DEPROVISION_OK", None)
    assert room["uriWithDomain"]
    answer = admin.patch(f"meetings/{made['uuid']}", {"endTime": moment(hours=1)})
    assert (answer.status, answer.code) == (406, "12")


def test_a_meeting_booked_for_the_past_can_be_put_right(world, admin, body):
    made = admin.post("meetings", body(startTime="2018-10-02T15:00:00+02:00", endTime="2018-10-02T16:00:00Z")).json()
    assert room_of(admin, made)["provisionStatus"] == "AWAITS_PROVISION"
    # The sweep has been there in the meantime.
    world.run("from rooms.tasks import sweep\nsweep()")
    assert room_of(admin, made)["provisionStatus"] == "AWAITS_PROVISION"
    changed = admin.patch(f"meetings/{made['uuid']}", {"startTime": moment(days=1), "endTime": moment(days=1, hours=1)})
    assert changed.status == 200
    state = world.run(f"from rooms.models import Room\nanswer = Room.objects.get(uuid='{made['uuid']}').state")
    assert state == "planned"


def test_a_meeting_booked_for_the_past_can_be_deleted(world, admin, body):
    made = admin.post("meetings", body(startTime="2018-10-02T15:00:00Z", endTime="2018-10-02T16:00:00Z")).json()
    world.run("from rooms.tasks import sweep\nsweep()")
    assert admin.delete(f"meetings/{made['uuid']}").status == 204


# --- DELETE ----------------------------------------------------------------------------------------------------


def test_deleting_takes_the_meeting_and_its_room(admin, body):
    sent = body(externalId="to-be-deleted", uuid="11111111-2222-4333-8444-555555555555")
    made = admin.post("meetings", sent).json()
    assert admin.delete(f"meetings/{made['uuid']}").status == 204
    for path in (f"meetings/{made['uuid']}", f"scheduling-info/{made['uuid']}"):
        assert admin.get(path).status == 404
    assert admin.delete(f"meetings/{made['uuid']}").status == 404
    assert admin.post("meetings", sent).status == 200


@pytest.mark.parametrize("status", ["PROVISIONED_OK", *OTHERS])
def test_only_what_awaits_provisioning_is_deleted(world, admin, made, status):
    ready(world, made, status)
    answer = admin.delete(f"meetings/{made['uuid']}")
    assert (answer.status, answer.code) == (406, "13")
    text = "Meeting must have status AWAITS_PROVISION (0) in order to be deleted"
    assert answer.json()["detailed_error"] == text
    assert admin.get(f"meetings/{made['uuid']}").status == 200


# --- What is written down ----------------------------------------------------------------------------------------


def test_each_write_is_in_the_audit_without_pins_and_texts(world, admin, body):
    made = admin.post("meetings", body(**FULL)).json()
    admin.patch(f"meetings/{made['uuid']}", {"guestPin": 7654, "description": "hemmelig"})
    admin.delete(f"meetings/{made['uuid']}")
    entries = world.run(
        "from vdx.accounts.models import AuditEntry\n"
        "answer = [[e.action, e.actor_kind, e.detail, e.target_id] for e in AuditEntry.objects.order_by('-pk')[:12]]"
    )
    actions = [action for action, *_ in entries]
    assert {"meeting.booked", "meeting.changed", "meeting.deleted", "room.door_changed"} <= set(actions)
    assert {kind for action, kind, *_ in entries if action.startswith("meeting.")} == {"api"}
    for secret in ("2222", "3333", "7654", "hemmelig", "før"):
        assert secret not in str([detail for _, _, detail, _ in entries])
