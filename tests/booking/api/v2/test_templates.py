"""Scheduling templates: their members, and which one a room is made from (contract, sections 4.8, 7 and 9.2)."""

from __future__ import annotations

import pytest

MEMBERS = [
    "id", "organisationId", "conferencingSysId", "uriPrefix", "uriDomain", "hostPinRequired", "hostPinRangeLow",
    "hostPinRangeHigh", "guestPinRequired", "guestPinRangeLow", "guestPinRangeHigh", "vMRAvailableBefore",
    "maxParticipants", "endMeetingOnEndTime", "uriNumberRangeLow", "uriNumberRangeHigh", "ivrTheme",
    "isDefaultTemplate", "isPoolTemplate", "customPortalGuest", "customPortalHost", "returnUrl", "vmrType", "hostView",
    "guestView", "vmrQuality", "enableOverlayText", "guestsCanPresent", "forcePresenterIntoMain", "forceEncryption",
    "muteAllGuests", "directMedia", "callType", "createdBy", "updatedBy", "createdTime", "updatedTime", "_links",
]  # fmt: skip
LEAST = {
    "conferencingSysId": 22,
    "uriPrefix": "a",
    "uriDomain": "test.dk",
    "hostPinRequired": True,
    "guestPinRequired": False,
    "uriNumberRangeLow": 1000,
    "uriNumberRangeHigh": 9991,
}
DEFAULTS = {
    "hostPinRangeLow": None,
    "hostPinRangeHigh": None,
    "guestPinRangeLow": None,
    "guestPinRangeHigh": None,
    "vMRAvailableBefore": 0,
    "maxParticipants": 0,
    "endMeetingOnEndTime": False,
    "ivrTheme": "",
    "isDefaultTemplate": False,
    "isPoolTemplate": False,
    "customPortalGuest": None,
    "customPortalHost": None,
    "returnUrl": None,
    "vmrType": "conference",
    "hostView": "one_main_seven_pips",
    "guestView": "one_main_seven_pips",
    "vmrQuality": "hd",
    "enableOverlayText": True,
    "guestsCanPresent": True,
    "forcePresenterIntoMain": True,
    "forceEncryption": False,
    "muteAllGuests": False,
    "directMedia": "never",
    "callType": None,
}
OTHERS = {
    "hostPinRangeLow": 1000,
    "hostPinRangeHigh": 9100,
    "guestPinRangeLow": 1,
    "guestPinRangeHigh": 2**40,
    "vMRAvailableBefore": 10,
    "maxParticipants": 15,
    "endMeetingOnEndTime": True,
    "ivrTheme": "/api/admin/configuration/v1/ivr_theme/10/",
    "customPortalGuest": "custom.portal/guest",
    "customPortalHost": "custom.portal/host",
    "returnUrl": "return-url",
    "vmrType": "lecture",
    "hostView": "one_main_zero_pips",
    "guestView": "twentyfive_mains_zero_pips",
    "vmrQuality": "fullhd",
    "enableOverlayText": False,
    "guestsCanPresent": False,
    "forcePresenterIntoMain": False,
    "forceEncryption": True,
    "muteAllGuests": True,
    "directMedia": "best_effort",
    "callType": "call_type",
}
ORGANISATION = "under-pool"
EVA = {"organisationId": ORGANISATION, "email": "eva@klak.dk"}


@pytest.fixture(scope="module")
def mine(world):
    """An administrator of an organisation whose templates nobody else uses."""
    return world.client("admin", organisation=ORGANISATION)


@pytest.fixture(autouse=True)
def _none_left_over(mine):
    yield
    for template in mine.get("scheduling-templates").json():
        mine.delete(f"scheduling-templates/{template['id']}")


def make(client, **members):
    answer = client.post("scheduling-templates", {**LEAST, **members})
    assert answer.status == 200, answer.text
    return answer.json()


def book(client, body, **members):
    made = client.post("meetings", body(**members))
    assert made.status == 200, made.text
    return client.get(f"scheduling-info/{made.json()['uuid']}").json()


