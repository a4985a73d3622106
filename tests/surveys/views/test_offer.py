"""Who is asked after a call, and who is not; whoever never got in finds the questions at the same link."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from booking.models import Meeting
from rooms import services as rooms
from rooms.enums import CloseReason
from surveys import services, tasks
from surveys.access import ASKED_COOKIE
from surveys.models import Invitation, QuestionnaireVersion, Response
from surveys.services import versions
from tests.factories.accounts import member
from tests.factories.monitoring import booked_meeting, guest_came, held_call, host_came
from tests.surveys.guests import TALKED, Guest, over
from vdx.lib import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def guest() -> Guest:
    return Guest(*over())


def state() -> str:
    return Invitation.objects.get().state


def test_every_guest_of_a_call_is_invited_once_and_no_host() -> None:
    meeting, _ = held_call(member(), start=clock.now() - timedelta(minutes=10), guests=2)

    rows = Invitation.objects.filter(room_uuid=meeting.room.uuid)
    assert sorted(row.seat_key for row in rows) == sorted(
        meeting.room.seats.filter(role="guest").values_list("key", flat=True)
    )
    assert {(row.kind, row.state) for row in rows} == {("seat", "offered")}
    assert services.invite_guests(room_uuids=[meeting.room.uuid], today=clock.local_date(clock.now())) == 0


@pytest.mark.parametrize("reason", [CloseReason.ENDED, CloseReason.EXPIRED, CloseReason.TELEPHONE])
def test_who_waited_in_vain_is_invited_too(reason: CloseReason) -> None:
    meeting = booked_meeting(member(), start=clock.now())
    _, token, _ = guest_came(meeting, at=clock.now())
    rooms.close_room(room_id=meeting.room_id, reason=reason, now=clock.now())

    assert state() == "offered"
    assert "Ja, jeg vil gerne svare" in Guest(meeting, token).client.get(f"/m/{meeting.short_id}/tak").content.decode()


def test_nobody_is_asked_about_a_test_call_or_a_meeting_called_off() -> None:
    for field, reason in (("is_test", CloseReason.ENDED), ("", CloseReason.CANCELLED)):
        meeting = booked_meeting(member(), start=clock.now())
        if field:
            Meeting.objects.filter(pk=meeting.pk).update(is_test=True)
        _, token, _ = guest_came(meeting, at=clock.now())
        rooms.close_room(room_id=meeting.room_id, reason=reason, now=clock.now())
        browser = Guest(meeting, token)
        assert "svare" not in browser.client.get(f"{browser.link}").content.decode()
        assert browser.client.post(f"{browser.link}/svar").status_code == 404
    assert not Invitation.objects.exists()


def test_the_offer_says_what_it_is_for_and_looking_changes_nothing(guest: Guest) -> None:
    before = list(Invitation.objects.values())

    text = guest.client.get(f"{guest.link}/tak").content.decode()

    assert "Vil du fortælle, hvordan det gik?" in text
    assert "De første spørgsmål tager under et minut, og så kan du stoppe. Det hele tager cirka 5 minutter." in text
    assert "Nej tak" in text
    assert list(Invitation.objects.values()) == before


def test_the_offer_says_how_long_the_version_takes_that_is_asked_now(guest: Guest) -> None:
    version = QuestionnaireVersion.objects.get(questionnaire__key="patients")
    draft = versions.start_version(questionnaire_id=version.questionnaire_id, actor=None)
    draft.questions.filter(page__gt=1).delete()
    versions.publish(version_id=draft.pk, actor=None, now=clock.now())

    text = guest.client.get(f"{guest.link}/tak").content.decode()

    assert "Det tager under et minut." in text
    assert "De første spørgsmål" not in text


def test_no_thanks_is_counted_and_not_asked_again(guest: Guest) -> None:
    assert guest.client.post(f"{guest.link}/svar/nej-tak").url == f"{guest.link}/tak"

    assert state() == "declined"
    assert "Ja, jeg vil gerne svare" not in guest.client.get(f"{guest.link}/tak").content.decode()
    assert guest.begin() == f"{guest.link}/tak"


def test_who_never_got_in_finds_the_questions_at_the_link() -> None:
    meeting, _ = over()
    stranger = Guest(meeting)

    page = stranger.client.get(stranger.link)
    assert page.status_code == 410
    assert f'data-shown="{stranger.link}/svar/vist"' in page.content.decode()
    for _ in range(2):
        assert stranger.client.post(f"{stranger.link}/svar/vist").status_code == 204
    never_in = Invitation.objects.get(kind="never_in")
    assert (never_in.state, never_in.seat_key) == ("offered", "")
    assert stranger.client.cookies[ASKED_COOKIE].value == never_in.browser

    stranger.begin()
    stranger.send(1, TALKED[1])

    never_in.refresh_from_db()
    assert never_in.state == "begun"
    assert Response.objects.get().context["device_kind"] == "unknown"


def test_who_never_got_in_may_answer_without_a_script_having_run() -> None:
    meeting, _ = over()
    stranger = Guest(meeting)

    stranger.begin()
    stranger.send(1, TALKED[1])

    assert Invitation.objects.get(kind="never_in").state == "begun"
    assert Response.objects.count() == 1


@pytest.mark.parametrize("who", ["host", "staff"])
def test_staff_are_not_asked(who: str) -> None:
    doctor = member()
    meeting, token = held_call(doctor, start=clock.now() - timedelta(minutes=10))
    browser = Guest(meeting, token if who == "host" else "")
    if who == "staff":
        browser.client.force_login(doctor)

    assert "svare" not in browser.client.get(browser.link).content.decode()
    assert browser.client.post(f"{browser.link}/svar").status_code == 404
    assert browser.client.post(f"{browser.link}/svar/nej-tak").status_code == 404


def test_a_week_later_nobody_is_asked() -> None:
    meeting, token = over(minutes_ago=8 * 24 * 60)
    for browser in (Guest(meeting, token), Guest(meeting)):
        assert browser.client.post(f"{browser.link}/svar").status_code == 404
        assert "svare" not in browser.client.get(browser.link).content.decode()


def test_while_the_room_is_open_a_browser_without_a_seat_is_not_asked() -> None:
    meeting = booked_meeting(member(), start=clock.now())

    assert Guest(meeting).client.post(f"/m/{meeting.short_id}/svar").status_code == 404


def test_without_a_published_version_nobody_is_asked() -> None:
    QuestionnaireVersion.objects.filter(questionnaire__key="patients").update(state="closed", closed_at=timezone.now())
    meeting, token = over()
    browser = Guest(meeting, token)

    assert not Invitation.objects.exists()
    assert "svare" not in browser.client.get(f"{browser.link}/tak").content.decode()
    assert browser.begin() == f"{browser.link}/tak"
    assert browser.client.post(f"{browser.link}/svar/nej-tak").status_code == 404


def test_who_opened_it_and_sent_nothing_stays_counted_as_far_as_that(guest: Guest) -> None:
    """Expired is who never looked; the funnel tells the two apart for good."""
    guest.begin()
    Invitation.objects.update(updated=clock.local_date(clock.now()) - timedelta(days=8))

    tasks.sweep()

    assert state() == "opened"


def test_after_a_week_an_invitation_leads_to_no_call_any_more() -> None:
    meeting, _ = over(minutes_ago=8 * 24 * 60)
    Invitation.objects.update(updated=clock.local_date(clock.now()) - timedelta(days=8))
    before = Invitation.objects.get()

    tasks.sweep()
    tasks.sweep()

    after = Invitation.objects.get()
    assert after.room_uuid != meeting.room.uuid
    assert after.seat_key.startswith("-")
    assert after.state == "expired"
    assert (after.week, after.region_code, after.organisation_id) == (
        before.week, before.region_code, before.organisation_id
    )  # fmt: skip


def test_whoever_knocked_while_logged_in_is_at_work_and_is_not_asked() -> None:
    doctor, colleague = member(), member()
    meeting = booked_meeting(doctor, start=clock.now())
    host_came(meeting, doctor, at=clock.now())
    visitor = Guest(meeting)
    visitor.client.force_login(colleague)
    assert visitor.client.post(f"{visitor.link}/bank", {}, content_type="application/json").status_code == 200
    # A patient beside them, who is.
    _, token, _ = guest_came(meeting, at=clock.now())
    rooms.close_room(room_id=meeting.room_id, reason=CloseReason.ENDED, now=clock.now())

    assert Invitation.objects.count() == 1
    del visitor.client.cookies[settings.SESSION_COOKIE_NAME]
    assert "Vil du fortælle" not in visitor.client.get(f"{visitor.link}/tak").content.decode()
    assert "Vil du fortælle" in Guest(meeting, token).client.get(f"{visitor.link}/tak").content.decode()


def test_one_person_with_two_devices_is_asked_once() -> None:
    doctor, now = member(), clock.now()
    meeting = booked_meeting(doctor, start=now)
    host, _, _ = host_came(meeting, doctor, at=now)
    first, old, _ = guest_came(meeting, at=now, let_in_by=host)
    _, waiting, _ = guest_came(meeting, at=now)
    offer = rooms.offer_handover(seat_id=first.pk, now=now)
    claim = rooms.claim_handover(room_id=meeting.room_id, code=offer.digits, now=now)
    rooms.answer_handover(seat_id=first.pk, is_accepted=True, now=now)
    _, _, new = rooms.finish_handover(room_id=meeting.room_id, claim=claim, now=now, token=waiting)
    rooms.connect(seat_id=first.pk, instance="other", resumed=False, now=now, token=new)
    rooms.close_room(room_id=meeting.room_id, reason=CloseReason.ENDED, now=now)

    assert list(Invitation.objects.values_list("seat_key", flat=True)) == [first.key]
    shown = [
        "Vil du fortælle" in Guest(meeting, token).client.get(f"/m/{meeting.short_id}/tak").content.decode()
        for token in (new, old, waiting)
    ]
    assert shown == [True, False, False]


def test_a_no_before_the_call_is_asked_again_about_the_call_there_was() -> None:
    doctor, now = member(), clock.now()
    meeting = booked_meeting(doctor, start=now)
    host, _, _ = host_came(meeting, doctor, at=now)
    seat, token, _ = guest_came(meeting, at=now)
    patient = Guest(meeting, token)
    rooms.leave(seat_id=seat.pk, now=now)
    patient.client.post(f"{patient.link}/svar/nej-tak")
    assert state() == "declined"
    assert "Vi spørger kun igen, hvis du går ind" in patient.client.get(f"{patient.link}/tak").content.decode()

    rooms.knock(room_id=meeting.room_id, token=token, device_kind="browser", now=now)
    rooms.admit(room_id=meeting.room_id, seat_key=seat.key, by_seat_id=host.pk, now=now)
    rooms.close_room(room_id=meeting.room_id, reason=CloseReason.ENDED, now=now)
    assert state() == "offered"
    assert "Vil du fortælle" in patient.client.get(f"{patient.link}/tak").content.decode()

    # After the call a no is a no.
    patient.client.post(f"{patient.link}/svar/nej-tak")
    assert state() == "declined"
    assert "Vi spørger ikke igen" in patient.client.get(f"{patient.link}/tak").content.decode()
