"""How requests and answers look, whatever they are about (contract, sections 0, 1 and 9.1)."""

from __future__ import annotations

import re

import pytest

from tests.support.calls import call

SHORT = {"timestamp", "status", "error", "path"}
LONG = {"error", "path", "status", "timestamp", "detailed_error", "detailed_error_code"}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("application/hal+json", "application/hal+json"),
        ("application/json", "application/json"),
        ("*/*", "application/hal+json"),
        ("application/json;q=0.5, application/hal+json", "application/hal+json"),
    ],
)
def test_the_same_plain_json_comes_under_both_types(admin, body, accept, kind):
    made = admin.call("POST", "meetings", body(), headers={"Accept": accept})
    assert (made.status, made.headers["content-type"]) == (200, kind)
    refused = admin.call("GET", "meetings", headers={"Accept": accept})
    assert (refused.status, refused.headers["content-type"]) == (400, kind)
    assert set(refused.json()) == LONG


def test_a_type_that_there_is_not_is_refused(admin):
    answer = admin.call("GET", "info", headers={"Accept": "text/html"})
    assert answer.status == 406
    assert set(answer.json()) == SHORT


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "application/x-www-form-urlencoded", ""])
def test_bodies_are_json_alone(admin, body, kind):
    answer = admin.call("POST", "meetings", body(), headers={"Content-Type": kind})
    assert answer.status == 415
    assert set(answer.json()) == SHORT


def test_json_is_compact_and_the_code_is_a_string(admin, body):
    first = body(externalId="compact-1")
    assert admin.post("meetings", first).status == 200
    again = admin.post("meetings", first)
    assert '"detailed_error_code":"21"' in again.text
    assert '"detailed_error":"ExternalId not unique within organisation."' in again.text
    assert ": " not in admin.get("info").text


def test_uuid_comes_first_in_scheduling_info_and_the_meeting_later(admin, body):
    uuid = admin.post("meetings", body()).json()["uuid"]
    text = admin.get(f"scheduling-info/{uuid}").text
    assert text.startswith(f'{{"uuid":"{uuid}"')
    assert text.index('"meetingDetails"') > text.index('"hostPin"')


def test_lists_are_plain_arrays(admin, body):
    admin.post("meetings", body(subject="plain"))
    found = admin.get("meetings", subject="plain").json()
    assert isinstance(found, list)
    assert "_embedded" not in admin.get("meetings", subject="plain").text
    assert admin.get("meetings", subject="nobody has this").json() == []


def test_links_are_absolute_https_and_lead_back(world, admin, body):
    made = admin.post("meetings", body()).json()
    for link in made["_links"].values():
        assert link["href"].startswith("https://localhost:")
        assert admin_get(link["href"], admin) == 200
    template = admin.get(f"scheduling-info/{made['uuid']}").json()["_links"]["self"]["href"]
    assert admin_get(template, admin) == 200


def admin_get(href, admin):
    return call(href.replace("https", "http", 1), headers={"Authorization": f"Bearer {admin.token}"}).status


@pytest.mark.parametrize("path", ["info", "scheduling-templates", "pool", "meetings"])
def test_a_slash_at_the_end_makes_no_difference(admin, path):
    query = {"label": "x"} if path == "meetings" else {}
    assert admin.get(path, **query).status == admin.get(f"{path}/", **query).status == 200


def test_a_slash_at_the_end_of_an_id_too(admin, body):
    made = admin.call("POST", "meetings/", body()).json()
    assert admin.get(f"meetings/{made['uuid']}/").json()["uuid"] == made["uuid"]


