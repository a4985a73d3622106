"""POST meetings (contract, sections 4.1 to 4.3, 6.3 and 10)."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

from tests.booking.api.conftest import moment

MEMBERS = [
    "subject", "uuid", "createdBy", "updatedBy", "organizedBy", "startTime", "endTime", "description", "projectCode",
    "createdTime", "updatedTime", "shortId", "shortLink", "shortlink", "externalId", "guestMicrophone",
    "guestPinRequired", "labels", "_links", "additionalInformation",
]  # fmt: skip
EVA = {"organisationId": "home", "email": "eva@klak.dk"}


def test_a_meeting_with_the_least_has_all_members_in_order(world, admin, body):
    sent = body()
    answer = admin.post("meetings", sent)
    assert answer.status == 200
    made = answer.json()
    assert list(made) == MEMBERS
    assert made["subject"] == sent["subject"]
    assert made["createdBy"] == made["organizedBy"] == EVA
    assert made["updatedBy"] == {"organisationId": None, "email": None}
    assert (made["startTime"], made["endTime"]) == (sent["startTime"], sent["endTime"])
    assert [made[name] for name in ("description", "projectCode", "updatedTime", "externalId")] == [None] * 4
    assert re.fullmatch(r"[0-9abcdefghjkmnpqrstvwxyz]{12}", made["shortId"])
    assert made["shortLink"] == made["shortlink"] == f"{world.hub.url}/m/{made['shortId']}"
    assert (made["guestMicrophone"], made["guestPinRequired"]) == ("on", False)
    assert made["labels"] == made["additionalInformation"] == []
    assert list(made["_links"]) == ["self", "scheduling-info"]


def test_everything_that_is_sent_comes_back(admin, body):
    sent = body(
        uuid=str(uuid4()),
        description="beskrivelse",
        projectCode="p-1",
        externalId=str(uuid4()),
        guestMicrophone="muted",
        guestPinRequired=True,
        labels=["b", "a", "a"],
        additionalInformation=[{"key": "k1", "value": "v1"}, {"key": "k2", "value": "v2"}],
    )
    made = admin.post("meetings", sent).json()
    for name in ("uuid", "description", "projectCode", "externalId", "guestMicrophone", "guestPinRequired"):
        assert made[name] == sent[name]
    assert sorted(made["labels"]) == ["a", "a", "b"]
    assert sorted(made["additionalInformation"], key=lambda pair: pair["key"]) == sent["additionalInformation"]
    assert admin.get(f"meetings/{made['uuid']}").json() == made


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("2125-10-02T15:00:00.123456+02:00", "2125-10-02T13:00:00Z"),
        ("2125-10-02T15:00:00Z", "2125-10-02T15:00:00Z"),
        ("2125-10-02T15:00:00+0200", "2125-10-02T13:00:00Z"),
        ("2125-10-02T15:00:00,5-05:00", "2125-10-02T20:00:00Z"),
        ("2125-10-02T15:00Z", "2125-10-02T15:00:00Z"),
        ("1999-01-01T00:00:00Z", "1999-01-01T00:00:00Z"),
        (4_915_616_400, "2125-10-08T17:00:00Z"),
        (-3341.5, "1969-12-31T23:04:18Z"),
    ],
)
def test_times_are_kept_in_whole_seconds_of_utc(admin, body, sent, kept):
    made = admin.post("meetings", body(startTime=sent, endTime=sent)).json()
    assert (made["startTime"], made["endTime"]) == (kept, kept)


def test_an_end_before_the_start_is_taken(admin, body):
    assert admin.post("meetings", body(startTime=moment(days=2), endTime=moment(days=1))).status == 200


@pytest.mark.parametrize("sent", ["2125-10-02T15:00:00", "2125-10-02", "soon", "2125-13-02T15:00:00Z", "", True, {}])
def test_a_time_that_cannot_be_read(admin, body, sent):
    answer = admin.post("meetings", body(startTime=sent))
    assert (answer.status, answer.code) == (400, "")


@pytest.mark.parametrize("name", ["startTime", "endTime"])
@pytest.mark.parametrize("sent", ["+10000-01-01T00:00:00Z", "12345-01-01T00:00:00+02:00", 10**15])
def test_a_year_of_five_digits(admin, body, name, sent):
    answer = admin.post("meetings", body(**{name: sent}))
    assert (answer.status, answer.code) == (400, "25")


LIMITS = {
    "subject": 100,
    "description": 500,
    "projectCode": 100,
    "organizedByEmail": 100,
    "externalId": 200,
    "callType": 64,
}


@pytest.mark.parametrize("name", LIMITS)
def test_texts_have_a_longest(admin, body, name):
    assert admin.post("meetings", body(**{name: "x" * LIMITS[name]})).status == 200
    answer = admin.post("meetings", body(**{name: "x" * (LIMITS[name] + 1)}))
    assert (answer.status, answer.code) == (400, "10")
    assert answer.json()["detailed_error"].startswith(f"{name}: ")


@pytest.mark.parametrize(
    ("members", "field"),
    [
        ({"labels": ["x" * 1025]}, "labels[0]"),
        ({"additionalInformation": [{"key": "x" * 101, "value": "v"}]}, "additionalInformation[0].key"),
        ({"additionalInformation": [{"key": "x", "value": "v" * 101}]}, "additionalInformation[0].value"),
        ({"additionalInformation": [{"value": "v"}]}, "additionalInformation[0].key"),
        ({"additionalInformation": [{"key": "v"}]}, "additionalInformation[0].value"),
        ({"additionalInformation": [{"key": "k", "value": "v"}, None]}, "additionalInformation[1]"),
        ({"labels": [None]}, "labels[0]"),
        ({"guestPin": 999}, "guestPin"),
        ({"guestPin": 1_000_000_000}, "guestPin"),
        ({"hostPin": 999}, "hostPin"),
        ({"hostPin": 1_000_000_000}, "hostPin"),
        ({"uriWithoutDomain": "a" * 101}, "uriWithoutDomain"),
        ({"subject": None}, "subject"),
        ({"subject": ...}, "subject"),
        ({"startTime": ...}, "startTime"),
        ({"endTime": None}, "endTime"),
        ({"subject": "a\u0000b"}, "subject"),
    ],
)
def test_limits_name_the_member(admin, body, members, field):
    answer = admin.post("meetings", body(**members))
    assert (answer.status, answer.code) == (400, "10")
    assert answer.json()["detailed_error"].startswith(f"{field}: ")


@pytest.mark.parametrize(
    "members",
    [
        {"guestMicrophone": "loud"},
        {"meetingType": "SOMETHING"},
        {"vmrType": "LECTURE"},
        {"hostView": "two"},
        {"vmrQuality": "4k"},
        {"uuid": "not-a-uuid"},
        {"schedulingInfoReservationId": "x"},
        {"schedulingTemplateId": "x"},
        {"schedulingTemplateId": 2**63},
        {"maxParticipants": 2**31},
        {"maxParticipants": 1.5},
        {"labels": "x"},
        {"labels": [{}]},
        {"additionalInformation": ["x"]},
        {"endMeetingOnEndTime": "perhaps"},
        {"subject": {}},
    ],
)
def test_words_that_nobody_knows_have_the_short_body(admin, body, members):
    answer = admin.post("meetings", body(**members))
    assert (answer.status, answer.code) == (400, "")


@pytest.mark.parametrize(
    "name",
    [
        "maxParticipants", "meetingType", "guestPinRequired", "labels", "additionalInformation", "uuid", "externalId",
        "organizedByEmail", "schedulingTemplateId", "endMeetingOnEndTime", "vmrType", "uriWithoutDomain", "guestPin",
        "hostPin", "callType", "schedulingInfoReservationId", "description", "projectCode", "hostView",
    ],
)  # fmt: skip
def test_null_is_as_absent(admin, body, name):
    made = admin.post("meetings", body(**{name: None}))
    assert made.status == 200
    assert (made.json()["guestPinRequired"], made.json()["labels"]) == (False, [])


def test_numbers_may_come_as_texts_and_an_unknown_template_is_the_usual_one(admin, body):
    made = admin.post("meetings", body(schedulingTemplateId="987654", maxParticipants="7", guestPin="2345"))
    assert made.status == 200
    room = admin.get(f"scheduling-info/{made.json()['uuid']}").json()
    assert (room["maxParticipants"], room["guestPin"]) == (7, 2345)


@pytest.mark.parametrize(
    ("role", "named", "organiser"),
    [
        ("admin", "anden@klak.dk", "anden@klak.dk"),
        ("planner", "anden@klak.dk", "anden@klak.dk"),
        ("planner", "ikke en e-mail", "ikke en e-mail"),
        ("admin", "", "eva@klak.dk"),
        ("user", "anden@klak.dk", "eva@klak.dk"),
        ("provisioner-user", "anden@klak.dk", "eva@klak.dk"),
    ],
)
def test_whom_a_meeting_is_organised_by(world, body, role, named, organiser):
    made = world.client(role).post("meetings", body(organizedByEmail=named)).json()
    assert made["createdBy"] == EVA
    assert made["organizedBy"] == {"organisationId": "home", "email": organiser}


def test_an_external_id_is_used_once_in_an_organisation(world, admin, body):
    same = str(uuid4())
    assert admin.post("meetings", body(externalId=same)).status == 200
    answer = admin.post("meetings", body(externalId=same))
    assert (answer.status, answer.code) == (400, "21")
    assert world.client("admin", organisation="other").post("meetings", body(externalId=same)).status == 200


def test_a_uuid_is_used_once(world, admin, body):
    same = str(uuid4())
    assert admin.post("meetings", body(uuid=same)).status == 200
    for client in (admin, world.client("admin", organisation="other")):
        answer = client.post("meetings", body(uuid=same))
        assert (answer.status, answer.code) == (400, "24")


def test_a_key_is_given_once(admin, body):
    twice = [{"key": "k", "value": "1"}, {"key": "k", "value": "2"}]
    same = str(uuid4())
    answer = admin.post("meetings", body(uuid=same, additionalInformation=twice))
    assert (answer.status, answer.code) == (400, "35")
    assert admin.get(f"meetings/{same}").status == 404


@pytest.mark.parametrize(
    "members",
    [
        {"subject": "Møde med 010190-1234"},
        {"description": "cpr 0101901234"},
        {"projectCode": "010190 1234"},
        {"externalId": "010190-1234"},
        {"labels": ["fint", "010190-1234"]},
        {"additionalInformation": [{"key": "cpr", "value": "010190-1234"}]},
        {"callType": "ring til 010190-1234"},
        {"organizedByEmail": "Bodil 010190-1234"},
    ],
)
def test_civil_registration_numbers_are_refused(admin, body, members):
    answer = admin.post("meetings", body(**members))
    assert (answer.status, answer.code) == (400, "10")
    assert answer.json()["detailed_error"].startswith(f"{next(iter(members))}: ")
    assert "010190" not in answer.text


# --- Its room --------------------------------------------------------------------------------------------------


def test_an_address_of_ones_own(admin, body):
    own = f"Laege{uuid4().hex[:6]}"
    made = admin.post("meetings", body(uriWithoutDomain=own)).json()
    room = admin.get(f"scheduling-info/{made['uuid']}").json()
    assert (room["uriWithoutDomain"], room["uriWithDomain"]) == (own, f"{own}@localhost")
    again = admin.post("meetings", body(uriWithoutDomain=own))
    assert (again.status, again.code) == (400, "32")


@pytest.mark.parametrize("own", ["", "a-b", "læge", "a b", "a@b"])
def test_an_address_of_other_characters(admin, body, own):
    answer = admin.post("meetings", body(uriWithoutDomain=own))
    assert (answer.status, answer.code) == (400, "33")


def test_an_address_where_none_may_be_chosen(world, body):
    answer = world.client("admin", organisation="other").post("meetings", body(uriWithoutDomain="fri1"))
    assert (answer.status, answer.code) == (400, "31")


@pytest.mark.parametrize("pin", ["guestPin", "hostPin"])
def test_a_reservation_has_its_pins(admin, body, pin):
    answer = admin.post("meetings", body(schedulingInfoReservationId=str(uuid4()), **{pin: 1234}))
    assert (answer.status, answer.code) == (400, "34")


def test_a_reservation_that_is_none(admin, body):
    answer = admin.post("meetings", body(schedulingInfoReservationId=str(uuid4())))
    assert (answer.status, answer.code) == (400, "29")


def test_what_is_asked_of_the_room_goes_before_the_template(admin, body):
    asked = {
        "maxParticipants": 3,
        "endMeetingOnEndTime": True,
        "vmrType": "lecture",
        "hostView": "two_mains_twentyone_pips",
        "guestView": "one_main_zero_pips",
        "vmrQuality": "sd",
        "enableOverlayText": False,
        "guestsCanPresent": False,
        "forcePresenterIntoMain": False,
        "forceEncryption": True,
        "muteAllGuests": True,
        "guestPin": 1000,
        "hostPin": 999_999_999,
        "callType": "video",
    }
    made = admin.post("meetings", body(**asked)).json()
    room = admin.get(f"scheduling-info/{made['uuid']}").json()
    assert {name: room[name] for name in asked} == asked


def test_the_default_portal_link_is_the_short_one_and_holds_no_pin(admin, body):
    made = admin.post("meetings", body(guestPin=4321, hostPin=87654)).json()
    room = admin.get(f"scheduling-info/{made['uuid']}").json()
    assert room["portalLink"] == made["shortLink"]
    assert "4321" not in room["portalLink"].replace(made["shortId"], "")


# --- The same meeting in the portal ----------------------------------------------------------------------------


def test_a_meeting_by_api_is_in_the_doctors_day_and_the_other_way_round(world, admin, body):
    made = admin.post("meetings", body(organizedByEmail="Laege@portal.dk", subject="fra journalen")).json()
    answer = world.run(
        """
