"""Version 1 of the VDX-API through a proxy that is believed (contract, section 13)."""

from __future__ import annotations

import base64
import json
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest

from tests.booking.api.conftest import ORGANISATIONS
from tests.support.calls import call
from tests.support.servers import HubServer

SECRET = "a-secret-that-only-the-proxy-in-front-knows"
TEMPLATE = {
    "conferencingSysId": 1,
    "uriPrefix": "",
    "uriDomain": "v1.dk",
    "hostPinRequired": False,
    "guestPinRequired": False,
    "uriNumberRangeLow": 1,
    "uriNumberRangeHigh": 9999,
}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d \+0000")


@pytest.fixture(scope="module")
def hub():
    settings = {
        "VDX_API_V1_PROXIES": "127.0.0.1 ::1",
        "VDX_API_V1_SECRET": SECRET,
        "VDX_API_V1_ROLES": "dk:medcom:role:admin=meeting-admin",
        "VDX_API_RATE": "100000",
        "VDX_POOL_FILL_DISABLED": "1",
    }
    with HubServer.embedded(environment=settings) as running:
        running.shell(ORGANISATIONS)
        yield running


def session(organisation="home", email="eva@klak.dk", roles=("dk:medcom:role:admin",), **also):
    attributes = {"organisation_id": [organisation], "email": [email], "userrole": list(roles), **also}
    attributes = {name: value for name, value in attributes.items() if value != [None]}
    return base64.b64encode(json.dumps({"UserAttributes": attributes, "ID": "x"}).encode()).decode()


def ask(hub, method, path, body=None, *, header=None, secret=SECRET, **who):
    headers = {"X-SESSIONDATA": session(**who) if header is None else header, "X-VDX-Proxy-Secret": secret}
    return call(f"{hub.url}/videoapi/{path}", method, body=body, headers=headers)


def moment(zone=" +0000", **ahead):
    return (datetime.now(UTC) + timedelta(**ahead)).strftime("%Y-%m-%dT%H:%M:%S") + zone


def booking(**members):
    return {"subject": "v1", "startTime": moment(days=1), "endTime": moment(days=1, minutes=30), **members}


def test_it_is_off_unless_proxies_are_named(world):
    answer = call(f"{world.hub.url}/videoapi/meetings?label=x", headers={"X-SESSIONDATA": session()})
    assert answer.status == 404


@pytest.mark.parametrize(
    "how",
    [
        {"secret": ""},
        {"secret": "wrong"},
        {"header": ""},
        {"header": "not base64"},
        {"header": base64.b64encode(b"[]").decode()},
        {"header": base64.b64encode(b'{"UserAttributes": 1}').decode()},
        {"roles": ()},
        {"roles": ("somebody",)},
        {"email": None},
    ],
)
def test_who_is_not_believed(hub, how):
    assert ask(hub, "GET", "info", **how).status == 401


def test_an_unknown_organisation(hub):
    assert ask(hub, "GET", "info", organisation="nowhere").status == 403


def test_a_missing_role_is_401(hub):
    assert ask(hub, "GET", "scheduling-info-provision").status == 401
    both = ask(hub, "GET", "scheduling-info-provision", roles=("meeting-provisioner",))
    assert both.status == 200


def test_info_is_the_raw_map(hub):
    assert "git" in ask(hub, "GET", "info").json()


@pytest.mark.parametrize("zone", [" +0000", "+0000", "Z", " Z", "+00:00", " +00:00"])
def test_times_in_both_directions(hub, zone):
    sent = booking(startTime="2225-11-02T13:00:00" + zone)
    answer = ask(hub, "POST", "meetings", sent)
    assert answer.status == 200, answer.text
    made = answer.json()
    assert made["startTime"] == "2225-11-02T13:00:00 +0000"
    assert TIME.fullmatch(made["createdTime"])
    assert made["_links"]["self"]["href"].endswith(f"/videoapi/meetings/{made['uuid']}")
    assert list(made["_links"]) == ["self"]


