"""The host meets the postcard after the call; nobody else does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from booking.models import Meeting
from rooms import services as rooms
from rooms.access import SEAT_COOKIE
from rooms.enums import DeviceKind
from surveys.models import Postcard, PostcardRequest, Questionnaire
from surveys.services import versions as services
from tests.factories.accounts import OrganisationFactory, member
from tests.factories.monitoring import booked_meeting, guest_came, held_call, host_came
from vdx.accounts.enums import OrganisationKind
from vdx.accounts.models import Organisation
from vdx.lib import clock

pytestmark = pytest.mark.django_db

GIVEN = {"carried_out": "1", "picture": "2", "sound": "1", "longer": "2", "replaced": "3"}


def url(meeting: Meeting) -> str:
    return f"/m/{meeting.short_id}/postkort"


def thanks(meeting: Meeting) -> str:
    return f"{url(meeting)}/tak"


def browser(token: str = "") -> Client:
    client = Client()
    if token:
        client.cookies[SEAT_COOKIE] = token
    return client


def just_held(organisation: Organisation | None = None, *, minutes_ago: int = 10) -> tuple[Meeting, str]:
    return held_call(member(organisation=organisation), start=clock.now() - timedelta(minutes=minutes_ago), minutes=5)


def practice_in(code: str, name: str = "Region Syddanmark", **fields: object) -> Organisation:
    region = OrganisationFactory.create(code=code, name=name, kind=OrganisationKind.REGION, **fields)
    return OrganisationFactory.create(parent=region)


def test_the_host_sees_five_questions() -> None:
    meeting, token = just_held()

    page = browser(token).get(url(meeting))

    assert page.status_code == 200
    assert list(page.context["form"].fields) == ["carried_out", "picture", "sound", "longer", "replaced"]
    text = page.content.decode()
    assert text.count('type="radio"') == 2 + 2 + 2 + 2 + 4
    assert "Send" in text
    assert "Spring over" in text
    assert "required" not in text


def test_the_host_reads_the_words_and_the_order_that_were_published_last() -> None:
    meeting, token = just_held()
    questionnaire = Questionnaire.objects.get(key="postcard_national")
    draft = services.start_version(questionnaire_id=questionnaire.pk, actor=None)
    draft.questions.filter(name="sound").update(position=0, text_da="Kunne I høre hinanden?")
    services.change_texts(version_id=draft.pk, actor=None, introduction_da="Fem hurtige", introduction_en="Five")
    services.publish(version_id=draft.pk, actor=None, now=clock.now())

    page = browser(token).get(url(meeting))

    assert list(page.context["form"].fields) == ["sound", "carried_out", "picture", "longer", "replaced"]
    assert "Kunne I høre hinanden?" in page.content.decode()
    assert "Fem hurtige" in page.content.decode()


def test_a_card_that_medcom_has_closed_is_not_asked_for() -> None:
    meeting, token = just_held()
    version = Questionnaire.objects.get(key="postcard_national").versions.get()
    services.close(version_id=version.pk, actor=None, now=clock.now())

    answer = browser(token).post(url(meeting), GIVEN)

    assert (answer.status_code, answer.url) == (302, thanks(meeting))
    assert not Postcard.objects.exists()


def test_sending_keeps_one_card_and_says_thank_you() -> None:
    meeting, token = just_held()
    host = browser(token)

    answer = host.post(url(meeting), GIVEN)

    assert (answer.status_code, answer.url) == (302, thanks(meeting))
    card = Postcard.objects.get()
    assert (card.carried_out, card.picture, card.sound, card.longer, card.replaced) == (1, 2, 1, 2, 3)
    assert (card.edition, card.region_code) == ("national", "")
    assert host.get(thanks(meeting)).status_code == 200


def test_sending_twice_is_one_card() -> None:
    meeting, token = just_held()
    host = browser(token)

    for _ in range(2):
        assert host.post(url(meeting), GIVEN).status_code == 302

    assert Postcard.objects.count() == 1
    # The back button leads on, not to an empty card.
    assert host.get(url(meeting)).status_code == 302


def test_nothing_need_be_answered() -> None:
    meeting, token = just_held()

    assert browser(token).post(url(meeting), {}).status_code == 302
    assert not Postcard.objects.exists()


def test_an_answer_that_was_not_offered_is_refused_and_the_others_are_kept() -> None:
    meeting, token = just_held()

    page = browser(token).post(url(meeting), {**GIVEN, "sound": "7"})

    assert page.status_code == 400
    assert page.context["form"]["picture"].value() == "2"
    assert not Postcard.objects.exists()
    assert not PostcardRequest.objects.filter(state="complete").exists()


def test_skipping_is_counted_and_the_card_can_still_be_sent() -> None:
    meeting, token = just_held()
    host = browser(token)

    for _ in range(2):
        assert host.post(url(meeting), {"skip": "1", **GIVEN}).url == thanks(meeting)
    assert PostcardRequest.objects.get().state == "declined"
    assert not Postcard.objects.exists()

    assert host.get(url(meeting)).status_code == 200
    host.post(url(meeting), GIVEN)
    assert (PostcardRequest.objects.get().state, Postcard.objects.count()) == ("complete", 1)
    # From a tab that was left open: what was answered stays answered.
    host.post(url(meeting), {"skip": "1"})
    assert PostcardRequest.objects.get().state == "complete"


def test_looking_changes_nothing() -> None:
    meeting, token = just_held()
    host = browser(token)

    before = list(PostcardRequest.objects.values())
    host.get(url(meeting))
    host.get(thanks(meeting))

    assert list(PostcardRequest.objects.values()) == before
    assert not Postcard.objects.exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_who_is_no_host_of_this_room_finds_nothing(method: str) -> None:
    meeting, token = just_held()
    other, other_token = just_held()
    waiting = booked_meeting(member(), start=clock.now())
    host, _, _ = host_came(waiting, waiting_doctor(waiting), at=clock.now())
    _, guest_token, _ = guest_came(waiting, at=clock.now(), let_in_by=host)

    for room, cookie in [
        (meeting, ""),
        (meeting, "made-up"),
        (meeting, other_token),
        (other, token),
        (waiting, guest_token),
    ]:
        for page in (url(room), thanks(room)):
            if method == "post" and page == thanks(room):
                continue
            assert getattr(browser(cookie), method)(page).status_code == 404
    assert not Postcard.objects.exists()


def waiting_doctor(meeting: Meeting):
    return meeting.organisation.memberships.get().user


def test_an_unknown_code_finds_nothing() -> None:
    assert browser("made-up").get("/m/000000000000/postkort").status_code == 404


def test_a_call_of_days_ago_cannot_be_answered_for() -> None:
    meeting, token = just_held(minutes_ago=60 * 24 * 8)

    assert browser(token).get(url(meeting)).status_code == 404
    assert browser(token).post(url(meeting), GIVEN).status_code == 404
    assert not Postcard.objects.exists()


def test_a_host_may_answer_before_the_room_closes() -> None:
    doctor = member()
    meeting = booked_meeting(doctor, start=clock.now())
    _, token = rooms.take_host_seat(
        room_id=meeting.room_id, user=doctor, device_kind=DeviceKind.BROWSER, now=clock.now()
    )

    assert browser(token).post(url(meeting), GIVEN).status_code == 302
    assert Postcard.objects.count() == 1


def test_syddanmark_has_four_questions_its_own_words_and_notes_the_region() -> None:
    meeting, token = just_held(practice_in("region-syddanmark"))
    host = browser(token)

    page = host.get(url(meeting))
    host.post(url(meeting), GIVEN)

    assert list(page.context["form"].fields) == ["carried_out", "picture", "sound", "longer"]
    assert "Brugte du mere tid" in page.content.decode()
    assert "Region Syddanmark" in page.content.decode()
    card = Postcard.objects.get()
    assert (card.edition, card.region_code, card.replaced) == ("syddanmark", "region-syddanmark", None)


def test_the_regions_logo_stands_on_its_card() -> None:
    logo = SimpleUploadedFile("syd.png", b"\x89PNG", content_type="image/png")
    meeting, token = just_held(practice_in("region-syddanmark", logo=logo))
    host = browser(token)

    page = host.get(url(meeting)).content.decode()
    picture = host.get(f"{url(meeting)}/logo")

    assert f'src="{url(meeting)}/logo"' in page
    assert 'alt="Region Syddanmark"' in page
    assert (picture.content, picture["Content-Type"]) == (b"\x89PNG", "image/png")
    assert browser().get(f"{url(meeting)}/logo").status_code == 404


@pytest.mark.parametrize("region", ["region-syddanmark", "region-nordjylland"])
def test_a_card_without_a_logo_has_none(region: str) -> None:
    fields = {} if region == "region-syddanmark" else {"logo": SimpleUploadedFile("nord.png", b"\x89PNG")}
    meeting, token = just_held(practice_in(region, **fields))
    host = browser(token)

    assert f'src="{url(meeting)}/logo"' not in host.get(url(meeting)).content.decode()
    assert host.get(f"{url(meeting)}/logo").status_code == 404


def test_other_regions_have_the_national_edition_and_are_not_noted() -> None:
    meeting, token = just_held(practice_in("region-nordjylland", name="Region Nordjylland"))
    host = browser(token)

    page = host.get(url(meeting))
    host.post(url(meeting), GIVEN)

    assert "Region Nordjylland" not in page.content.decode()
    assert Postcard.objects.values_list("edition", "region_code").get() == ("national", "")


def test_the_thank_you_leads_back_to_the_day_for_who_is_logged_in() -> None:
    meeting, token = just_held()
    host = browser(token)

    assert 'href="/portal/"' not in host.get(thanks(meeting)).content.decode()
    host.force_login(waiting_doctor(meeting))
    assert 'href="/portal/"' in host.get(thanks(meeting)).content.decode()


def test_the_page_asks_no_more_of_the_database_for_a_deep_tree(django_assert_max_num_queries) -> None:
    practice = practice_in("region-syddanmark")
    for _ in range(5):
        practice = OrganisationFactory.create(parent=practice, kind="")
    meeting, token = just_held(practice)

    # Five of them read the card's words, which stay in the cache for an hour.
    with django_assert_max_num_queries(13):
        browser(token).get(url(meeting))
    with django_assert_max_num_queries(9):
        browser(token).get(url(meeting))


def test_after_the_postcard_the_logged_in_doctor_says_with_one_tap_how_it_went() -> None:
    doctor = member()
    meeting, token = held_call(doctor, start=clock.now() - timedelta(minutes=10), minutes=5)
    client = browser(token)
    assert 'name="outcome"' not in client.get(thanks(meeting)).content.decode()
    client.force_login(doctor)
    text = client.get(thanks(meeting)).content.decode()
    assert '<details class="guide outcome" open>' in text
    assert f'action="/portal/moede/{meeting.uuid}/udfald"' in text
    assert 'value="no_show_doctor"' in text
    client.force_login(member())
    assert 'name="outcome"' not in client.get(thanks(meeting)).content.decode()
