"""GET meetings: one by its keys, lists by the first criterion given, and who sees what (contract, section 6)."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.booking.api.conftest import moment

EVA, ANDEN = "eva@klak.dk", "anden@klak.dk"


@pytest.fixture(scope="module")
def tag():
    """A word that only this module's meetings carry."""
    return uuid4().hex


@pytest.fixture(scope="module")
def known(world, admin, body, tag):
    """Eva's, a colleague's and another organisation's, all with the same texts."""
    same = {"subject": f"Emne {tag}", "labels": [f"mærke {tag}"], "description": f"Mødebeskrivelse {tag} slut"}
    return {
        "eva": admin.post("meetings", body(**same)).json(),
        "anden": admin.post("meetings", body(**same, organizedByEmail=ANDEN)).json(),
        "other": world.client("admin", organisation="other").post("meetings", body(**same)).json(),
    }


def names(answer, known):
    assert answer.status == 200, answer.text
    uuids = {meeting["uuid"]: name for name, meeting in known.items()}
    return sorted(uuids.get(each["uuid"], "?") for each in answer.json())


LISTS = {
    "label": lambda tag: {"label": f"mærke {tag}"},
    "label in capitals": lambda tag: {"label": f"mærke {tag}".upper().replace("Æ", "æ")},
    "subject": lambda tag: {"subject": f"Emne {tag}"},
    "search label": lambda tag: {"search": f"mærke {tag}"},
    "search in subject": lambda tag: {"search": tag[:20]},
    "search in description": lambda tag: {"search": f"debeskrivelse {tag}"},
    "search with signs": lambda tag: {"search": f"emne%{tag[:8]}_{tag[9:]}"},
}


@pytest.mark.parametrize("how", LISTS)
@pytest.mark.parametrize(
    ("roles", "seen"),
    [
        (("user",), ["eva"]),
        (("planner",), ["anden", "eva"]),
        (("admin",), ["anden", "eva"]),
        (("provisioner-user",), ["anden", "eva"]),
        (("provisioner",), ["anden", "eva"]),
        (("user", "admin"), ["anden", "eva"]),
    ],
)
def test_lists_show_the_own_organisations_and_a_user_the_own(world, known, tag, how, roles, seen):
    assert names(world.client(*roles).get("meetings", **LISTS[how](tag)), known) == seen


def test_a_label_twice_comes_twice(admin, body, tag):
    admin.post("meetings", body(labels=[f"to gange {tag}"] * 2))
    assert len(admin.get("meetings", label=f"to gange {tag}").json()) == 2
    assert len(admin.get("meetings", search=f"to gange {tag}").json()) == 1


@pytest.mark.parametrize("text", ["mærke", "Emne", "%", "slut"])
def test_equality_is_no_part(admin, known, tag, text):
    assert admin.get("meetings", label=text).json() == []
    assert admin.get("meetings", subject=text).json() == []


@pytest.mark.parametrize("text", ["100%", "\\", "'", "a\\%", "_" * 30])
def test_odd_texts_are_searched_for_too(admin, text):
    assert admin.get("meetings", search=text).status == 200


def test_organised_by(world, admin, known):
    assert known["anden"]["uuid"] in admin.get("meetings", organizedBy=ANDEN.upper()).text
    assert known["eva"]["uuid"] not in admin.get("meetings", organizedBy=ANDEN).text
    user = world.client("user")
    assert user.get("meetings", organizedBy=ANDEN).json() == []
    assert known["eva"]["uuid"] in user.get("meetings", organizedBy=EVA).text


def test_a_plain_users_search_for_others_finds_the_own_alone(world, known, tag):
    assert names(world.client("user").get("meetings", search=tag), known) == ["eva"]
    assert world.client("user").get("meetings", search=ANDEN).status == 200


# --- By time -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def timed(admin, body, tag):
    start = "2098-05-01T12:00:00Z"
    return admin.post("meetings", body(startTime=start, endTime="2098-05-01T13:00:00Z", subject=f"tid {tag}")).json()


@pytest.mark.parametrize(
    ("since", "until", "listed", "searched"),
    [
        ("2098-05-01T11:00:00Z", "2098-05-01T13:00:00Z", True, True),
        ("2098-05-01T14:00:00+02:00", "2098-05-01T12:00:00Z", True, False),
        ("2098-05-01T12:00:00Z", "2098-05-02T12:00:00Z", True, False),
        ("2098-05-01T12:00:01Z", "2098-05-02T12:00:00Z", False, False),
        ("2098-05-01T11:00:00Z", "2098-05-01T11:59:59Z", False, False),
    ],
)
def test_times_include_their_ends_and_a_search_leaves_them_out(admin, timed, tag, since, until, listed, searched):
    bounds = {"from_start_time": since, "to_start_time": until}
    assert (timed["uuid"] in admin.get("meetings", **bounds).text) is listed
    assert (timed["uuid"] in admin.get("meetings", search=f"tid {tag}", **bounds).text) is searched


