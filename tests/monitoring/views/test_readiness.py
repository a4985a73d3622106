"""The way to the first call: to the practice's own people, to region and MedCom, and to nobody else."""

from __future__ import annotations

import csv
import io
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import update_last_login
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from booking.models import Meeting
from monitoring import queries
from monitoring import services as monitoring
from monitoring.access import MACHINE_COOKIE, MachineTest, set_machine_cookie
from monitoring.models import CallRecord, DevicePass
from monitoring.rules.export import READINESS_HEADER
from rooms import services as rooms
from rooms.access import SEAT_COOKIE
from rooms.enums import CloseReason, TestVerdict
from surveys.models import PostcardRequest
from tests.factories.accounts import OrganisationFactory, member, second_factor, show_second_factor
from tests.factories.monitoring import CallRecordFactory, guest_came, host_came, kept_alive
from tests.templates.reading import Page
from vdx.accounts.enums import SECOND_FACTOR_ROLES, OrganisationKind, Role
from vdx.accounts.models import AuditEntry, Organisation, User
from vdx.lib import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def region() -> Organisation:
    return OrganisationFactory.create(code="region-nord", name="Region Nord", kind=OrganisationKind.REGION)


@pytest.fixture
def practice(region: Organisation) -> Organisation:
    return OrganisationFactory.create(code="laegehuset", name="Lægehuset", parent=region)


@pytest.fixture
def stranger() -> Organisation:
    syd = OrganisationFactory.create(code="region-syd", name="Region Syd", kind=OrganisationKind.REGION)
    return OrganisationFactory.create(code="fremmed", name="Fremmed Klinik", parent=syd)


def client_of(user: User, role: Role) -> Client:
    client = Client()
    client.force_login(user)
    if role in SECOND_FACTOR_ROLES:
        show_second_factor(client, second_factor(user))
    return client


def logged_in(role: Role, organisation: Organisation) -> Client:
    return client_of(member(role, organisation), role)


def medcom() -> Client:
    return logged_in(Role.MEDCOM, OrganisationFactory.create(code="medcom", name="MedCom", kind=""))


def rows(client: Client, **chosen: str) -> list[dict[str, str]]:
    answer = client.get(reverse("monitoring:readiness_csv"), chosen)
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.content.decode())))


def start(client: Client, organisation: Organisation, key: str = "") -> Any:
    sent = {"key": key or uuid.uuid4().hex, "organisation": str(organisation.pk)}
    return client.post(reverse("monitoring:test_call"), sent)


def test_a_doctor_sees_the_own_practices_steps_with_the_next_one_marked(practice: Organisation) -> None:
    client = logged_in(Role.DOCTOR, practice)
    page = Page(client.get(reverse("monitoring:readiness")).content.decode())
    current = page.one("li", **{"aria-current": "step"})
    assert "Test kamera, mikrofon og forbindelse" in current.text
    assert [link["href"] for link in page.elements if link.tag == "a" and link["href"] == "/test"] == ["/test"]
    assert not [element for element in page.elements if element.tag == "table"]


def test_what_has_been_done_is_told(practice: Organisation) -> None:
    doctor = member(Role.DOCTOR, practice)
    DevicePass.objects.create(user=doctor, first_at=clock.now(), last_at=clock.now())
    CallRecordFactory.create(organisation=practice, is_test=True)
    client = client_of(doctor, Role.DOCTOR)
    page = Page(client.get(reverse("monitoring:readiness")).content.decode())
    assert "Den første rigtige samtale" in page.one("li", **{"aria-current": "step"}).text
    CallRecordFactory.create(organisation=practice)
    text = client.get(reverse("monitoring:readiness")).content.decode()
    assert "I er i gang" in text
    assert 'aria-current="step"' not in text


def test_one_device_alone_is_no_test_call(practice: Organisation) -> None:
    CallRecordFactory.create(organisation=practice, is_test=True, device_count=1, seconds_together=0)
    [line] = rows(logged_in(Role.DOCTOR, practice))
    assert line["first_test_call"] == ""


def test_a_unit_counts_for_its_practice(practice: Organisation) -> None:
    unit = OrganisationFactory.create(code="afdeling", name="Afdelingen", kind="", parent=practice)
    CallRecordFactory.create(organisation=unit)
    [line] = rows(medcom())
    assert (line["practice_code"], line["stuck_at"]) == ("laegehuset", "")


