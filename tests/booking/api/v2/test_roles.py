"""Each address by each role (contract, section 3), and that another organisation's things are out of reach."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.booking.api.conftest import moment

U, P, A, V, VU = "user", "planner", "admin", "provisioner", "provisioner-user"
ALL = {U, P, A, V, VU}
BOOKERS = ALL - {V}
NOBODY = "00000000-0000-4000-8000-000000000000"
BETWEEN = f"from-start-time={moment(days=-1)}&to-end-time={moment(days=1)}"
TEMPLATE = {
    "conferencingSysId": 1,
    "uriPrefix": "",
    "uriDomain": "roles.dk",
    "hostPinRequired": False,
    "guestPinRequired": False,
    "uriNumberRangeLow": 1,
    "uriNumberRangeHigh": 9,
}
MEETING = {"subject": "x", "startTime": moment(days=1), "endTime": moment(days=1)}

# Method, path, a body that can be read, roles that may, and what they get where nothing is found.
TABLE = [
    ("GET", "info", None, ALL, {200}),
    ("GET", "meetings?label=roles", None, ALL, {200}),
    ("POST", "meetings", MEETING, BOOKERS, {200}),
    ("GET", f"meetings/{NOBODY}", None, ALL, {404}),
    ("PUT", f"meetings/{NOBODY}", MEETING, BOOKERS, {404}),
    ("PATCH", f"meetings/{NOBODY}", {}, BOOKERS, {404}),
    ("DELETE", f"meetings/{NOBODY}", None, BOOKERS, {404}),
    ("GET", "meetings/findByUriWithDomain?uri=nobody@roles.dk", None, ALL, {404}),
    ("GET", "meetings/findByUriWithoutDomain?uri=nobody", None, ALL, {404}),
    ("GET", f"scheduling-info?{BETWEEN}", None, ALL, {200}),
    ("POST", "scheduling-info", {"organizationId": "nowhere", "schedulingTemplateId": 1}, {VU}, {400}),
    ("GET", f"scheduling-info/{NOBODY}", None, ALL, {404}),
    ("PUT", f"scheduling-info/{NOBODY}", {"provisionStatus": "PROVISIONED_OK"}, {VU}, {404}),
    ("GET", "scheduling-info-provision", None, {VU}, {200}),
    ("GET", "scheduling-info-deprovision", None, {VU}, {200}),
    ("GET", "scheduling-info-reserve", None, {A}, {404}),
    ("GET", f"scheduling-info-reserve/{NOBODY}", None, {A}, {404}),
    ("GET", "scheduling-templates", None, ALL, {200}),
    ("POST", "scheduling-templates", TEMPLATE, {A}, {200}),
    ("GET", "scheduling-templates/9999999", None, ALL, {404}),
    ("PUT", "scheduling-templates/9999999", TEMPLATE, {A}, {404}),
    ("DELETE", "scheduling-templates/9999999", None, {A}, {404}),
    ("GET", "pool", None, ALL, {200}),
]


# Named without their query, which holds a time: each process of a run must name them alike.
IDS = [f"{method} {path.split('?')[0]}" for method, path, *_ in TABLE]


@pytest.mark.parametrize("role", sorted(ALL))
@pytest.mark.parametrize(("method", "path", "body", "may", "answers"), TABLE, ids=IDS)
def test_who_may(world, role, method, path, body, may, answers):
    answer = world.client(role, organisation="below").call(method, path, body)
    if role in may:
        assert answer.status in answers
    else:
        assert (answer.status, answer.body) == (403, b"")
        assert "insufficient_scope" in answer.headers["www-authenticate"]


@pytest.mark.parametrize(("method", "path", "body", "may", "answers"), TABLE, ids=IDS)
def test_nobody_without_a_token(world, method, path, body, may, answers):
    from tests.support.calls import Client

    answer = Client(world.hub.url, "").call(method, path, body)
    assert (answer.status, answer.body) == (401, b"")


@pytest.mark.parametrize("role", sorted(BOOKERS))
@pytest.mark.parametrize(("method", "body"), [("GET", None), ("PUT", MEETING), ("PATCH", {}), ("DELETE", None)])
def test_another_organisations_meeting_is_forbidden(world, admin, body, role, method):
    made = admin.post("meetings", {**MEETING, "uuid": str(uuid4())}).json()
    for organisation in ("other", "below", "top"):
        answer = world.client(role, organisation=organisation).call(method, f"meetings/{made['uuid']}", body)
        assert answer.status == 403
        assert answer.json()["detailed_error"] is None
        assert answer.code == "11"
    assert admin.get(f"meetings/{made['uuid']}").json()["updatedTime"] is None


@pytest.mark.parametrize(("method", "body"), [("GET", None), ("PUT", MEETING), ("PATCH", {}), ("DELETE", None)])
def test_a_users_colleagues_meeting_is_forbidden(world, admin, body, method):
    made = admin.post("meetings", {**MEETING, "organizedByEmail": "anden@klak.dk"}).json()
    assert world.client("user").call(method, f"meetings/{made['uuid']}", body).status == 403


def test_another_organisations_template_looks_like_none(world, admin):
    made = admin.post("scheduling-templates", TEMPLATE).json()
    for organisation in ("other", "below", "top"):
        stranger = world.client("admin", organisation=organisation)
        for answer in (
            stranger.get(f"scheduling-templates/{made['id']}"),
            stranger.put(f"scheduling-templates/{made['id']}", TEMPLATE),
            stranger.delete(f"scheduling-templates/{made['id']}"),
        ):
            assert answer.status == 404
            assert answer.json()["detailed_error"] == "Resource: schedulingTemplate in field: id not found."
    assert admin.get(f"scheduling-templates/{made['id']}").status == 200
