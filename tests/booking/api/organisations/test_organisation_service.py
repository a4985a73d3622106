"""The organisation service: who may, whose nodes are in reach, and the tree both ways."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.booking.api.conftest import moment
from tests.support.calls import call

BODY = {"error", "path", "status", "status_text", "timestamp"}
ORGANISATION = [
    "groupId", "code", "name", "poolSize", "smsSenderName", "allowCustomUriWithoutDomain", "smsCallbackUrl",
    "deviceWebhookEndpoint",
]  # fmt: skip


def ask(world, method, path, body=None, *, organisation="top", role="admin"):
    token = world.client(role, organisation=organisation).token
    address = f"{world.hub.url}/organisation/services/v2/{path}"
    return call(address, method, body=body, headers={"Authorization": f"Bearer {token}", "Accept": "application/json"})


@pytest.fixture(scope="module")
def parent(world):
    """An organisation of this module's own: other modules share the hub, and look below theirs."""
    code = f"praksisser-{uuid4().hex[:8]}"
    assert ask(world, "POST", "organisation/top", {"code": code}).status == 200
    yield code
    # The hub fills all its pools, whoever's they are.
    world.run(
        "from vdx.accounts.models import Organisation\n"
        f"Organisation.objects.filter(parent__code='{code}').update(pool_size=None)"
    )


@pytest.fixture
def new(world, parent):
    """Make an organisation below the parent."""

    def make(**members):
        code = f"ny-{uuid4().hex[:8]}"
        answer = ask(world, "POST", f"organisation?parent_code={parent}", {"code": code, **members})
        assert answer.status == 200, answer.text
        return answer.json()

    return make


ADDRESSES = [
    ("GET", "organisation?organisationCode=home", None),
    ("POST", "organisation?parent_code=home", {"code": "role-test"}),
    ("GET", "organisation/home", None),
    ("POST", "organisation/home", {"code": "role-test"}),
    ("PUT", "organisation/home", {"poolSize": 99}),
    ("GET", "organisation/home/descendants", None),
    ("GET", "organisationtree?organisationCode=home", None),
    ("GET", "organisationtree/home", None),
    ("GET", "organisationtree-children?organisationCode=home", None),
    ("POST", "organisation-tree-for-api-key", {"api_key": "x", "api_key_type": "history"}),
    ("POST", "organisation/uri", []),
]
IDS = [f"{method} {path}" for method, path, _ in ADDRESSES]


@pytest.mark.parametrize("role", ["user", "planner", "provisioner", "provisioner-user"])
@pytest.mark.parametrize(("method", "path", "body"), ADDRESSES, ids=IDS)
def test_it_is_for_administrators(world, role, method, path, body):
    answer = ask(world, method, path, body, role=role)
    assert answer.status == 403
    assert set(answer.json()) == BODY
    assert (answer.json()["status"], answer.json()["status_text"]) == (403, "Forbidden")


@pytest.mark.parametrize(("method", "path", "body"), ADDRESSES, ids=IDS)
def test_nobody_without_a_token(world, method, path, body):
    assert call(f"{world.hub.url}/organisation/services/v2/{path}", method, body=body).status == 401


@pytest.mark.parametrize("organisation", ["below", "other"])
@pytest.mark.parametrize(("method", "path", "body"), ADDRESSES[:9], ids=IDS[:9])
def test_neither_below_nor_beside_reaches_a_node(world, organisation, method, path, body):
    answer = ask(world, method, path, body, organisation=organisation)
    assert answer.status == (401 if path.startswith("organisationtree") else 403)
    assert set(answer.json()) == BODY
    assert ask(world, "GET", "organisation/home").json()["poolSize"] == 0


def test_one_below_a_parent_with_the_least(world, parent, new):
    made = new()
    assert list(made) == ORGANISATION
    assert (made["name"], made["poolSize"]) == (made["code"], 0)
    assert [made[name] for name in ("smsSenderName", "smsCallbackUrl", "deviceWebhookEndpoint")] == [None] * 3
    assert made["allowCustomUriWithoutDomain"] is False
    path = ask(world, "GET", f"organisationtree/{made['code']}").json()
    assert [path["code"], path["children"][0]["code"]] == ["top", parent]


def test_one_below_a_parent_with_everything(world, new):
    sent = {
        "name": "Ny praksis",
        "poolSize": 4,
        "smsSenderName": "Praksis",
        "smsCallbackUrl": "https://sms.example/%reference%?status=%status%",
        "allowCustomUriWithoutDomain": True,
        "deviceWebhookEndpoint": "https://hook.example/",
    }
    made = new(**sent, historyApiKey=uuid4().hex, deviceWebhookEndpointKey="hemmelig")
    assert {name: made[name] for name in sent} == sent
    assert "hemmelig" not in str(made)
    assert ask(world, "GET", f"organisation/{made['code']}").json() == made
    assert ask(world, "GET", f"organisation?organisationCode={made['code']}").json() == made
    # The booking API works on the same organisation.
    client = world.client("admin", organisation=made["code"])
    assert (
        client.post("meetings", {"subject": "x", "startTime": moment(days=1), "endTime": moment(days=1)}).status == 200
    )