def test_the_least_gets_the_defaults(mine):
    made = make(mine)
    assert list(made) == MEMBERS
    assert {name: made[name] for name in LEAST} == LEAST
    assert {name: made[name] for name in DEFAULTS} == DEFAULTS
    assert (made["createdBy"], made["updatedBy"], made["updatedTime"]) == (EVA, None, None)
    assert made["organisationId"] == ORGANISATION
    assert made["_links"]["self"]["href"].endswith(f"/videoapi/v2/scheduling-templates/{made['id']}")
    assert mine.get(f"scheduling-templates/{made['id']}").json() == made
    assert mine.get("scheduling-templates").json() == [made]


def test_put_replaces_all_and_what_is_absent_falls_back(mine):
    made = make(mine, **OTHERS, isDefaultTemplate=True)
    assert {name: made[name] for name in OTHERS} == OTHERS
    changed = mine.put(f"scheduling-templates/{made['id']}", LEAST).json()
    assert {name: changed[name] for name in DEFAULTS} == DEFAULTS
    assert (changed["createdBy"], changed["updatedBy"]) == (EVA, EVA)
    assert changed["updatedTime"] is not None
    assert changed["id"] == made["id"]


@pytest.mark.parametrize("name", LEAST)
@pytest.mark.parametrize("method", ["post", "put"])
def test_what_must_be_given(mine, method, name):
    path = "scheduling-templates" if method == "post" else f"scheduling-templates/{make(mine)['id']}"
    answer = getattr(mine, method)(path, {key: value for key, value in LEAST.items() if key != name})
    assert (answer.status, answer.code) == (400, "10")
    assert answer.json()["detailed_error"].startswith(f"{name}: ")


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("uriPrefix", 100), ("uriDomain", 100), ("ivrTheme", 100), ("customPortalGuest", 200),
        ("customPortalHost", 200), ("returnUrl", 200), ("callType", 64),
    ],
)  # fmt: skip
def test_texts_have_a_longest(mine, name, most):
    assert make(mine, **{name: "x" * most})[name] == "x" * most
    answer = mine.post("scheduling-templates", {**LEAST, name: "x" * (most + 1)})
    assert (answer.status, answer.code) == (400, "10")


def test_a_range_is_not_looked_at_when_it_is_saved(mine):
    made = make(mine, uriNumberRangeLow=9, uriNumberRangeHigh=1, uriPrefix="", uriDomain="")
    assert (made["uriNumberRangeLow"], made["uriNumberRangeHigh"]) == (9, 1)


def test_a_new_default_takes_the_old_ones_place(mine):
    first = make(mine, isDefaultTemplate=True)
    second = make(mine, isDefaultTemplate=True)
    before = mine.get(f"scheduling-templates/{first['id']}").json()
    assert (before["isDefaultTemplate"], before["updatedBy"]) == (False, EVA)
    mine.put(f"scheduling-templates/{first['id']}", {**LEAST, "isDefaultTemplate": True})
    flags = {each["id"]: each["isDefaultTemplate"] for each in mine.get("scheduling-templates").json()}
    assert flags == {first["id"]: True, second["id"]: False}


def test_there_is_one_pool_template_and_it_can_be_saved_again(mine):
    first = make(mine, isPoolTemplate=True)
    second = make(mine)
    text = "Create or update of pool template failed due to only one pool template allowed"
    for answer in (
        mine.post("scheduling-templates", {**LEAST, "isPoolTemplate": True}),
        mine.put(f"scheduling-templates/{second['id']}", {**LEAST, "isPoolTemplate": True}),
    ):
        assert (answer.status, answer.code) == (406, "18")
        assert answer.json()["detailed_error"] == text
    assert mine.put(f"scheduling-templates/{first['id']}", {**LEAST, "isPoolTemplate": True}).status == 200


def test_deleting_is_soft(mine, body):
    made = make(mine, uriDomain="slettet.dk", hostPinRequired=False, isDefaultTemplate=True)
    room = book(mine, body)
    assert mine.delete(f"scheduling-templates/{made['id']}").status == 204
    answer = mine.get(f"scheduling-templates/{made['id']}")
    assert (answer.status, answer.json()["detailed_error"]) == (
        404,
        "Resource: schedulingTemplate in field: id not found.",
    )
    assert mine.get(f"scheduling-info/{room['uuid']}").json() == room
    assert not book(mine, body, schedulingTemplateId=made["id"])["uriWithDomain"].endswith("slettet.dk")


