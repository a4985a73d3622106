"""What settings make of the API: a portal link of the operator's own (contract, section 10.2), few calls a minute."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from uuid import uuid4

import pytest

from tests.booking.api.conftest import ORGANISATIONS, World, moment
from tests.support.calls import Client, call
from tests.support.identity import IdentityProvider
from tests.support.servers import HubServer

SECRET = "a-secret-that-only-the-proxy-in-front-knows"
LINK = (
    "https://portal.vconf.dk/?conference=__uri-with-domain__&pin=__pin__&start_dato=__start-date__"
    "&muteMicrophone=__microphone__&join=1&type=__call-type__&back=__return-url__"
)
TEMPLATE = {
    "conferencingSysId": 1,
    "uriPrefix": "",
    "uriDomain": "test.dk",
    "hostPinRequired": False,
    "guestPinRequired": False,
    "uriNumberRangeLow": 1,
    "uriNumberRangeHigh": 999_999,
}
TIMES = {"startTime": "2125-10-02T15:00:00+02:00", "endTime": "2125-10-02T16:00:00+02:00"}


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with IdentityProvider() as idp:
        settings = {
            "VDX_API_ISSUER": idp.issuer,
            "VDX_API_RATE": "20",
            "VDX_PORTAL_LINK_TEMPLATE": LINK,
            "VDX_API_V1_PROXIES": "192.0.2.1",
            "VDX_API_V1_SECRET": SECRET,
            "VDX_POOL_FILL_DISABLED": "1",
        }
        with HubServer.embedded(environment=settings) as hub:
            hub.shell(ORGANISATIONS)
            yield World(hub, idp)


@pytest.fixture
def client(world: World) -> Client:
    """Each test is a client of its own: they have few calls."""
    return world.client("admin")


def booked(client: Client, **members):
    sent = {"subject": "x", **TIMES, **members}
    answer = client.post("meetings", sent)
    assert answer.status == 200, answer.text
    return answer.json()


def room_of(client: Client, made):
    return client.get(f"scheduling-info/{made['uuid']}").json()


def test_the_link_is_made_of_what_the_meeting_has(client: Client) -> None:
    template = client.post("scheduling-templates", {**TEMPLATE, "returnUrl": "https://journal.dk/tak"}).json()
    made = booked(
        client, schedulingTemplateId=template["id"], guestPin=2001, hostPin=3001, guestMicrophone="muted", callType="v"
    )
    room = room_of(client, made)
    assert room["portalLink"] == (
        f"https://portal.vconf.dk/?conference={room['uriWithDomain']}&pin=2001&start_dato=2125-10-02T13:00:00"
        "&muteMicrophone=muted&join=1&type=v&back=https://journal.dk/tak"
    )
    # Made anew with each change.
    client.patch(f"meetings/{made['uuid']}", {"guestPin": None, "callType": "w", "guestMicrophone": "on"})
    assert room_of(client, made)["portalLink"] == (
        f"https://portal.vconf.dk/?conference={room['uriWithDomain']}&pin=3001&start_dato=2125-10-02T13:00:00"
        "&join=1&type=w&back=https://journal.dk/tak"
    )


def test_what_is_absent_is_left_out_but_for_the_pin(client: Client) -> None:
    room = room_of(client, booked(client))
    assert room["portalLink"] == (
        f"https://portal.vconf.dk/?conference={room['uriWithDomain']}&pin=&start_dato=2125-10-02T13:00:00&join=1"
    )


def returning(client: Client, length: int) -> int:
    """The id of a template whose return address is so long."""
    return client.post("scheduling-templates", {**TEMPLATE, "returnUrl": "https://".ljust(length, "x")}).json()["id"]


def test_too_long_a_link_is_refused_and_nothing_is_kept(client: Client) -> None:
    key = str(uuid4())
    sent = {"subject": "x", **TIMES, "uuid": key, "schedulingTemplateId": returning(client, 150)}
    answer = client.post("meetings", sent)
    assert (answer.status, answer.code) == (400, "10")
    assert answer.json()["detailed_error"].startswith("portalLink: ")
    assert client.get(f"meetings/{key}").status == 404

    made = booked(client, schedulingTemplateId=returning(client, 60))
    answer = client.patch(f"meetings/{made['uuid']}", {"callType": "x" * 64, "subject": "y"})
    assert (answer.status, answer.code) == (400, "10")
    assert client.get(f"meetings/{made['uuid']}").json() == made
    assert room_of(client, made)["callType"] is None


def test_who_calls_too_often_is_told_to_wait_and_others_go_on(world: World) -> None:
    busy = world.client("admin", azp="journal-1", email="a@klak.dk")
    # The minute may turn on the way.
    answers = [busy.get("info") for _ in range(45)]
    refused = [answer for answer in answers if answer.status == 429]
    assert {answer.status for answer in answers} == {200, 429}
    assert all(1 <= int(answer.headers["retry-after"]) <= 60 for answer in refused)
    assert set(refused[0].json()) == {"timestamp", "status", "error", "path"}
    # Another token of the same client is no way round, another client is not touched.
    again = world.client("admin", azp="journal-1", email="b@klak.dk", sub="another")
    other = world.client("admin", azp="journal-2")
    assert other.get("info").status == 200
    if answers[-1].status == 429:
        assert again.get("info").status in {429, 200}


def test_version_1_believes_no_one_but_the_proxy(world: World) -> None:
    """The secret and the header are right; they come from somewhere else."""
    attributes = {"organisation_id": ["home"], "email": ["eva@klak.dk"], "userrole": ["meeting-admin"]}
    header = base64.b64encode(json.dumps({"UserAttributes": attributes}).encode()).decode()
    headers = {"X-SESSIONDATA": header, "X-VDX-Proxy-Secret": SECRET, "X-Forwarded-For": "192.0.2.1"}
    answer = call(f"{world.hub.url}/videoapi/info", headers=headers)
    assert (answer.status, answer.body) == (401, b"")


def test_a_template_of_the_practices_own_portal_leads_guests_there(client: Client, world: World) -> None:
    portal = "https://praksis.example.dk/?rum=%uri-with-domain%&kode=%pin%"
    template = client.post("scheduling-templates", {**TEMPLATE, "customPortalGuest": portal}).json()
    soon = {"startTime": moment(minutes=-1), "endTime": moment(minutes=30)}
    made = booked(client, **soon, schedulingTemplateId=template["id"], guestPin=2001, hostPin=876543)
    room = room_of(client, made)
    assert room["customPortalGuest"] == portal
    answer = call(made["shortLink"])
    assert (answer.status, answer.headers["location"]) == (
        302, f"https://praksis.example.dk/?rum={room['uriWithDomain']}&kode=2001"
    )  # fmt: skip
    assert "vdx_seat" not in answer.headers.get("set-cookie", "")
