"""Many record systems at the same moment, on PostgreSQL and two web processes."""

from __future__ import annotations

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.booking.api.conftest import ORGANISATIONS, World, moment
from tests.support.calls import Client
from tests.support.identity import IdentityProvider
from tests.support.servers import HubServer

pytestmark = pytest.mark.service


@pytest.fixture(scope="module")
def world():
    with IdentityProvider() as idp:
        settings = {
            "VDX_API_ISSUER": idp.issuer,
            "VDX_API_RATE": "100000",
            "VDX_POOL_MINIMUM_AGE_SECONDS": "0",
            "VDX_POOL_FILL_DISABLED": "1",
        }
        with HubServer.service(environment=settings) as hub:
            hub.shell(ORGANISATIONS)
            yield World(hub, idp)


def at_once(world, role, organisation, bodies, threads=40):
    """POST them all, half to each web process."""
    token = world.client(role, organisation=organisation).token
    clients = [Client(url, token) for url in world.hub.urls]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(lambda each: clients[each[0] % 2].post("meetings", each[1]), enumerate(bodies)))


def body(**members):
    return {"subject": "x", "startTime": moment(seconds=60), "endTime": moment(minutes=30), **members}


def test_two_hundred_want_the_one_free_room(world):
    provisioner = world.client("provisioner-user")
    template = {
        "conferencingSysId": 1,
        "uriPrefix": "",
        "uriDomain": "pulje.dk",
        "hostPinRequired": False,
        "guestPinRequired": False,
        "uriNumberRangeLow": 1,
        "uriNumberRangeHigh": 999_999,
    }
    made = world.client("admin", organisation="outside-pooled").post("scheduling-templates", template).json()
    sent = {"organizationId": "outside-pooled", "schedulingTemplateId": made["id"]}
    room = provisioner.post("scheduling-info", sent).json()
    provisioner.put(f"scheduling-info/{room['uuid']}", {"provisionStatus": "PROVISIONED_OK"})

    answers = at_once(world, "planner", "outside-pooled", [body(meetingType="POOL")] * 200)

    assert Counter((answer.status, answer.code) for answer in answers) == {(200, ""): 1, (400, "20"): 199}


def test_bookings_at_once_share_nothing(world):
    """A range that is hardly larger than what is wanted of it: the draws meet each other all the time."""
    template = {
        "conferencingSysId": 1,
        "uriPrefix": "",
        "uriDomain": "snaever.dk",
        "hostPinRequired": True,
        "hostPinRangeLow": 1000,
        "hostPinRangeHigh": 9999,
        "guestPinRequired": False,
        "uriNumberRangeLow": 100,
        "uriNumberRangeHigh": 260,
        "isDefaultTemplate": True,
    }
    admin = world.client("admin", organisation="other")
    assert admin.post("scheduling-templates", template).status == 200

    later = [body(startTime=moment(days=1), externalId=f"id-{number}") for number in range(120)]
    answers = at_once(world, "planner", "other", later)

    assert Counter(answer.status for answer in answers) == {200: 120}
    meetings = [answer.json() for answer in answers]
    assert len({meeting["shortId"] for meeting in meetings}) == 120
    found = json.loads(
        world.hub.shell(
            "import json\nfrom rooms.models import Room\n"
            "print(json.dumps(list(Room.objects.filter(uri_domain='snaever.dk')"
            ".values_list('uri_without_domain', flat=True))))"
        )
    )
    assert len(found) == len(set(found)) == 120


def test_one_external_id_one_uuid_and_one_address_at_once(world):
    for same, code in (
        ({"externalId": "one"}, "21"),
        ({"uuid": "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"}, "24"),
        ({"uriWithoutDomain": "enkelt"}, "32"),
    ):
        answers = at_once(world, "planner", "home", [body(startTime=moment(days=1), **same)] * 30)
        assert Counter((answer.status, answer.code) for answer in answers) == {(200, ""): 1, (400, code): 29}


def test_changes_and_a_deletion_at_once_end_in_one_state(world):
    admin = world.client("admin")
    made = admin.post("meetings", body(startTime=moment(days=1))).json()

    def act(number):
        if number == 10:
            return admin.delete(f"meetings/{made['uuid']}").status
        return admin.patch(f"meetings/{made['uuid']}", {"labels": [f"{number}"], "description": f"{number}"}).status

    with ThreadPoolExecutor(20) as pool:
        statuses = set(pool.map(act, range(20)))
    assert statuses <= {200, 204, 404}
    assert admin.get(f"meetings/{made['uuid']}").status == 404


def test_of_many_defaults_at_once_the_last_stays(world):
    template = {
        "conferencingSysId": 1,
        "uriPrefix": "",
        "uriDomain": "standard.dk",
        "hostPinRequired": False,
        "guestPinRequired": False,
        "uriNumberRangeLow": 1,
        "uriNumberRangeHigh": 999_999,
        "isDefaultTemplate": True,
    }
    token = world.client("admin", organisation="below").token
    clients = [Client(url, token) for url in world.hub.urls]
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda n: clients[n % 2].post("scheduling-templates", template), range(12)))
    assert Counter((answer.status, answer.code) for answer in answers) == {(200, ""): 12}
    flags = [each["isDefaultTemplate"] for each in clients[0].get("scheduling-templates").json()]
    assert sorted(flags) == [False] * 11 + [True]


def test_a_user_whom_many_name_for_the_first_time_is_made_once(world):
    bodies = [body(startTime=moment(days=1), organizedByEmail=f"Ny{number % 3}@klak.dk") for number in range(30)]
    answers = at_once(world, "planner", "below", bodies)
    assert Counter(answer.status for answer in answers) == {200: 30}
    named = "MeetingUser.objects.filter(email__istartswith='ny').count()"
    assert int(world.hub.shell(f"from vdx.accounts.models import MeetingUser\nprint({named})")) == 3
