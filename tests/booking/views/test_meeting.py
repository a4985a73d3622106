"""One meeting's page: its message, and moving, extending and cancelling it."""

from __future__ import annotations

from datetime import timedelta
from xml.etree import ElementTree

import pytest

from booking import services
from booking.models import Meeting
from rooms import services as rooms
from rooms.enums import CloseReason
from tests.factories.accounts import member
from tests.factories.booking import book_meeting
from vdx.accounts.enums import Role
from vdx.accounts.models import AuditEntry
from vdx.lib import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(doctor, tomorrow):
    return book_meeting(doctor=doctor, start=tomorrow, subject="Kontrol")


def address(meeting, action=""):
    return f"/portal/moede/{meeting.uuid}/{action}"


def moved(day, start="11:00", end="11:20"):
    return {"move-day": day.isoformat(), "move-start": start, "move-end": end}


def test_shows_message_code_and_qr(as_user, doctor, meeting):
    response = as_user(doctor).get(address(meeting))

    page = response.content.decode()
    card = response.context["card"]
    assert card.messages["da"] in page
    assert card.messages["en"] in page
    assert all(f"<span>{part}</span>" in page for part in card.code_parts)
    assert f'src="{address(meeting, "qr.svg")}"' in page


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("action", ["", "qr.svg"])
def test_a_stranger_finds_nothing(as_user, meeting, role, action):
    response = as_user(member(role)).get(address(meeting, action))

    # Those whose work asks for a second factor are led to it first.
    assert response.status_code == (302 if role in {Role.MEDCOM, Role.ADMINISTRATOR, Role.RESEARCHER} else 404)
    assert meeting.short_id not in response.content.decode()


@pytest.mark.parametrize("action", ["flyt", "forlaeng", "aflys"])
def test_a_stranger_changes_nothing(as_user, practice, meeting, action):
    before = Meeting.objects.values().get()

    for somebody in (member(), member(Role.SECRETARY), member(organisation=practice)):
        data = moved(clock.local_date(meeting.start_time)) | {"minutes": "15"}
        assert as_user(somebody).post(address(meeting, action), data).status_code == 404

    assert Meeting.objects.values().get() == before


@pytest.mark.parametrize("action", ["flyt", "forlaeng", "aflys"])
def test_the_address_alone_changes_nothing(as_user, doctor, meeting, action):
    before = Meeting.objects.values().get()

    response = as_user(doctor).get(address(meeting, action))

    assert (response.status_code, response["Location"]) == (302, address(meeting))
    assert Meeting.objects.values().get() == before


def test_a_secretarys_look_is_written_down(as_user, doctor, secretary, meeting):
    as_user(secretary).get(address(meeting))
    as_user(doctor).get(address(meeting))

    entry = AuditEntry.objects.get(action="meeting.looked_at")
    assert (entry.actor, entry.target_type, entry.target_id) == (secretary, "booking.Meeting", str(meeting.pk))


def test_moving_keeps_the_link(as_user, doctor, meeting, tomorrow):
    code = meeting.short_id

    response = as_user(doctor).post(address(meeting, "flyt"), moved(clock.local_date(tomorrow)), follow=True)

    kept = Meeting.objects.select_related("room").get()
    assert kept.start_time == tomorrow + timedelta(minutes=45)
    assert kept.end_time == tomorrow + timedelta(minutes=65)
    assert kept.short_id == code
    assert "Konsultationen er flyttet" in response.content.decode()


def test_moving_onto_another_meeting_is_allowed_with_a_warning(as_user, doctor, meeting, tomorrow):
    book_meeting(doctor=doctor, start=tomorrow + timedelta(minutes=45))

    response = as_user(doctor).post(address(meeting, "flyt"), moved(clock.local_date(tomorrow)), follow=True)

    assert [message.level_tag for message in response.context["messages"]] == ["success", "warning"]


def test_moving_within_ones_own_time_needs_no_warning(as_user, doctor, meeting, tomorrow):
    data = moved(clock.local_date(tomorrow), "10:20", "10:35")

    response = as_user(doctor).post(address(meeting, "flyt"), data, follow=True)

    assert [message.level_tag for message in response.context["messages"]] == ["success"]


def test_moving_into_the_past_is_refused_and_nothing_is_lost(as_user, doctor, meeting, tomorrow):
    data = moved(clock.local_date(tomorrow) - timedelta(days=9))

    response = as_user(doctor).post(address(meeting, "flyt"), data)

    form = response.context["move_form"]
    assert list(form.errors) == ["start"]
    assert form["start"].value() == "11:00"
    assert Meeting.objects.get().start_time == tomorrow


def test_extending(as_user, doctor, meeting, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        response = as_user(doctor).post(address(meeting, "forlaeng"), {"minutes": "10"})

    assert response["Location"] == address(meeting)
    assert Meeting.objects.get().end_time == meeting.end_time + timedelta(minutes=10)


@pytest.mark.parametrize("minutes", ["", "7", "-5", "x"])
def test_extending_by_something_else_is_refused(as_user, doctor, meeting, minutes):
    response = as_user(doctor).post(address(meeting, "forlaeng"), {"minutes": minutes})

    assert list(response.context["extend_form"].errors) == ["minutes"]
    assert Meeting.objects.get().end_time == meeting.end_time


def test_from_the_day_one_comes_back_to_the_day(as_user, doctor, meeting, tomorrow):
    response = as_user(doctor).post(address(meeting, "forlaeng"), {"minutes": "15", "back": "day"})

    assert response["Location"] == f"/portal/?dag={clock.local_date(tomorrow)}"


def test_cancelling(as_user, doctor, meeting):
    response = as_user(doctor).post(address(meeting, "aflys"), follow=True)

    assert Meeting.objects.get().outcome == "cancelled"
    page = response.content.decode()
    assert "Husk at give patienten besked" in page
    assert meeting.short_id not in page


def test_without_scripts_cancelling_asks_first(as_user, doctor, meeting):
    response = as_user(doctor).post(address(meeting, "aflys"), {"ask": "1"})

    assert "Vil du aflyse konsultationen?" in response.content.decode()
    assert Meeting.objects.get().outcome == ""


def test_what_is_over_says_so_and_can_only_be_booked_anew(as_user, doctor, meeting, tomorrow):
    rooms.close_room(room_id=meeting.room_id, reason=CloseReason.ENDED, now=clock.now())
    browser = as_user(doctor)

    page = browser.get(address(meeting)).content.decode()
    refused = browser.post(address(meeting, "flyt"), moved(clock.local_date(tomorrow)))

    assert "Konsultationen er slut" in page
    assert "Flyt konsultationen" not in page
    assert refused.status_code == 409
    assert "Book et nyt i stedet" in refused.content.decode()


def test_the_qr_is_a_picture_of_the_short_link(as_user, doctor, meeting, settings):
    response = as_user(doctor).get(address(meeting, "qr.svg"))

    assert response["Content-Type"] == "image/svg+xml"
    assert ElementTree.fromstring(response.content).tag == "{http://www.w3.org/2000/svg}svg"
    assert response["Cache-Control"] == "no-store"
    same = as_user(doctor).get(address(meeting, "qr.svg")).content
    settings.VDX_SHORT_LINK_BASE = "https://other.example.dk/"
    assert (same == response.content, as_user(doctor).get(address(meeting, "qr.svg")).content == same) == (True, False)


def test_a_cancelled_meeting_cancelled_again_is_no_mistake(as_user, doctor, meeting):
    services.cancel(meeting_id=meeting.pk, actor=doctor, now=clock.now())

    assert as_user(doctor).post(address(meeting, "aflys")).status_code == 302