def test_a_code_may_hold_slashes(world, parent):
    code = f"dk/region/{uuid4().hex[:8]}"
    made = ask(world, "POST", f"organisation/{parent}", {"code": code})
    assert made.status == 200
    below = ask(world, "POST", f"organisation/{code}", {"code": f"{code}/under"})
    assert below.status == 200
    assert ask(world, "GET", f"organisation/{code}/").json()["code"] == code
    codes = [each["code"] for each in ask(world, "GET", f"organisation/{code}/descendants").json()]
    assert codes == [code, f"{code}/under"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("organisation?parent_code=nowhere", {"code": "aldrig"}),
        ("organisation", {"code": "aldrig"}),
        ("organisation/home", {"code": "home"}),
        ("organisation/home", {"code": ""}),
        ("organisation/home", {}),
        ("organisation/home", {"code": "x" * 251}),
        ("organisation/home", {"code": "aldrig", "name": "x" * 101}),
        ("organisation/home", {"code": "aldrig", "smsSenderName": "x" * 12}),
        ("organisation/home", {"code": "aldrig", "smsCallbackUrl": "x" * 101}),
        ("organisation/home", {"code": "aldrig", "poolSize": -1}),
        ("organisation/home", {"code": "aldrig", "poolSize": "mange"}),
        ("organisation/home", {"code": "aldrig", "historyApiKey": "x" * 37}),
    ],
)
def test_what_cannot_be_made(world, path, body):
    answer = ask(world, "POST", path, body)
    assert answer.status == 400
    assert set(answer.json()) == BODY
    assert ask(world, "GET", "organisation/aldrig").status == 404


def test_put_replaces_and_clears(world, new):
    made = new(poolSize=4, smsSenderName="Praksis", allowCustomUriWithoutDomain=True)
    changed = ask(world, "PUT", f"organisation/{made['code']}", {"poolSize": 7}).json()
    assert changed == {**made, "poolSize": 7, "smsSenderName": None, "allowCustomUriWithoutDomain": False}
    assert ask(world, "PUT", "organisation/nowhere", {}).status == 404


def test_the_tree_both_ways(world, parent, new):
    first, second = new(), new()
    leaf = ask(world, "POST", f"organisation/{first['code']}", {"code": f"{first['code']}-blad"}).json()
    path = ask(world, "GET", f"organisationtree?groupId={leaf['groupId']}").json()
    codes = []
    while path:
        codes.append(path["code"])
        [path] = path["children"] or [None]
    assert codes == ["top", parent, first["code"], leaf["code"]]
    tree = ask(world, "GET", f"organisationtree-children?organisationCode={first['code']}").json()
    assert [child["code"] for child in tree["children"]] == [leaf["code"]]
    above = ask(world, "GET", f"organisationtree-children?organisationCode={parent}").json()
    assert {first["code"], second["code"]} <= {child["code"] for child in above["children"]}


@pytest.mark.parametrize("path", ["organisationtree", "organisationtree-children"])
@pytest.mark.parametrize("query", ["", "?organisationCode=home&groupId=1", "?groupId=x"])
def test_exactly_one_key(world, path, query):
    answer = ask(world, "GET", path + query)
    assert answer.status == 400
    assert set(answer.json()) == BODY


@pytest.mark.parametrize(
    "path", ["organisation/nowhere", "organisationtree/nowhere", "organisation/nowhere/descendants", "nothing-here"]
)
def test_what_is_not_there(world, path):
    answer = ask(world, "GET", path)
    assert answer.status == 404
    assert set(answer.json()) == BODY


def test_a_key_opens_its_organisations_path(world, new):
    key = uuid4().hex
    made = new(historyApiKey=key)
    asked = {"api_key": key, "api_key_type": "history"}
    assert ask(world, "POST", "organisation-tree-for-api-key", asked).json()["code"] == "top"
    assert ask(world, "POST", "organisation-tree-for-api-key", asked, organisation="other").status == 401
    assert ask(world, "POST", "organisation-tree-for-api-key", {**asked, "api_key": "another"}).status == 404
    again = ask(world, "POST", "organisation/home", {"code": f"{made['code']}-2", "historyApiKey": key})
    assert again.status == 400


def test_whose_a_fixed_room_or_a_domain_is(world):
    world.run(
        "from rooms.services import fixed\nfrom vdx.accounts.models import Organisation\nfrom vdx.lib import clock\n"
        "fixed.create_fixed_room(organisation=Organisation.objects.get(code='below'), name='Konference',\n"
        "    address='konference-5', description='', waiting_room=True, with_host_pin=False, actor=None,\n"
        "    now=clock.now())"
    )
    template = {
        "conferencingSysId": 1, "uriPrefix": "", "uriDomain": "Ejet.dk", "hostPinRequired": False,
        "guestPinRequired": False, "uriNumberRangeLow": 1, "uriNumberRangeHigh": 9,
    }  # fmt: skip
    assert world.client("admin", organisation="other").post("scheduling-templates", template).status == 200
    asked = ["1@ejet.dk", "konference-5@localhost"]
    found = ask(world, "POST", "organisation/uri", asked, organisation="home").json()
    assert [(each["uri"], each["code"], each["booked"]) for each in found] == [
        (asked[0], "other", False), (asked[1], "below", False)
    ]  # fmt: skip
    assert all(list(each) == ["code", "name", "groupId", "uri", "booked", "groupName"] for each in found)


def test_whose_an_address_is(world, body):
    admin = world.client("admin")
    soon = body(startTime=moment(minutes=5), endTime=moment(minutes=30))
    ready = admin.get(f"scheduling-info/{admin.post('meetings', soon).json()['uuid']}").json()["uriWithDomain"]
    later = admin.get(f"scheduling-info/{admin.post('meetings', body()).json()['uuid']}").json()["uriWithDomain"]
    found = ask(world, "POST", "organisation/uri", [ready.upper(), later, "nobody@nowhere.dk", "x"]).json()
    assert [(each["uri"], each["code"], each["booked"]) for each in found] == [(ready.upper(), "home", True)]
    assert ask(world, "POST", "organisation/uri", {"a": 1}).status == 400
