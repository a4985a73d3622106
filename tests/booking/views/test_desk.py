"""The waiting room's page, and what a host does there."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.core import signing
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rooms import services as rooms
from rooms.access import desk_of
from rooms.enums import CloseReason, DeviceKind
from rooms.models import Room, Seat
from rooms.services.visits import connect
from surveys.rules.postcard import ANSWER_WITHIN
from tests.factories.accounts import MembershipFactory, member, second_factor
from tests.factories.booking import book_meeting
from tests.factories.rooms import SeatFactory, instance
from vdx.accounts.enums import Role
from vdx.accounts.models import AuditEntry, Membership
from vdx.lib import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return clock.now()


@pytest.fixture
def meeting(doctor, now):
    return book_meeting(doctor=doctor, start=now + timedelta(minutes=5))


def news(client):
    answer = client.get("/portal/vente/nyt", headers={"Accept": "application/json"})
    assert answer.status_code == 200
    return answer.json()


def key_of(doctor):
    return str(Membership.objects.get(user=doctor, role=Role.DOCTOR).pk)


def test_the_page_holds_the_days_meetings_and_nobodys_name(as_user, doctor, meeting):
    SeatFactory.create(room=meeting.room)
    page = as_user(doctor).get("/portal/vente").content.decode()
    for words in ("Venteværelse", "Næste patient", "Luk ind", "Kald ind", "Er du forsinket?", "Er det den rigtige?"):
        assert words in page
    told = json.loads(re.search(r'id="desk-news" type="application/json">(.*?)</script>', page, re.DOTALL)[1])
    assert [one["room"] for one in told["meetings"]] == [meeting.room.uuid.hex]


def test_who_goes_on_to_the_next_patient_is_told_where_the_postcard_waits(as_user, doctor):
    client = as_user(doctor)
    words = f"kan du svare på i {ANSWER_WITHIN.days} dage"
    assert words in client.get("/portal/vente?naeste").content.decode()
    assert words not in client.get("/portal/vente").content.decode()


def test_the_ticket_is_for_these_rooms_and_this_session(as_user, doctor, meeting):
    client = as_user(doctor)
    ticket = news(client)["ticket"]
    desk = desk_of(ticket, client.session.session_key)
    assert (desk.user_id, desk.rooms) == (doctor.pk, (meeting.room.uuid.hex,))
    assert desk_of(ticket, as_user(doctor).session.session_key) is None
    assert desk_of(ticket + "x", client.session.session_key) is None


def test_an_old_ticket_is_nothing_worth(as_user, doctor, meeting, monkeypatch):
    client = as_user(doctor)
    ticket = news(client)["ticket"]
    later = clock.now() + timedelta(minutes=6)
    monkeypatch.setattr(signing.time, "time", lambda: later.timestamp())
    assert desk_of(ticket, client.session.session_key) is None


def test_a_login_that_is_no_more_opens_nothing(as_user, doctor, meeting):
    client = as_user(doctor)
    ticket, key = news(client)["ticket"], client.session.session_key
    client.logout()
    assert desk_of(ticket, key) is None


def test_a_role_that_has_ended_opens_nothing(as_user, doctor, meeting):
    client = as_user(doctor)
    ticket, key = news(client)["ticket"], client.session.session_key
    Membership.objects.filter(user=doctor).update(ended_at=clock.now())
    assert desk_of(ticket, key) is None


@pytest.mark.parametrize("away", ["tomorrow", "over", "cancelled", "closed"])
def test_what_is_not_todays_or_over_is_not_there(as_user, doctor, now, away):
    start = {"tomorrow": now + timedelta(days=2), "over": now - timedelta(hours=3)}.get(away, now)
    meeting = book_meeting(doctor=doctor, start=start)
    if away in {"cancelled", "closed"}:
        rooms.close_room(room_id=meeting.room_id, reason=CloseReason.CANCELLED, now=now)
    assert news(as_user(doctor))["meetings"] == []


def test_a_secretary_has_the_practices_and_a_colleague_or_stranger_none(as_user, practice, secretary, doctor, meeting):
    (one,) = news(as_user(secretary))["meetings"]
    assert one["doctor"] == "Lise Holm"
    colleague = member(Role.DOCTOR, practice)
    for other in (colleague, member(Role.DOCTOR), member(Role.SECRETARY)):
        assert news(as_user(other))["meetings"] == []


def test_a_look_at_colleagues_is_written_down(as_user, secretary, meeting):
    as_user(secretary).get("/portal/vente")
    assert AuditEntry.objects.filter(action="meeting.looked_at", actor=secretary, target_type="desk").count() == 1


@pytest.mark.parametrize("page", ["/portal/vente", "/portal/vente/nyt"])
def test_who_may_not_come(client, as_user, doctor, meeting, page):
    assert client.get(page).headers["Location"].startswith("/konto/log-ind")
    assert as_user(member(Role.ADMINISTRATOR)).get(page).status_code in {302, 403}
    second_factor(doctor)
    assert as_user(doctor).get(page).status_code == 302


@pytest.mark.parametrize("act", ["luk-ind", "kald", "besked"])
def test_a_stranger_can_do_nothing(as_user, meeting, act):
    seat = SeatFactory.create(room=meeting.room)
    body = {"seat": seat.key, "sentence": "soon"}
    for user in (member(Role.DOCTOR), member(Role.SECRETARY)):
        assert as_user(user).post(f"/portal/vente/{meeting.uuid}/{act}", body).status_code == 404
    seat.refresh_from_db()
    assert (seat.state, seat.rung_at, seat.told) == ("waiting", None, "")


def test_looking_does_nothing(as_user, doctor, meeting):
    seat = SeatFactory.create(room=meeting.room)
    for act in ("luk-ind", "kald", "besked"):
        assert as_user(doctor).get(f"/portal/vente/{meeting.uuid}/{act}", {"seat": seat.key}).status_code == 302
    assert Seat.objects.get(pk=seat.pk).rung_at is None


def test_letting_in_leads_into_the_room_as_its_host(as_user, doctor, meeting):
    seat = SeatFactory.create(room=meeting.room)
    answer = as_user(doctor).post(f"/portal/vente/{meeting.uuid}/luk-ind", {"seat": seat.key})
    assert answer.headers["Location"] == f"/m/{meeting.short_id}"
    assert answer.cookies["vdx_seat"]["path"] == f"/m/{meeting.short_id}"
    assert Seat.objects.get(pk=seat.pk).state == "admitted"
    assert Seat.objects.get(room=meeting.room, role="host").user == doctor


def test_who_has_gone_meanwhile_is_said_to_be_gone(as_user, doctor, meeting):
    seat = SeatFactory.create(room=meeting.room)
    rooms.leave(seat_id=seat.pk, now=clock.now())
    answer = as_user(doctor).post(f"/portal/vente/{meeting.uuid}/luk-ind", {"seat": seat.key}, follow=True)
    assert answer.redirect_chain[-1][0] == "/portal/vente"
    assert "er her ikke længere" in answer.content.decode()
    assert not Seat.objects.filter(room=meeting.room, role="host").exists()


def test_who_is_in_another_call_is_asked_first(as_user, doctor, meeting, now):
    other = book_meeting(doctor=doctor, start=now)
    mine, _ = rooms.take_host_seat(room_id=other.room_id, user=doctor, device_kind=DeviceKind.BROWSER, now=now)
    connect(seat_id=mine.pk, instance=instance(), resumed=False, now=now)
    seat = SeatFactory.create(room=meeting.room)
    client = as_user(doctor)
    assert news(client)["hosting"] == [other.room.uuid.hex]

    asked = client.post(f"/portal/vente/{meeting.uuid}/luk-ind", {"seat": seat.key})
    assert "Du er i en anden samtale" in asked.content.decode()
    assert Seat.objects.get(pk=seat.pk).state == "waiting"

    sure = client.post(f"/portal/vente/{meeting.uuid}/luk-ind", {"seat": seat.key, "leave": "on"})
    assert sure.headers["Location"] == f"/m/{meeting.short_id}"
    assert [Seat.objects.get(pk=one.pk).state for one in (seat, mine)] == ["admitted", "left"]


def test_ringing_and_a_sentence(as_user, doctor, meeting):
    seat = SeatFactory.create(room=meeting.room)
    client = as_user(doctor)
    assert client.post(f"/portal/vente/{meeting.uuid}/kald", {"seat": seat.key}).status_code == 200
    again = client.post(
        f"/portal/vente/{meeting.uuid}/kald", {"seat": seat.key}, headers={"Accept": "application/json"}
    )
    assert (again.status_code, again.json()["error"]) == (409, "rung_just_now")
    body = {"seat": seat.key, "sentence": "papers"}
    assert client.post(f"/portal/vente/{meeting.uuid}/besked", body).status_code == 200
    seat.refresh_from_db()
    assert (seat.rung_at is not None, seat.told) == (True, "papers")
    assert client.post(f"/portal/vente/{meeting.uuid}/besked", {**body, "sentence": "hej"}).status_code == 400


def test_one_tap_delays_all_of_the_doctors_rest_of_the_day(as_user, practice, doctor, now):
    start = now + timedelta(minutes=5)
    mine = [book_meeting(doctor=doctor, start=start + timedelta(minutes=n)) for n in (0, 1)]
    over = book_meeting(doctor=doctor, start=now - timedelta(hours=2))
    colleagues = book_meeting(doctor=member(Role.DOCTOR, practice), organisation=practice, start=start)
    client = as_user(doctor)

    said = client.post("/portal/vente/forsinket", {"host": key_of(doctor), "minutes": "10"})

    assert said.json() == {"meetings": 2, "minutes": 10}
    late = set(Room.objects.filter(delay_minutes=10).values_list("pk", flat=True))
    assert late == {meeting.room_id for meeting in mine}
    assert {over.room_id, colleagues.room_id}.isdisjoint(late)
    assert news(client)["delays"] == {key_of(doctor): 10}
    client.post("/portal/vente/forsinket", {"host": key_of(doctor), "minutes": "0"})
    assert news(client)["delays"] == {key_of(doctor): 0}


def test_nobody_delays_a_colleague_but_the_secretary(as_user, practice, secretary, doctor, meeting):
    body = {"host": key_of(doctor), "minutes": "10"}
    assert as_user(member(Role.DOCTOR, practice)).post("/portal/vente/forsinket", body).status_code == 404
    assert as_user(secretary).post("/portal/vente/forsinket", body).json()["meetings"] == 1
    assert as_user(secretary).post("/portal/vente/forsinket", {**body, "minutes": "61"}).status_code == 400


def test_as_many_queries_for_thirty_meetings_as_for_one(as_user, practice, secretary, doctor, now):
    client = as_user(secretary)

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get("/portal/vente/nyt")
        return len(captured)

    MembershipFactory.create(organisation=practice)
    meetings = [book_meeting(doctor=doctor, start=now)]
    SeatFactory.create(room=meetings[0].room)
    queries()
    one = queries()
    for n in range(29):
        meeting = book_meeting(doctor=doctor, start=now + timedelta(seconds=n))
        SeatFactory.create(room=meeting.room)
    assert len(news(client)["meetings"]) == 30
    assert queries() == one


def test_the_day_page_says_how_many_wait(as_user, doctor, meeting):
    seat = SeatFactory.create(room=meeting.room)
    client = as_user(doctor)
    assert "Venteværelse: 1 venter" not in client.get("/portal/").content.decode()
    connect(seat_id=seat.pk, instance=instance(), resumed=False, now=clock.now())
    page = client.get("/portal/").content.decode()
    assert "Venteværelse: 1 venter" in page
    assert 'href="/portal/vente"' in page
