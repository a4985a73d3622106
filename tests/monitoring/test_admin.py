"""MedCom reads call records, and corrects what was written down wrong."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from monitoring import services
from monitoring.models import CallRecord
from tests.factories.accounts import OrganisationFactory, member, second_factor, show_second_factor
from tests.factories.monitoring import CallRecordFactory, held_call
from vdx.accounts.enums import Role
from vdx.accounts.models import AuditEntry
from vdx.lib import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def medcom() -> Client:
    user = member(Role.MEDCOM, OrganisationFactory.create(kind=""))
    client = Client()
    client.force_login(user)
    show_second_factor(client, second_factor(user))
    return client


def test_a_call_is_shown_with_its_devices(medcom: Client) -> None:
    meeting, _ = held_call(member(), start=datetime(2026, 11, 23, 9, tzinfo=UTC))
    services.add_sample(
        room_uuid=meeting.room.uuid,
        seat_key="0123456789ab",
        measures={"withoutMediaSeconds": 7.2},
        now=datetime(2026, 11, 23, 9, 5, tzinfo=UTC),
    )
    call = services.record_call(
        room_uuid=meeting.room.uuid, is_final=True, now=datetime(2026, 11, 23, 9, tzinfo=UTC) + timedelta(hours=1)
    )

    text = medcom.get(reverse("admin:monitoring_callrecord_change", args=[call.pk])).content.decode()

    assert text.count("10.00.00–10.10.00") == 2
    assert "10:00" in text
    assert re.search(r"Sekunder uden lyd og billede:.*?<div class=\"readonly\">\s*7\s*</div>", text, re.DOTALL)
    assert meeting.short_id not in text
    inputs = re.findall(
        r'<input(?! type="hidden")[^>]*name="(\w+)"', text.split('id="content"')[1].split("submit-row")[0]
    )
    assert inputs == ["organisation", "booked", "instant", "is_test"]


def test_the_list_asks_no_more_for_more_calls(medcom: Client, django_assert_max_num_queries) -> None:
    CallRecordFactory.create()
    address = reverse("admin:monitoring_callrecord_changelist")
    with django_assert_max_num_queries(120) as few:
        assert medcom.get(address).status_code == 200
    CallRecordFactory.create_batch(3)
    with django_assert_max_num_queries(120) as many:
        medcom.get(address)
    assert len(many) == len(few)


def test_each_look_is_written_down(medcom: Client) -> None:
    call = CallRecordFactory.create()

    medcom.get(reverse("admin:monitoring_callrecord_changelist"))
    medcom.get(reverse("admin:monitoring_callrecord_change", args=[call.pk]))

    looks = AuditEntry.objects.filter(action__startswith="admin.").order_by("pk")
    assert list(looks.values_list("action", "target_type", "target_id")) == [
        ("admin.list", "monitoring.CallRecord", ""),
        ("admin.view", "monitoring.CallRecord", str(call.pk)),
    ]


@pytest.mark.parametrize("typed", ["nord", "00000000-0000-0000-0000-000000000001", "ikke en kode"])
def test_calls_are_found_by_practice_and_room(medcom: Client, typed: str) -> None:
    found = CallRecordFactory.create(organisation__name="Lægehuset Nord", room_uuid=UUID(int=1))
    CallRecordFactory.create(organisation__name="Lægehuset Syd")

    page = medcom.get(reverse("admin:monitoring_callrecord_changelist"), {"q": typed})

    expected = [] if typed == "ikke en kode" else [found]
    assert list(page.context["cl"].result_list) == expected


FORMS = {"devices-TOTAL_FORMS": "0", "devices-INITIAL_FORMS": "0"}


def test_nothing_can_be_added_or_deleted(medcom: Client) -> None:
    call = CallRecordFactory.create()

    assert medcom.get(reverse("admin:monitoring_callrecord_add")).status_code == 403
    assert (
        medcom.post(reverse("admin:monitoring_callrecord_delete", args=[call.pk]), {"post": "yes"}).status_code == 403
    )
    assert CallRecord.objects.count() == 1


def test_a_call_is_corrected_but_not_what_was_measured(medcom: Client) -> None:
    call = CallRecordFactory.create(recorded_at=clock.now() - timedelta(hours=2))
    address = reverse("admin:monitoring_callrecord_change", args=[call.pk])
    given = {"organisation": call.organisation_id, "booked": "on", "is_test": "on", "device_count": "9", **FORMS}

    assert medcom.post(address, given).status_code == 302

    call.refresh_from_db()
    assert (call.is_test, call.booked, call.device_count) == (True, True, 2)
    assert AuditEntry.objects.get(action="call.corrected").detail == {"is_test": [False, True]}


def test_a_call_that_started_at_once_was_booked(medcom: Client) -> None:
    call = CallRecordFactory.create(recorded_at=clock.now() - timedelta(hours=2))
    address = reverse("admin:monitoring_callrecord_change", args=[call.pk])

    page = medcom.post(address, {"organisation": call.organisation_id, "instant": "on", **FORMS})

    assert "Et straks-møde er altid booket." in page.content.decode()
    assert CallRecord.objects.get().booked


def test_while_the_hub_may_still_write_nothing_is_offered(medcom: Client) -> None:
    call = CallRecordFactory.create(recorded_at=clock.now() - timedelta(minutes=59))

    text = medcom.get(reverse("admin:monitoring_callrecord_change", args=[call.pk])).content.decode()

    assert 'name="is_test"' not in text


def test_a_doctor_does_not_get_in() -> None:
    client = Client()
    client.force_login(member())

    assert client.get(reverse("admin:monitoring_callrecord_changelist")).status_code == 302