def test_unknown_members_are_left_alone(admin, body):
    assert admin.post("meetings", body(somethingElse={"a": 1})).status == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("PATCH", "pool", 405),
        ("OPTIONS", "meetings", 405),
        ("GET", "nothing-here", 404),
        ("GET", "meetings/not-a-uuid", 400),
        ("GET", "scheduling-info/not-a-uuid", 400),
        ("GET", "scheduling-info-reserve/not-a-uuid", 400),
        ("GET", "scheduling-templates/x", 400),
        ("GET", "scheduling-templates/99999999999999999999", 400),
        ("GET", "scheduling-info", 400),
        ("GET", "meetings/findByUriWithDomain", 400),
        ("GET", "meetings?from-start-time=yesterday&to-start-time=today", 400),
    ],
)
def test_what_is_refused_before_any_rule_has_the_short_body(admin, method, path, status):
    answer = admin.call(method, path)
    assert answer.status == status
    assert set(answer.json()) == SHORT
    assert answer.json()["status"] == status
    assert TIME.fullmatch(answer.json()["timestamp"])
    assert answer.json()["path"] == f"/videoapi/v2/{path.split('?')[0]}"


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b'"x"', b'{"subject": NaN}', b"\xff"])
def test_what_is_no_json_object_has_the_short_body_or_misses_members(admin, raw):
    headers = {"Authorization": f"Bearer {admin.token}", "Content-Type": "application/json"}
    answer = call(f"{admin.base}/videoapi/v2/meetings", "POST", raw=raw, headers=headers)
    assert answer.status == 400
    assert set(answer.json()) in (SHORT, LONG)


def test_a_refusal_by_rule_has_the_long_body(admin):
    answer = admin.get("meetings/00000000-0000-4000-8000-000000000000")
    assert answer.status == 404
    assert set(answer.json()) == LONG
    assert answer.json()["detailed_error"] == "Resource: meeting in field: uuid not found."
    assert answer.json()["detailed_error_code"] == "11"
    assert answer.json()["error"] == "Not Found"


def test_info_has_git_and_its_values_under_keys(user):
    answer = user.get("info")
    assert answer.status == 200
    assert list(answer.json()) == ["info"]
    assert "git" in [each["key"] for each in answer.json()["info"]]


def test_deleting_answers_nothing(admin, body):
    made = admin.post("meetings", body()).json()
    answer = admin.delete(f"meetings/{made['uuid']}")
    assert (answer.status, answer.body) == (204, b"")


# --- Other people's pages ------------------------------------------------------------------------------------

ORIGIN = {"Origin": "https://journal.example.dk"}
STRANGE = {"Origin": "https://strange.example.dk"}


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_a_preflight_names_the_one_method_and_needs_no_token(world, method):
    asked = {**ORIGIN, "Access-Control-Request-Method": method, "Access-Control-Request-Headers": "authorization,x-a"}
    answer = call(f"{world.hub.url}/videoapi/v2/meetings", "OPTIONS", headers=asked)
    assert answer.status == 200
    assert answer.headers["access-control-allow-methods"] == method
    assert answer.headers["access-control-allow-origin"] == ORIGIN["Origin"]
    assert answer.headers["access-control-allow-credentials"] == "true"
    assert answer.headers["access-control-allow-headers"] == "authorization,x-a"


@pytest.mark.parametrize("origin", ["https://strange.example.dk", "null", "http://journal.example.dk", ""])
def test_a_strange_page_is_refused_in_the_preflight_and_in_earnest(world, admin, origin):
    asked = {"Origin": origin, "Access-Control-Request-Method": "GET"}
    answer = call(f"{world.hub.url}/videoapi/v2/info", "OPTIONS", headers=asked)
    assert answer.status == 403
    assert "access-control-allow-origin" not in answer.headers
    assert admin.call("GET", "info", headers={"Origin": origin}).status == 403


def test_a_page_on_the_list_may_read_the_answer(admin):
    answer = admin.call("GET", "info", headers=ORIGIN)
    assert answer.status == 200
    assert answer.headers["access-control-allow-origin"] == ORIGIN["Origin"]
    assert "Origin" in answer.headers["vary"]


def test_a_refusal_can_be_read_too(world):
    answer = call(f"{world.hub.url}/videoapi/v2/info", headers=ORIGIN)
    assert answer.status == 401
    assert answer.headers["access-control-allow-origin"] == ORIGIN["Origin"]


def test_the_rest_of_the_hub_is_not_opened_to_others(world):
    answer = call(f"{world.hub.url}/", headers=ORIGIN)
    assert "access-control-allow-origin" not in answer.headers


def test_a_call_without_a_page_has_no_headers_for_one(admin):
    assert "access-control-allow-origin" not in admin.get("info").headers