@pytest.mark.parametrize("role", [Role.DOCTOR, Role.SECRETARY, Role.ADMINISTRATOR])
def test_nobody_sees_how_far_strangers_are(role: Role, practice: Organisation, stranger: Organisation) -> None:
    client = logged_in(role, practice)
    assert [line["practice_name"] for line in rows(client)] == ["Lægehuset"]
    assert "Fremmed Klinik" not in client.get(reverse("monitoring:readiness")).content.decode()
    assert client.get(reverse("monitoring:readiness_practice", args=[stranger.pk])).status_code == 404
    assert client.get(reverse("monitoring:readiness_practice", args=[practice.pk])).status_code == 200


def test_a_region_sees_its_practices_and_medcom_all(
    region: Organisation, practice: Organisation, stranger: Organisation
) -> None:
    assert [line["practice_code"] for line in rows(logged_in(Role.ADMINISTRATOR, region))] == ["laegehuset"]
    assert [line["practice_code"] for line in rows(medcom())] == ["laegehuset", "fremmed"]


def test_practices_for_testing_are_left_out(practice: Organisation) -> None:
    OrganisationFactory.create(code="proeve", name="Prøveklinik", is_test=True)
    assert [line["practice_code"] for line in rows(medcom())] == ["laegehuset"]


@pytest.mark.parametrize("name", ["readiness", "readiness_csv"])
def test_researchers_and_strangers_do_not_come_in(name: str, practice: Organisation) -> None:
    assert logged_in(Role.RESEARCHER, practice).get(reverse(f"monitoring:{name}")).status_code == 403
    assert Client().get(reverse(f"monitoring:{name}")).status_code == 302


def test_the_list_is_filtered_by_region_and_step_and_so_is_the_file(
    practice: Organisation, stranger: Organisation
) -> None:
    CallRecordFactory.create(organisation=practice)
    client = medcom()
    assert [line["practice_code"] for line in rows(client, trin="klar")] == ["laegehuset"]
    assert [line["practice_code"] for line in rows(client, trin="logged_in")] == ["fremmed"]
    assert [line["practice_code"] for line in rows(client, region="region-syd")] == ["fremmed"]
    assert rows(client, region="region-syd", trin="klar") == []
    text = client.get(reverse("monitoring:readiness"), {"region": "region-syd"}).content.decode()
    assert "Fremmed Klinik" in text
    assert ">Lægehuset<" not in text
    assert client.get(reverse("monitoring:readiness_csv"), {"trin": "sommer"}).status_code == 400


def test_the_file_is_harmless_in_a_spreadsheet_and_its_taking_is_written_down(region: Organisation) -> None:
    OrganisationFactory.create(code="ond", name='=HYPERLINK("http://x")', parent=region)
    client = medcom()
    answer = client.get(reverse("monitoring:readiness_csv"))
    lines = list(csv.reader(io.StringIO(answer.content.decode())))
    assert lines[0] == list(READINESS_HEADER)
    assert lines[1][3] == '\'=HYPERLINK("http://x")'
    entry = AuditEntry.objects.get(action="readiness.downloaded")
    assert entry.detail == {"practices": 1}


@pytest.mark.parametrize("page", ["readiness", "readiness_csv"])
def test_as_many_queries_for_three_practices_as_for_one(
    page: str, region: Organisation, practice: Organisation, django_assert_num_queries: Any
) -> None:
    def fill(place: Organisation) -> None:
        doctor = member(Role.DOCTOR, place)
        DevicePass.objects.create(user=doctor, first_at=clock.now(), last_at=clock.now())
        CallRecordFactory.create(organisation=place)

    fill(practice)
    client = medcom()
    client.get(reverse(f"monitoring:{page}"))
    with CaptureQueriesContext(connection) as one:
        client.get(reverse(f"monitoring:{page}"))
    for number in range(2):
        fill(OrganisationFactory.create(code=f"p{number}", name=f"Praksis {number}", parent=region))
    with django_assert_num_queries(len(one)):
        client.get(reverse(f"monitoring:{page}"))


