"""A guest takes back what was answered, or has a shared device forget it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from surveys.access import ANSWERS_COOKIE
from surveys.models import FreeText, Invitation, Response
from tests.surveys.guests import TALKED, Guest, over
from vdx.lib import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def guest() -> Guest:
    return Guest(*over())


def state() -> str:
    return Invitation.objects.get().state


def yesterday() -> date:
    return clock.local_date(clock.now()) - timedelta(days=1)


def test_erasing_takes_everything_also_after_the_end(guest: Guest) -> None:
    guest.answer_all()
    assert "Vil du slette" in guest.client.get(f"{guest.link}/svar/slet").content.decode()
    assert Response.objects.exists()

    assert guest.client.post(f"{guest.link}/svar/slet").url == f"{guest.link}/svar/slettet"

    assert not Response.objects.exists()
    assert not FreeText.objects.exists()
    assert state() == "declined"
    assert guest.client.cookies[ANSWERS_COOKIE].value == ""


def test_who_is_too_late_to_erase_is_told_so(guest: Guest) -> None:
    """The question stood there over midnight: the cookie is gone, and nobody can tell whose the answers are."""
    guest.answer_all()
    Response.objects.update(date=yesterday())

    page = guest.client.post(f"{guest.link}/svar/slet", follow=True).content.decode()

    assert "Svarene kan ikke slettes her mere" in page
    assert "Dine svar er slettet" not in page
    assert Response.objects.exists()
    assert state() == "complete"


def test_pressed_twice_they_are_gone_all_the_same(guest: Guest) -> None:
    guest.answer_all()
    for _ in range(2):
        page = guest.client.post(f"{guest.link}/svar/slet", follow=True).content.decode()
        assert "Dine svar er slettet" in page


def test_who_never_got_in_is_told_that_the_answers_are_gone() -> None:
    stranger = Guest(over()[0])
    stranger.begin()
    stranger.send(1, TALKED[1])

    assert "Dine svar er slettet" in stranger.client.post(f"{stranger.link}/svar/slet", follow=True).content.decode()
    assert not Response.objects.exists()


def test_a_tab_left_open_cannot_bring_erased_answers_back(guest: Guest) -> None:
    guest.begin()
    guest.send(1, TALKED[1])
    cookie = guest.client.cookies[ANSWERS_COOKIE].value
    guest.client.post(f"{guest.link}/svar/slet")
    guest.client.cookies[ANSWERS_COOKIE] = cookie

    guest.send(1, TALKED[1])

    assert not Response.objects.exists()


def test_a_shared_device_can_forget_the_answers_and_they_stay(guest: Guest) -> None:
    guest.begin()
    guest.send(1, TALKED[1])
    for address in ("svar/2", "tak"):
        assert "Glem mig på denne enhed" in guest.client.get(f"{guest.link}/{address}").content.decode()
    # Looked at by hand, the page that says so leads back: nothing is forgotten by looking.
    assert guest.client.get(f"{guest.link}/svar/glem").status_code == 302

    answer = guest.client.post(f"{guest.link}/svar/glem")

    assert answer.url == f"{guest.link}/svar/glem"
    assert guest.client.cookies["vdx_answers"].value == ""
    assert "Enheden har glemt dine svar" in guest.client.get(answer.url).content.decode()
    assert Response.objects.get().answers == {"sex": 2, "birth_year": 1946}
    # Whoever uses the device next sees nothing, and begins nothing anew.
    assert guest.client.get(f"{guest.link}/svar/1").url == f"{guest.link}/tak"
    assert guest.begin() == f"{guest.link}/tak"
    assert "Svar færdig" not in guest.client.get(f"{guest.link}/tak").content.decode()
    assert Response.objects.count() == 1