def test_lists_are_hal_and_an_empty_one_has_no_embedded(hub):
    made = ask(hub, "POST", "meetings", booking(labels=["hal"])).json()
    found = ask(hub, "GET", "meetings?label=hal").json()
    assert list(found) == ["_embedded", "_links"]
    assert found["_links"]["self"]["href"].endswith("/videoapi/meetings?label=hal")
    [meeting] = found["_embedded"]["meetingDtoList"]
    assert meeting["uuid"] == made["uuid"]
    assert list(meeting["_links"]) == ["self", "scheduling-info"]
    assert list(ask(hub, "GET", "meetings?label=none").json()) == ["_links"]


def test_times_in_an_address(hub):
    sent = booking(startTime="2226-01-01T10:00:00 +0000")
    made = ask(hub, "POST", "meetings", sent).json()
    bounds = f"from-start-time={quote('2226-01-01T09:00:00+0000')}&to-start-time={quote('2226-01-01T12:00:00+0100')}"
    found = ask(hub, "GET", f"meetings?{bounds}").json()
    assert made["uuid"] in [each["uuid"] for each in found["_embedded"]["meetingDtoList"]]
    answer = ask(hub, "GET", "meetings")
    assert answer.status == 400
    assert "errorCode" not in answer.json()


def test_a_short_id_finds_the_one(hub):
    made = ask(hub, "POST", "meetings", booking()).json()
    found = ask(hub, "GET", f"meetings?short-id={made['shortId']}").json()
    assert found["uuid"] == made["uuid"]


def test_an_address_finds_the_one_and_leads_to_its_room(hub):
    made = ask(hub, "POST", "meetings", booking()).json()
    room = ask(hub, "GET", f"scheduling-info/{made['uuid']}").json()
    for path in (
        f"meetings/findByUriWithDomain?uri={room['uriWithDomain']}",
        f"meetings/findByUriWithoutDomain?uri={room['uriWithoutDomain']}",
        f"meetings?short-id={made['shortId']}",
    ):
        found = ask(hub, "GET", path).json()
        assert found["uuid"] == made["uuid"]
        assert list(found["_links"]) == ["self", "scheduling-info"]
        assert found["_links"]["scheduling-info"]["href"].endswith(f"/videoapi/scheduling-info/{made['uuid']}")
    assert list(ask(hub, "GET", f"meetings/{made['uuid']}").json()["_links"]) == ["self"]
    [listed] = ask(hub, "GET", f"meetings?uriWithDomain={room['uriWithDomain']}").json()["_embedded"]["meetingDtoList"]
    assert list(listed["_links"]) == ["self", "scheduling-info"]


def test_what_is_no_uuid_is_not_found(hub):
    for method, body in (("GET", None), ("PUT", booking()), ("DELETE", None)):
        assert ask(hub, method, "meetings/whatever", body).status == 404


def test_deleting_answers_200_and_nothing(hub):
    made = ask(hub, "POST", "meetings", booking()).json()
    answer = ask(hub, "DELETE", f"meetings/{made['uuid']}")
    assert (answer.status, answer.body) == (200, b"")
    assert ask(hub, "GET", f"meetings/{made['uuid']}").status == 404


@pytest.mark.parametrize(
    ("method", "path", "members", "status", "code"),
    [
        ("POST", "meetings", {"externalId": "v1-same"}, 400, 12),
        ("POST", "meetings", {"startTime": "+10000-01-01T00:00:00 +0000"}, 400, 30),
        ("POST", "meetings", {"meetingType": "POOL"}, 400, 10),
        ("POST", "meetings", {"uriWithoutDomain": "a-b"}, 400, 100),
        ("GET", "meetings?search=x&from-start-time=2225-01-01T00:00:00Z", None, 400, 50),
    ],
)
def test_a_rules_refusal_has_its_own_number(hub, method, path, members, status, code):
    ask(hub, "POST", "meetings", booking(externalId="v1-same"))
    answer = ask(hub, method, path, None if members is None else booking(**members))
    body = answer.json()
    assert (answer.status, body["errorCode"]) == (status, code)
    assert set(body) == {"timestamp", "status", "error", "message", "path", "errorCode", "errorText"}
    assert body["message"] == body["errorText"]