from datetime import timedelta
from booking import queries, services
from booking.models import Meeting
from vdx.accounts import services as accounts
from vdx.accounts.models import Organisation
from vdx.lib import clock
home = Organisation.objects.get(code="home")
doctor = accounts.create_user(email="laege@portal.dk", name="Lise", actor=None)
accounts.add_membership(user=doctor, organisation=home, role="doctor", actor=None, now=clock.now())
stranger = accounts.create_user(email="laege@andetsteds.dk", name="Ole", actor=None)
other = Organisation.objects.get(code="other")
accounts.add_membership(user=stranger, organisation=other, role="doctor", actor=None, now=clock.now())
start = clock.now() + timedelta(days=1)
def seen(user):
    day = clock.local_date(Meeting.objects.get(subject="fra journalen").start_time)
    return [card.subject for card in queries.day(user, day, chosen=None, now=clock.now()).meetings]
booked = services.book(organisation=home, organiser_email=doctor.email, creator_email=doctor.email, subject="",
                       start=start, end=start, actor=doctor, now=clock.now())
answer = {"doctor": seen(doctor), "stranger": seen(stranger), "uuid": booked.uuid}
"""
    )
    assert "fra journalen" in answer["doctor"]
    assert answer["stranger"] == []
    assert admin.get(f"meetings/{answer['uuid']}").status == 200
    assert made["uuid"] in admin.get("meetings", organizedBy="laege@portal.dk").text
    world.run("from vdx.accounts.models import User, Membership\nMembership.objects.all().delete()")
