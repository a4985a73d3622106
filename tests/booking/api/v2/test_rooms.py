"""Scheduling info: what is shown of a room and to whom, and the outside provisioner's work (sections 4.6, 11.1)."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.booking.api.conftest import moment

MEMBERS = [
    "uuid", "hostPin", "guestPin", "vmrAvailableBefore", "maxParticipants", "endMeetingOnEndTime", "uriWithDomain",
    "uriWithoutDomain", "provisionStatus", "provisionStatusDescription", "portalLink", "ivrTheme",
    "provisionTimestamp", "provisionVmrId", "vmrType", "hostView", "guestView", "vmrQuality", "enableOverlayText",
    "guestsCanPresent", "forcePresenterIntoMain", "forceEncryption", "muteAllGuests", "createdBy", "updatedBy",
    "createdTime", "updatedTime", "reservationId", "customPortalGuest", "customPortalHost", "returnUrl", "callType",
    "meetingDetails", "_links", "directMedia", "shortLink", "shortlink",
]  # fmt: skip


def room_of(client, made):
    answer = client.get(f"scheduling-info/{made['uuid']}")
    assert answer.status == 200, answer.text
    return answer.json()


def uuids(answer):
    assert answer.status == 200, answer.text
    return [each["uuid"] for each in answer.json()]


def test_all_members_in_order(admin, body):
    made = admin.post("meetings", body()).json()
    room = room_of(admin, made)
    assert list(room) == MEMBERS
    assert room["uuid"] == made["uuid"]
    assert room["meetingDetails"] == made
    assert (room["shortLink"], room["shortlink"]) == (made["shortLink"], made["shortLink"])
    assert (room["provisionStatus"], room["provisionTimestamp"]) == ("AWAITS_PROVISION", None)
    assert room["createdBy"] == {"organisationId": "home", "email": "eva@klak.dk"}
    assert (room["updatedBy"], room["updatedTime"]) == (None, None)


@pytest.mark.parametrize(
    ("roles", "own", "colleagues", "below", "other"),
    [
        (("user",), 200, 200, 403, 403),
        (("planner",), 200, 200, 200, 403),
        (("admin",), 200, 200, 200, 403),
        (("provisioner",), 200, 200, 200, 200),
        (("provisioner-user",), 200, 200, 200, 200),
        (("provisioner-user", "user"), 200, 200, 200, 200),
    ],
)
def test_whose_rooms_are_seen(world, admin, body, roles, own, colleagues, below, other):
    made = {
        "own": admin.post("meetings", body()).json(),
        "colleagues": admin.post("meetings", body(organizedByEmail="anden@klak.dk")).json(),
        "below": world.client("admin", organisation="below").post("meetings", body()).json(),
        "other": world.client("admin", organisation="other").post("meetings", body()).json(),
    }
    client = world.client(*roles)
    seen = {name: client.get(f"scheduling-info/{each['uuid']}").status for name, each in made.items()}
    assert seen == {"own": own, "colleagues": colleagues, "below": below, "other": other}


def test_a_provisioner_without_organisation_sees_rooms(world, admin, body):
    made = admin.post("meetings", body()).json()
    assert room_of(world.client("provisioner", organisation=None, email=None), made)["uuid"] == made["uuid"]


@pytest.mark.parametrize(("roles", "seen"), [(("user",), None), (("user", "planner"), 4567), (("planner",), 4567)])
def test_the_host_pin_of_colleagues_is_not_for_a_mere_user(world, admin, body, roles, seen):
    made = admin.post("meetings", body(hostPin=4567, organizedByEmail="anden@klak.dk")).json()
    own = admin.post("meetings", body(hostPin=4567)).json()
    client = world.client(*roles)
    assert room_of(client, made)["hostPin"] == seen
    assert room_of(client, own)["hostPin"] == 4567


# --- Lists -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("since", "until", "found"),
    [
        ("2097-05-01T11:00:00Z", "2097-05-01T14:00:00Z", True),
        # The opening alone, the end alone, and neither: both bounds are left out.
        ("2097-05-01T11:00:00Z", "2097-05-01T11:50:00Z", True),
        ("2097-05-01T12:30:00Z", "2097-05-01T13:00:01Z", True),
        ("2097-05-01T12:00:00Z", "2097-05-01T12:30:00Z", False),
        ("2097-05-01T11:45:00Z", "2097-05-01T13:00:00Z", False),
    ],
)
def test_rooms_that_open_or_end_between_two_times(admin, body, since, until, found):
    made = admin.post("meetings", body(startTime="2097-05-01T12:00:00Z", endTime="2097-05-01T13:00:00Z")).json()
    bounds = {"from_start_time": since, "to_end_time": until}
    assert (made["uuid"] in uuids(admin.get("scheduling-info", **bounds))) is found
    assert (made["uuid"] in uuids(admin.get("scheduling-info", provision_status="", **bounds))) is found
    assert made["uuid"] not in uuids(admin.get("scheduling-info", provision_status="PROVISIONED_OK", **bounds))


@pytest.mark.parametrize("query", [{}, {"from_start_time": moment()}, {"to_end_time": moment()}])
def test_both_times_must_be_given(admin, query):
    assert admin.get("scheduling-info", **query).status == 400


@pytest.mark.parametrize("status", ["awaits_provision", "READY"])
def test_an_unknown_status(admin, status):
    answer = admin.get("scheduling-info", from_start_time=moment(), to_end_time=moment(), provision_status=status)
    assert (answer.status, answer.code) == (400, "")


# --- The hub's own rooms -----------------------------------------------------------------------------------------


def test_a_room_of_ours_is_ready_as_soon_as_its_window_opens(admin, provisioner, body):
    made = admin.post("meetings", body(startTime=moment(minutes=10), endTime=moment(minutes=40))).json()
    room = room_of(admin, made)
    assert room["provisionStatus"] == "PROVISIONED_OK"
    opened = datetime.fromisoformat(room["provisionTimestamp"])
    assert (datetime.fromisoformat(made["startTime"]) - opened).total_seconds() == 15 * 60
    bounds = {"from_start_time": moment(minutes=-20), "to_end_time": moment(hours=1)}
    assert made["uuid"] in uuids(admin.get("scheduling-info", provision_status="PROVISIONED_OK", **bounds))
    assert made["uuid"] not in uuids(provisioner.get("scheduling-info-provision"))


# --- The outside provisioner's ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def outside(world):
    return world.client("admin", organisation="outside")


def test_the_work_of_an_outside_provisioner(outside, provisioner, body):
    due = outside.post("meetings", body(startTime=moment(minutes=-5), endTime=moment(minutes=30))).json()
    later = outside.post("meetings", body()).json()
    past = outside.post("meetings", body(startTime=moment(hours=-2), endTime=moment(hours=-1))).json()
    assert room_of(outside, due)["provisionStatus"] == "AWAITS_PROVISION"
    work = uuids(provisioner.get("scheduling-info-provision"))
    assert due["uuid"] in work
    assert later["uuid"] not in work
    assert past["uuid"] not in work

    said = {"provisionStatus": "STARTING_TO_PROVISION", "provisionStatusDescription": "i gang", "provisionVmrId": "v1"}
    answer = provisioner.put(f"scheduling-info/{due['uuid']}", said)
    assert answer.status == 200
    room = answer.json()
    assert {name: room[name] for name in said} == said
    assert room["provisionTimestamp"] is not None
    assert room["updatedBy"] == {"organisationId": "home", "email": "machine@klak.dk"}
    assert due["uuid"] not in uuids(provisioner.get("scheduling-info-provision"))

    # What is absent is null from then on.
    room = provisioner.put(f"scheduling-info/{due['uuid']}", {"provisionStatus": "PROVISIONED_OK"}).json()
    assert (room["provisionStatusDescription"], room["provisionVmrId"]) == (None, None)
    assert due["uuid"] not in uuids(provisioner.get("scheduling-info-deprovision"))

    outside.patch(f"meetings/{due['uuid']}", {"endTime": moment(minutes=-1)})
    assert due["uuid"] in uuids(provisioner.get("scheduling-info-deprovision"))
    room = provisioner.put(f"scheduling-info/{due['uuid']}", {"provisionStatus": "DEPROVISION_OK"}).json()
    assert room["uriWithoutDomain"] is None
    assert room["uriWithDomain"].startswith(tuple("123456789"))
    assert due["uuid"] not in uuids(provisioner.get("scheduling-info-deprovision"))


def test_any_status_may_follow_any_other(outside, provisioner, body):
    made = outside.post("meetings", body()).json()
    for status in ("DEPROVISION_PROBLEMS", "AWAITS_PROVISION", "PROVISIONED_OK", "STARTING_TO_DEPROVISION"):
        room = provisioner.put(f"scheduling-info/{made['uuid']}", {"provisionStatus": status}).json()
        assert room["provisionStatus"] == status


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({}, "10"),
        ({"provisionStatus": "READY"}, ""),
        ({"provisionStatus": "PROVISIONED_OK", "provisionStatusDescription": "x" * 201}, "10"),
        ({"provisionStatus": "PROVISIONED_OK", "provisionVmrId": "x" * 51}, "10"),
        ({"provisionStatus": "PROVISION_PROBLEMS", "provisionStatusDescription": "010190-1234 kom ikke ind"}, "10"),
    ],
)
def test_what_a_provisioner_cannot_say(outside, provisioner, body, sent, code):
    made = outside.post("meetings", body()).json()
    answer = provisioner.put(f"scheduling-info/{made['uuid']}", sent)
    assert (answer.status, answer.code) == (400, code)


def test_an_unknown_room(provisioner):
    answer = provisioner.get("scheduling-info/00000000-0000-4000-8000-000000000000")
    assert (answer.status, answer.code) == (404, "11")
    assert answer.json()["detailed_error"] == "Resource: schedulingInfo in field: uuid not found."