# --- Which template a room is made from ----------------------------------------------------------------------------


def domain(room):
    return room["uriWithDomain"].partition("@")[2]


def test_the_one_asked_for_then_the_default_then_the_nearest_above(world, mine, body):
    above = world.client("admin", organisation="pooled")
    high = make(above, uriDomain="hoejere.dk", hostPinRequired=False, isDefaultTemplate=True)
    try:
        assert domain(book(mine, body)) == "hoejere.dk"
        own = make(mine, uriDomain="egen.dk", hostPinRequired=False)
        assert domain(book(mine, body)) == "hoejere.dk"
        assert domain(book(mine, body, schedulingTemplateId=own["id"])) == "egen.dk"
        make(mine, uriDomain="standard.dk", hostPinRequired=False, isDefaultTemplate=True)
        assert domain(book(mine, body)) == "standard.dk"
        # A template of the organisation above is not one's own.
        assert domain(book(mine, body, schedulingTemplateId=high["id"])) == "standard.dk"
    finally:
        above.delete(f"scheduling-templates/{high['id']}")
    assert domain(book(world.client("admin", organisation="other"), body)) == "localhost"


def test_a_room_copies_its_template(mine, body):
    make(mine, **{**OTHERS, "guestPinRangeLow": None}, isDefaultTemplate=True)
    room = book(mine, body)
    for name, value in OTHERS.items():
        if name in room:
            assert room[name] == value
    assert room["vmrAvailableBefore"] == 10
    assert 1000 <= room["hostPin"] < 9100
    assert room["guestPin"] is None


def test_an_address_is_prefix_number_and_domain(mine, body):
    make(
        mine, uriPrefix="fd", uriDomain="adr.dk", uriNumberRangeLow=5, uriNumberRangeHigh=6, hostPinRequired=False,
        isDefaultTemplate=True,
    )  # fmt: skip
    room = book(mine, body)
    assert (room["uriWithoutDomain"], room["uriWithDomain"]) == ("5", "fd5@adr.dk")
    answer = mine.post("meetings", body())
    assert (answer.status, answer.code) == (406, "15")
    # Deleted, it is free again.
    mine.delete(f"meetings/{room['uuid']}")
    assert book(mine, body)["uriWithoutDomain"] == "5"


def test_a_pin_is_drawn_below_the_upper_end(mine, body):
    make(
        mine, hostPinRangeLow=1000, hostPinRangeHigh=1001, guestPinRequired=True, guestPinRangeLow=2000,
        guestPinRangeHigh=2001, isDefaultTemplate=True,
    )  # fmt: skip
    room = book(mine, body)
    assert (room["hostPin"], room["guestPin"]) == (1000, 2000)
    # One that is given goes before, and does not keep the other from being drawn.
    room = book(mine, body, guestPin=4444)
    assert (room["hostPin"], room["guestPin"]) == (1000, 4444)


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"uriNumberRangeLow": 5, "uriNumberRangeHigh": 5}, "14"),
        ({"uriNumberRangeLow": 9, "uriNumberRangeHigh": 5}, "14"),
        ({"guestPinRequired": True}, "16"),
        ({"guestPinRequired": True, "guestPinRangeLow": 5000, "guestPinRangeHigh": 1000}, "16"),
        ({"hostPinRequired": True}, "17"),
        ({"hostPinRequired": True, "hostPinRangeLow": 5000}, "17"),
        # In this order.
        ({"hostPinRequired": True, "guestPinRequired": True, "uriNumberRangeLow": 9999}, "17"),
        ({"guestPinRequired": True, "uriNumberRangeLow": 9999}, "16"),
    ],
)
def test_a_template_that_cannot_be_used(mine, body, members, code):
    make(mine, **{"hostPinRequired": False, **members}, isDefaultTemplate=True)
    answer = mine.post("meetings", body())
    assert (answer.status, answer.code) == (406, code)
