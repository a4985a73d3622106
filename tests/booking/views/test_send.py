"""Letting the hub send the link: beside the booking form, and on the meeting's page."""

from __future__ import annotations

from uuid import uuid4

import pytest

from booking.models import Delivery, Meeting
from tests.factories.accounts import member
from tests.factories.booking import book_meeting
from vdx.accounts.enums import Role
from vdx.accounts.models import Membership

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(doctor, tomorrow):
    return book_meeting(doctor=doctor, start=tomorrow)


def address(meeting):
    return f"/portal/moede/{meeting.uuid}/send"


def sent(way="sms", to="20 12 34 56", **other):
    return {"send-key": str(uuid4()), "send-way": way, "send-address": to} | other


def test_booking_without_a_word_about_it_is_as_it_was(as_user, doctor, typed):
    fields = typed(Membership.objects.get(user=doctor))
    response = as_user(doctor).post("/portal/book", fields, follow=True)
    assert "Kopiér besked" in response.content.decode()
    assert (Meeting.objects.count(), Delivery.objects.count()) == (1, 0)


def test_booking_and_sending_is_one_step(as_user, doctor, typed):
    member = Membership.objects.get(user=doctor)
    fields = typed(member, way="sms", address="20 12 34 56", remind="on", language="en")
    browser = as_user(doctor)
    page = browser.post("/portal/book", fields, follow=True).content.decode()
    # The double click.
    browser.post("/portal/book", fields)

    assert "Linket bliver sendt nu" in page
    assert "20 12 34 56" not in page
    assert Meeting.objects.count() == 1
    assert sorted(Delivery.objects.values_list("kind", "language")) == [("link", "en"), ("reminder", "en")]


@pytest.mark.parametrize(("way", "to", "said"), [
    ("sms", "12", "Skriv et mobilnummer"),
    ("sms", "010190-1234", "CPR-nummer"),
    ("email", "karen", "Skriv en e-mail-adresse"),
])  # fmt: skip
def test_an_address_that_cannot_be_used_books_nothing_and_loses_nothing(as_user, doctor, typed, way, to, said):
    fields = typed(Membership.objects.get(user=doctor), way=way, address=to, subject="Kontrol")
    page = as_user(doctor).post("/portal/book", fields).content.decode()
    assert said in page
    assert 'value="Kontrol"' in page
    assert not Meeting.objects.exists()


def test_sending_from_the_meetings_page(as_user, doctor, meeting):
    fields = sent()
    browser = as_user(doctor)
    response = browser.post(address(meeting), fields, follow=True)
    browser.post(address(meeting), fields)
    assert [str(message) for message in response.context["messages"]] == ["Linket bliver sendt nu."]
    assert "Send igen" in response.content.decode()
    assert Delivery.objects.count() == 1


def test_sending_once_more_to_another_address(as_user, doctor, meeting):
    browser = as_user(doctor)
    browser.post(address(meeting), sent())
    browser.post(address(meeting), sent("email", "karen@example.dk"))
    assert sorted(Delivery.objects.values_list("way", flat=True)) == ["email", "sms"]


@pytest.mark.parametrize("fields", [sent(to="12"), sent(way=""), sent(way="fax"), sent(way="webhook", to="")])
def test_what_cannot_be_sent_is_said_on_the_page(as_user, doctor, meeting, fields):
    response = as_user(doctor).post(address(meeting), fields)
    assert response.status_code == 200
    assert "form-error" in response.content.decode()
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("role", list(Role))
def test_a_stranger_sends_nothing(as_user, meeting, role):
    response = as_user(member(role)).post(address(meeting), sent())
    assert response.status_code in {302, 404}
    assert not Delivery.objects.exists()


@pytest.mark.parametrize(("state", "cause", "said"), [
    ("queued", "", "Linket bliver sendt nu"),
    ("sent", "", "SMS sendt kl."),
    ("failed", "refused", "Linket blev ikke sendt"),
])  # fmt: skip
def test_the_state_stands_on_the_day_and_on_the_meeting(as_user, doctor, meeting, state, cause, said):
    Delivery.objects.create(meeting=meeting, way="sms", state=state, cause=cause)
    browser = as_user(doctor)
    day = meeting.start_time.astimezone().date().isoformat()
    assert said in browser.get(f"/portal/?dag={day}").content.decode()
    assert said in browser.get(f"/portal/moede/{meeting.uuid}/").content.decode()