# --- The test call ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.DOCTOR, Role.SECRETARY])
def test_a_test_call_is_one_click_into_a_room(role: Role, practice: Organisation) -> None:
    client = logged_in(role, practice)
    answer = start(client, practice)
    meeting = Meeting.objects.get()
    assert meeting.is_test
    assert answer.headers["Location"] == reverse("rooms:room", args=[meeting.short_id])


def test_a_double_click_makes_one_test_call(practice: Organisation) -> None:
    client = logged_in(Role.DOCTOR, practice)
    key = uuid.uuid4().hex
    assert start(client, practice, key).headers["Location"] == start(client, practice, key).headers["Location"]
    assert Meeting.objects.count() == 1


def test_nobody_makes_a_test_call_for_strangers(practice: Organisation, stranger: Organisation) -> None:
    assert start(logged_in(Role.DOCTOR, practice), stranger).status_code == 404
    assert start(logged_in(Role.ADMINISTRATOR, practice), practice).status_code == 403
    client = logged_in(Role.DOCTOR, practice)
    assert client.post(reverse("monitoring:test_call"), {"organisation": practice.pk}).status_code == 404
    assert client.get(reverse("monitoring:test_call")).status_code == 405
    assert Meeting.objects.count() == 0


def test_a_test_call_counts_in_no_number_and_asks_nobody(practice: Organisation) -> None:
    doctor = member(Role.DOCTOR, practice)
    client = client_of(doctor, Role.DOCTOR)
    answer = start(client, practice)
    meeting = Meeting.objects.select_related("room").get()
    now = clock.now()
    host, token, visit = host_came(meeting, doctor, at=now)
    _seat, _cookie, guest = guest_came(meeting, at=now, let_in_by=host)
    later = now + timedelta(minutes=5)
    kept_alive([visit, guest], until=later)
    rooms.close_room(room_id=meeting.room_id, reason=CloseReason.ENDED, now=later, by_seat=host.pk)
    record = monitoring.record_call(room_uuid=meeting.room.uuid, is_final=True, now=later)
    assert record.is_test
    CallRecord.objects.update(seconds_together=300, device_count=2)
    today = clock.local_date(now).replace(day=1)
    assert queries.statistics(organisation_ids=None, first=today, last=today).numbers.by_practice == {}
    assert queries.earliest_month(organisation_ids=None) is None
    assert PostcardRequest.objects.count() == 0
    # The host comes from the call to the steps, and not to the questions.
    code = meeting.short_id
    assert answer.headers["Location"].endswith(code)
    client.cookies[SEAT_COOKIE] = token
    after = client.get(reverse("surveys:postcard", args=[code]))
    assert after.headers["Location"] == reverse("monitoring:readiness")
    [line] = rows(client)
    assert line["first_test_call"] != ""
    assert line["first_call"] == ""


def test_logging_in_is_seen(practice: Organisation) -> None:
    doctor = member(Role.DOCTOR, practice)
    assert [line["logged_in"] for line in rows(medcom())] == ["0"]
    update_last_login(None, doctor)
    assert [line["logged_in"] for line in rows(medcom())] == ["1"]


def test_what_was_passed_elsewhere_says_nothing_of_this_machine(practice: Organisation) -> None:
    doctor = member(Role.DOCTOR, practice)
    DevicePass.objects.create(user=doctor, first_at=clock.now(), last_at=clock.now())
    client = client_of(doctor, Role.DOCTOR)
    text = client.get(reverse("monitoring:readiness")).content.decode()
    page = Page(text)
    assert "Den computer, du sidder ved nu, er ikke testet endnu." in text
    assert [link["href"] for link in page.elements if link.tag == "a" and link["href"] == "/test"] == ["/test"]

    answer = HttpResponse()
    set_machine_cookie(answer, MachineTest(TestVerdict.OK, date(2026, 11, 3)))
    client.cookies[MACHINE_COOKIE] = answer.cookies[MACHINE_COOKIE].value
    text = client.get(reverse("monitoring:readiness")).content.decode()
    page = Page(text)
    assert "Den computer, du sidder ved nu, blev testet 3. november 2026: Billede og lyd virker." in text
    assert not [link for link in page.elements if link.tag == "a" and link["href"] == "/test"]


def test_another_practices_steps_say_nothing_of_the_machine_that_looks(practice: Organisation) -> None:
    page = medcom().get(reverse("monitoring:readiness_practice", args=[practice.pk])).content.decode()
    assert "Den computer, du sidder ved" not in page
