"""Booking on the day page."""

from __future__ import annotations

from datetime import timedelta

import pytest

from booking.models import Meeting
from tests.factories.accounts import member
from tests.factories.booking import book_meeting
from vdx.accounts.enums import Role
from vdx.lib import clock

pytestmark = pytest.mark.django_db


def test_comes_back_to_the_day_with_the_message_ready_and_focus_on_the_copy_button(as_user, doctor, typed, tomorrow):
    response = as_user(doctor).post("/portal/book", typed(doctor.memberships.get()), follow=True)

    meeting = Meeting.objects.select_related("room").get()
    assert response.redirect_chain == [
        (f"/portal/?dag={clock.local_date(tomorrow)}&booket={meeting.uuid}", 302),
    ]
    assert meeting.start_time == tomorrow
    card = response.context["booked"]
    assert card.uuid == meeting.uuid
    page = response.content.decode()
    assert card.messages["da"] in page
    assert page.count("data-focus") == 1
    assert page.index("data-focus") > page.index('data-copy="patient-message"')


def test_the_form_as_it_opens_can_be_sent_as_it_stands(as_user, doctor):
    browser = as_user(doctor)
    form = browser.get("/portal/").context["form"]
    fields = {name: form[name].value() for name in ("key", "host", "day", "start", "end")}

    browser.post(
        "/portal/book", {name: getattr(value, "isoformat", lambda v=value: v)() for name, value in fields.items()}
    )

    meeting = Meeting.objects.get()
    assert meeting.start_time > clock.now()
    assert meeting.start_time.minute % 15 == 0


def test_sent_twice_books_once_and_shows_the_same(as_user, doctor, typed):
    browser, fields = as_user(doctor), typed(doctor.memberships.get())

    first = browser.post("/portal/book", fields)
    second = browser.post("/portal/book", fields, follow=True)

    assert Meeting.objects.count() == 1
    assert second.redirect_chain[0][0] == first["Location"]
    assert list(second.context["messages"]) == []


def test_a_secretary_books_for_the_doctor_chosen(as_user, doctor, secretary, typed, practice):
    member(organisation=practice)

    as_user(secretary).post("/portal/book", typed(doctor.memberships.get()))

    meeting = Meeting.objects.get()
    assert meeting.organized_by.email == doctor.email
    assert meeting.created_by.email == secretary.email


def test_a_secretary_who_chose_nobody_is_asked_to_and_nothing_is_lost(as_user, doctor, secretary, typed, practice):
    member(organisation=practice)

    response = as_user(secretary).post("/portal/book", typed(doctor.memberships.get(), host="", subject="Kontrol"))

    assert not Meeting.objects.exists()
    form = response.context["form"]
    assert form.errors == {"host": ["Vælg den læge, som konsultationen er hos."]}
    assert (form["subject"].value(), form["start"].value()) == ("Kontrol", "10:15")


@pytest.mark.parametrize("role", [Role.DOCTOR, Role.SECRETARY])
def test_nobody_books_for_a_stranger(as_user, doctor, typed, role):
    # Two colleagues, so that the form asks for the doctor.
    stranger = member(role)

    as_user(stranger).post("/portal/book", typed(doctor.memberships.get()))

    assert not Meeting.objects.exists()


def test_a_past_time_is_refused_and_nothing_is_lost(as_user, doctor, typed):
    response = as_user(doctor).post(
        "/portal/book", typed(doctor.memberships.get(), day="2020-01-01", subject="Kontrol")
    )

    assert response.status_code == 200
    assert not Meeting.objects.exists()
    form = response.context["form"]
    assert list(form.errors) == ["start"]
    assert (form["day"].value(), form["subject"].value()) == ("2020-01-01", "Kontrol")
    assert "Tidspunktet er passeret" in response.content.decode()


def test_an_end_before_the_start_is_refused(as_user, doctor, typed):
    response = as_user(doctor).post("/portal/book", typed(doctor.memberships.get(), end="10:00"))

    assert list(response.context["form"].errors) == ["end"]
    assert not Meeting.objects.exists()


def test_a_cpr_number_is_refused_in_a_sentence(as_user, doctor, typed):
    response = as_user(doctor).post("/portal/book", typed(doctor.memberships.get(), subject="Fru Hansen 0102031234"))

    assert "CPR-nummer" in response.content.decode()
    assert not Meeting.objects.exists()


def test_overlapping_is_allowed_with_a_warning(as_user, doctor, typed, tomorrow):
    book_meeting(doctor=doctor, start=tomorrow + timedelta(minutes=10), minutes=20)

    response = as_user(doctor).post("/portal/book", typed(doctor.memberships.get()), follow=True)

    assert Meeting.objects.count() == 2
    [warning] = response.context["messages"]
    assert (warning.level_tag, str(warning)) == (
        "warning",
        "Bemærk: lægen har en anden konsultation på samme tid (kl. 10.25–10.45).",
    )


@pytest.mark.parametrize("minutes", [-15, 15])
def test_one_right_before_or_after_needs_no_warning(as_user, doctor, typed, tomorrow, minutes):
    book_meeting(doctor=doctor, start=tomorrow + timedelta(minutes=minutes))

    response = as_user(doctor).post("/portal/book", typed(doctor.memberships.get()), follow=True)

    assert list(response.context["messages"]) == []


def test_a_guest_pin_is_shown_beside_the_message_and_not_in_it(as_user, doctor, typed):
    response = as_user(doctor).post("/portal/book", typed(doctor.memberships.get(), guest_pin="on"), follow=True)

    card = response.context["booked"]
    assert card.guest_pin == Meeting.objects.select_related("room").get().room.guest_pin is not None
    assert f"<strong>{card.guest_pin}</strong>" in response.content.decode()
    assert str(card.guest_pin) not in card.messages["da"].removesuffix(card.link)


@pytest.mark.parametrize("address", ["/portal/book", "/portal/straks"])
def test_the_address_alone_does_nothing(as_user, doctor, address):
    response = as_user(doctor).get(address)

    assert (response.status_code, response["Location"]) == (302, "/portal/")
    assert not Meeting.objects.exists()


def test_without_login_nothing_is_booked(client, doctor, typed):
    response = client.post("/portal/book", typed(doctor.memberships.get()))

    assert response.status_code == 302
    assert not Meeting.objects.exists()
