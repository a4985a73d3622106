"""MedCom reads postcards: by date, in an order that tells nothing, and changes none."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from surveys.enums import Replaced
from surveys.models import Postcard
from tests.factories.accounts import OrganisationFactory, member, second_factor, show_second_factor
from tests.factories.surveys import PostcardFactory
from vdx.accounts.enums import Role
from vdx.accounts.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def medcom() -> Client:
    user = member(Role.MEDCOM, OrganisationFactory.create(kind=""))
    client = Client()
    client.force_login(user)
    show_second_factor(client, second_factor(user))
    return client


def test_cards_stand_in_the_order_of_their_random_keys(medcom: Client) -> None:
    for number in range(12):
        PostcardFactory.create(date=date(2026, 11, 23), replaced=list(Replaced)[number % 4])

    text = medcom.get(reverse("admin:surveys_postcard_changelist")).content.decode()

    shown = re.findall(r'class="field-replaced">([^<]+)<', text)
    assert shown == [card.get_replaced_display() for card in Postcard.objects.order_by("key")]


def test_no_time_of_day_is_shown(medcom: Client) -> None:
    PostcardFactory.create(date=date(2026, 11, 23))

    text = medcom.get(reverse("admin:surveys_postcard_changelist")).content.decode()

    assert re.findall(r'class="field-date[^"]*">([^<]+)<', text) == ["23. november 2026"]


def test_the_look_at_the_list_is_written_down_and_never_a_card(medcom: Client) -> None:
    card = PostcardFactory.create()

    medcom.get(reverse("admin:surveys_postcard_changelist"))
    page = medcom.get(reverse("admin:surveys_postcard_change", args=[card.pk]))

    assert page.status_code == 403
    looks = AuditEntry.objects.filter(action__startswith="admin.")
    assert list(looks.values_list("action", "target_type", "target_id")) == [("admin.list", "surveys.Postcard", "")]


def test_nothing_can_be_added_changed_or_deleted(medcom: Client) -> None:
    card = PostcardFactory.create()

    assert medcom.get(reverse("admin:surveys_postcard_add")).status_code == 403
    assert medcom.post(reverse("admin:surveys_postcard_change", args=[card.pk])).status_code == 403
    assert medcom.post(reverse("admin:surveys_postcard_delete", args=[card.pk]), {"post": "yes"}).status_code == 403
    assert Postcard.objects.count() == 1


def test_a_doctor_does_not_get_in() -> None:
    client = Client()
    client.force_login(member())

    assert client.get(reverse("admin:surveys_postcard_changelist")).status_code == 302
