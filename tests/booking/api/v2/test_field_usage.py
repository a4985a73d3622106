"""Which members record systems send is counted: never what they hold (contract, section 12)."""

from __future__ import annotations

import re

import pytest

from tests.booking.api.conftest import ORGANISATIONS, World, moment
from tests.support.calls import call
from tests.support.identity import IdentityProvider
from tests.support.servers import HubServer
from vdx.lib import probe

TOKEN = "a-token-of-at-least-32-characters"


@pytest.fixture(scope="module")
def world():
    with IdentityProvider() as idp:
        settings = {"VDX_API_ISSUER": idp.issuer, "VDX_METRICS_TOKEN": TOKEN}
        with HubServer.embedded(environment=settings) as hub:
            hub.shell(ORGANISATIONS)
            yield World(hub, idp)


def used(world: World) -> dict[str, int]:
    answer = call(f"{world.hub.url}/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status == 200
    assert "Hemmeligt" not in answer.text
    found = re.findall(r"^api_request_fields_usage_total\{(.+)\} (\d+)$", answer.text, re.MULTILINE)
    return {re.sub(r'\w+="([^"]*)"', r"\1", labels): int(count) for labels, count in found if count != "0"}


def test_what_the_hubs_own_probe_sends_is_not_counted(world):
    planner = world.client("planner")
    before = used(world)
    times = {"startTime": moment(days=1), "endTime": moment(days=1, minutes=10)}
    made = planner.call("POST", "meetings", {"subject": "VDX", **times}, headers={"User-Agent": probe.AGENT})
    assert made.status == 200
    assert used(world) == before


def test_each_member_that_is_not_null_counts_once(world):
    planner = world.client("planner")
    times = {"startTime": moment(days=1), "endTime": moment(days=1, minutes=10)}
    body = {"subject": "Hemmeligt", **times, "labels": [], "maxParticipants": 3, "description": None, "unknown": "x"}
    made = planner.post("meetings", body)
    assert made.status == 200
    planner.patch(f"meetings/{made.json()['uuid']}", {"labels": ["Hemmeligt"], "guestMicrophone": "muted"})
    # One that cannot be read has no members.
    planner.post("meetings", {"subject": 1, **times})
    assert used(world) == {
        "POST,create-meeting,subject,String": 1,
        "POST,create-meeting,startTime,OffsetDateTime": 1,
        "POST,create-meeting,endTime,OffsetDateTime": 1,
        "POST,create-meeting,labels,List_isEmpty_true": 1,
        "POST,create-meeting,maxParticipants,Integer": 1,
        "PATCH,patch-meeting,labels,List_isEmpty_false": 1,
        "PATCH,patch-meeting,guestMicrophone,Enum": 1,
    }