@pytest.mark.parametrize("name", ["from_start_time", "to_start_time"])
def test_a_search_with_one_bound(admin, name):
    answer = admin.get("meetings", search="x", **{name: moment()})
    assert (answer.status, answer.code) == (400, "28")


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"from_start_time": moment()},
        {"to_start_time": moment()},
        {"from_start_time": "", "to_start_time": "", "label": ""},
    ],
)
def test_nothing_to_search_by(admin, query):
    answer = admin.get("meetings", **query)
    assert (answer.status, answer.code) == (400, "36")


@pytest.mark.parametrize("query", [{"from_start_time": "2098-05-01"}, {"to_start_time": "x", "label": "y"}])
def test_a_time_that_cannot_be_read(admin, query):
    answer = admin.get("meetings", **query)
    assert (answer.status, answer.code) == (400, "")


def test_the_first_criterion_counts(admin, known, tag):
    found = admin.get("meetings", label=f"mærke {tag}", subject="another", organizedBy="nobody", search="none")
    assert names(found, known) == ["anden", "eva"]
    assert admin.get("meetings", subject=f"Emne {tag}", search="none", uriWithDomain="x").json() != []
    by_short_id = admin.get("meetings", short_id=known["eva"]["shortId"], label="nothing has this")
    assert names(by_short_id, known) == ["eva"]


# --- By short id and UUID ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("short_id", ["", "a", "x" * 11, "x" * 13])
def test_a_short_id_has_twelve_characters(admin, short_id):
    answer = admin.get("meetings", short_id=short_id)
    assert (answer.status, answer.code) == (400, "10")


def test_an_unknown_short_id(admin):
    answer = admin.get("meetings", short_id="zzzzzzzzzzzz")
    assert (answer.status, answer.code) == (404, "11")
    assert answer.json()["detailed_error"] == "Resource: meeting in field: shortId not found."


@pytest.mark.parametrize(
    ("roles", "eva", "anden", "other"),
    [
        (("user",), 200, 403, 403),
        (("planner",), 200, 200, 403),
        (("provisioner-user",), 200, 200, 403),
        (("admin", "planner"), 200, 200, 403),
        (("admin",), 200, 200, 200),
    ],
)
def test_who_sees_what_by_short_id(world, known, roles, eva, anden, other):
    client = world.client(*roles)
    seen = {name: client.get("meetings", short_id=meeting["shortId"]).status for name, meeting in known.items()}
    assert seen == {"eva": eva, "anden": anden, "other": other}


@pytest.mark.parametrize(
    ("roles", "eva", "anden", "other"),
    [
        (("user",), 200, 403, 403),
        (("planner",), 200, 200, 403),
        (("provisioner-user",), 200, 200, 403),
        (("admin",), 200, 200, 403),
    ],
)
def test_who_sees_what_by_uuid(world, known, roles, eva, anden, other):
    client = world.client(*roles)
    seen = {name: client.get(f"meetings/{meeting['uuid']}").status for name, meeting in known.items()}
    assert seen == {"eva": eva, "anden": anden, "other": other}


# --- By address --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def addresses(world, known):
    provisioner = world.client("provisioner-user")
    return {name: provisioner.get(f"scheduling-info/{each['uuid']}").json() for name, each in known.items()}


@pytest.mark.parametrize(
    ("roles", "eva", "anden", "other"),
    [
        (("user",), True, False, False),
        (("user", "admin"), True, False, False),
        (("planner",), True, True, False),
        (("admin",), True, True, False),
        (("provisioner-user",), True, True, True),
        (("provisioner-user", "user"), True, True, True),
    ],
)
@pytest.mark.parametrize("parameter", ["uriWithDomain", "search"])
def test_who_finds_what_by_address_in_a_list(world, addresses, known, parameter, roles, eva, anden, other):
    client = world.client(*roles)
    seen = {
        name: client.get("meetings", **{parameter: room["uriWithDomain"]}).json() != []
        for name, room in addresses.items()
    }
    assert seen == {"eva": eva, "anden": anden, "other": other}


@pytest.mark.parametrize(
    ("roles", "eva", "anden", "other"),
    [
        (("user",), 200, 404, 404),
        (("user", "admin"), 200, 200, 404),
        (("admin",), 200, 200, 404),
        (("provisioner-user",), 200, 200, 404),
    ],
)
@pytest.mark.parametrize("member", ["uriWithDomain", "uriWithoutDomain"])
def test_who_finds_the_one_by_address(world, addresses, known, member, roles, eva, anden, other):
    client = world.client(*roles)
    path = f"meetings/findBy{member[0].upper()}{member[1:]}"
    answers = {name: client.get(path, uri=room[member]) for name, room in addresses.items()}
    assert {name: answer.status for name, answer in answers.items()} == {"eva": eva, "anden": anden, "other": other}
    assert answers["eva"].json()["uuid"] == known["eva"]["uuid"]
    text = "Resource: meeting in field: uriWithDomain not found."
    assert {answer.json()["detailed_error"] for answer in answers.values() if answer.status == 404} == {text}