@pytest.mark.parametrize(
    ("template", "code"),
    [
        ({"hostPinRequired": True}, 31),
        ({"guestPinRequired": True}, 30),
        ({"uriNumberRangeHigh": 1}, 20),
    ],
)
def test_a_template_that_cannot_be_used_has_the_numbers_of_406(hub, template, code):
    made = ask(hub, "POST", "scheduling-templates", {**TEMPLATE, **template}).json()
    answer = ask(hub, "POST", "meetings", booking(schedulingTemplateId=made["id"]))
    assert (answer.status, answer.json()["errorCode"]) == (406, code)
    assert ask(hub, "DELETE", f"scheduling-templates/{made['id']}").status == 200


def test_what_every_meeting_has_cannot_be_cleared_nor_a_ready_one_deleted(hub):
    made = ask(hub, "POST", "meetings", booking()).json()
    for member in ("subject", "startTime", "endTime"):
        answer = ask(hub, "PATCH", f"meetings/{made['uuid']}", {member: None})
        assert (answer.status, answer.json()["errorCode"]) == (400, 70)
    machine = {"roles": ("meeting-provisioner",)}
    said = {"provisionStatus": "PROVISION_PROBLEMS"}
    assert ask(hub, "PUT", f"scheduling-info/{made['uuid']}", said, **machine).status == 200
    answers = (ask(hub, "PATCH", f"meetings/{made['uuid']}", {}), ask(hub, "DELETE", f"meetings/{made['uuid']}"))
    assert [(answer.status, answer.json()["errorCode"]) for answer in answers] == [(406, 10), (406, 11)]


def test_a_reservation(hub):
    none = ask(hub, "GET", "scheduling-info-reserve")
    assert none.status == 404
    assert set(none.json()) == {"timestamp", "status", "error", "path"}
    answer = ask(hub, "POST", "meetings", booking(schedulingInfoReservationId="00000000-0000-4000-8000-000000000000"))
    assert (answer.status, answer.json()["errorCode"]) == (400, 60)


def test_a_refusal_of_the_body_has_the_frameworks(hub):
    answer = ask(hub, "POST", "meetings", booking(subject="x" * 101))
    assert answer.status == 400
    assert set(answer.json()) == {"timestamp", "status", "error", "path"}


def test_put_patch_and_the_room(hub):
    made = ask(hub, "POST", "meetings", booking(description="før")).json()
    never = ask(hub, "GET", f"scheduling-info/{made['uuid']}").json()
    assert never["updatedBy"] == {"organisationId": None, "email": None}
    changed = ask(hub, "PATCH", f"meetings/{made['uuid']}", {"description": None, "endTime": moment(days=2)})
    assert changed.status == 200
    assert changed.json()["description"] is None
    replaced = ask(hub, "PUT", f"meetings/{made['uuid']}", booking(subject="nyt"))
    assert replaced.json()["subject"] == "nyt"
    room = ask(hub, "GET", f"scheduling-info/{made['uuid']}").json()
    assert room["updatedBy"] == {"organisationId": "home", "email": "eva@klak.dk"}
    assert TIME.fullmatch(room["meetingDetails"]["startTime"])
    assert room["_links"]["self"]["href"].endswith(f"/videoapi/scheduling-info/{made['uuid']}")


def test_templates_and_pools(hub):
    made = ask(hub, "POST", "scheduling-templates", TEMPLATE).json()
    assert made["updatedBy"] == {"organisationId": None, "email": None}
    found = ask(hub, "GET", "scheduling-templates").json()["_embedded"]["schedulingTemplateDtoList"]
    assert [each["id"] for each in found] == [made["id"]]
    assert ask(hub, "DELETE", f"scheduling-templates/{made['id']}").status == 200
    pools = ask(hub, "GET", "pool", roles=("meeting-provisioner",), organisation=None, email=None).json()
    assert "organizationId" in pools["_embedded"]["poolInfoDtoList"][0]
