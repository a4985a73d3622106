"""From a month to its calls and to one of them: to whom, what, and what is never shown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from booking.enums import Cause, Confidence, Outcome
from monitoring.models import CallRecord, CallStretch, DeviceQuality, DeviceRecord, DeviceStay
from tests.factories.accounts import OrganisationFactory, member, second_factor, show_second_factor
from tests.factories.monitoring import CallRecordFactory
from vdx.accounts.enums import SECOND_FACTOR_ROLES, OrganisationKind, Role
from vdx.accounts.models import AuditEntry, Organisation

pytestmark = pytest.mark.django_db

PERIOD = {"fra": "2026-11", "til": "2026-11"}
NINE = datetime(2026, 11, 2, 9, 0, 17, tzinfo=UTC)
SEAT = "Geheim-plads"


@pytest.fixture(autouse=True)
def _november(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vdx.lib.clock.now", lambda: datetime(2026, 11, 23, 9, tzinfo=UTC))


@pytest.fixture
def region() -> Organisation:
    return OrganisationFactory.create(code="region-nord", name="Region Nord", kind=OrganisationKind.REGION)


@pytest.fixture
def practice(region: Organisation) -> Organisation:
    return OrganisationFactory.create(code="laegehuset", name="Lægehuset", parent=region)


@pytest.fixture
def stranger() -> Organisation:
    return OrganisationFactory.create(code="fremmed", name="Fremmed Klinik")


def logged_in(role: Role, organisation: Organisation) -> Client:
    user = member(role, organisation)
    client = Client()
    client.force_login(user)
    if role in SECOND_FACTOR_ROLES:
        show_second_factor(client, second_factor(user))
    return client


def call(organisation: Organisation, **fields: Any) -> CallRecord:
    return CallRecordFactory.create(organisation=organisation, **{"started_at": NINE, **fields})


def whole(organisation: Organisation) -> CallRecord:
    """A call of which everything is kept."""
    record = call(
        organisation,
        outcome=Outcome.SOUND_ONLY,
        is_poor=True,
        cause=Cause.PATIENT_NETWORK,
        confidence=Confidence.HIGH,
        evidence=["patient_loses_packets"],
    )
    CallStretch.objects.create(call=record, began_at=NINE, ended_at=NINE + timedelta(minutes=10))
    device = DeviceRecord.objects.create(call=record, seat_key=SEAT, kind="app", role="guest", waited_seconds=150)
    DeviceStay.objects.create(device=device, joined_at=NINE, left_at=NINE + timedelta(minutes=10))
    DeviceQuality.objects.create(
        room_uuid=record.room_uuid,
        seat_key=SEAT,
        packets_received=950,
        packets_lost=50,
        rtt_ms_sum=100,
        rtt_samples=1,
        jitter_ms_sum=10,
        jitter_samples=1,
        browser="Safari",
        system="iOS",
        seconds_to_picture=2.5,
        candidate_pair="host/relay/udp",
    )
    return record


def listed(client: Client, organisation: Organisation, **chosen: str) -> str:
    answer = client.get(reverse("monitoring:calls", args=[organisation.pk]), {**PERIOD, **chosen})
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_calls_of_a_month_the_newest_first(practice: Organisation) -> None:
    first = call(practice)
    second = call(practice, started_at=NINE + timedelta(days=1), device_count=3)
    nobody = call(
        practice, started_at=None, ended_at=None, starts_at=NINE + timedelta(days=2), device_count=0,
        seconds_together=0, outcome=Outcome.NEVER_OPENED,
    )  # fmt: skip
    call(practice, started_at=NINE - timedelta(days=10))
    call(practice, is_test=True)

    text = listed(logged_in(Role.DOCTOR, practice), practice)

    places = [text.index(reverse("monitoring:call", args=[one.pk])) for one in (nobody, second, first)]
    assert places == sorted(places)
    assert "3 samtaler" in text
    # To the minute, and no finer: 9 o'clock in UTC is 10 in Denmark.
    assert "2. nov 2026 10:00" in text
    assert ":17" not in text
    assert "Aldrig åbnet" in text


def test_the_list_holds_what_was_chosen_and_says_so(practice: Organisation) -> None:
    consultation, conference = call(practice), call(practice, device_count=3)
    call(practice, device_count=1, seconds_together=0)
    Organisation.objects.filter(pk=practice.pk).update(pilot_from=NINE.date(), pilot_until=NINE.date())
    late = call(practice, started_at=NINE + timedelta(days=1), device_count=3)
    client = logged_in(Role.DOCTOR, practice)

    def shown(**chosen: str) -> set[int]:
        text = listed(client, practice, **chosen)
        calls = (consultation, conference, late)
        return {one.pk for one in calls if reverse("monitoring:call", args=[one.pk]) in text}

    assert shown(slags="consultation") == {consultation.pk}
    assert shown(slags="conference") == {conference.pk, late.pk}
    assert shown(slags="conference", pilot="1") == {conference.pk}
    assert "Kun: konferencer" in listed(client, practice, slags="conference")
    assert "Også møder, som ikke blev til noget" not in listed(client, practice, slags="conference")
    assert "4 samtaler" in listed(client, practice)


def test_a_long_list_has_pages(practice: Organisation) -> None:
    for number in range(51):
        call(practice, started_at=NINE + timedelta(minutes=number))
    client = logged_in(Role.DOCTOR, practice)

    assert listed(client, practice).count("/portal/statistik/samtale/") == 50
    assert listed(client, practice, side="2").count("/portal/statistik/samtale/") == 1
    assert "Side 2 af 2" in listed(client, practice, side="99")
    assert "Side 1 af 2" in listed(client, practice, side="hest")


def test_one_call_with_everything_but_whom_it_was_with(practice: Organisation) -> None:
    record = whole(practice)

    answer = logged_in(Role.DOCTOR, practice).get(reverse("monitoring:call", args=[record.pk]))

    text = answer.content.decode()
    for shown in (
        "2. november 2026 10:00",
        "Gennemført kun med lyd",
        "gik dårligt",
        "Patientens netværk",
        "sikkerhed: stor",
        "Meget af den andens lyd og billede gik tabt på vejen.",
        "Fra 10:00 til 10:10",
        "Safari, iOS",
        "2,5 sekunder",
        # MOS of 5 % lost, 100 ms there and back and 10 ms jitter.
        "3,8",
        "5,0 %",
        "host/relay/udp",
    ):
        assert shown in text, shown
    for hidden in (SEAT, str(record.room_uuid), record.room_uuid.hex, str(record.meeting_uuid)):
        assert hidden not in text


@pytest.mark.parametrize("role", [Role.DOCTOR, Role.SECRETARY, Role.ADMINISTRATOR])
def test_strangers_calls_and_none_look_alike(role: Role, practice: Organisation, stranger: Organisation) -> None:
    theirs = whole(stranger)
    client = logged_in(role, practice)

    for address in (
        reverse("monitoring:calls", args=[stranger.pk]),
        reverse("monitoring:calls", args=[10**9]),
        reverse("monitoring:call", args=[theirs.pk]),
        reverse("monitoring:call", args=[10**9]),
        f"{reverse('monitoring:statistics_picture', args=['samtaler'])}?enhed={stranger.pk}",
        f"{reverse('monitoring:statistics_file', args=['samtaler', 'csv'])}?enhed={stranger.pk}",
        f"{reverse('monitoring:statistics_csv')}?enhed={stranger.pk}",
        f"{reverse('monitoring:statistics_xlsx')}?enhed=hest",
        reverse("monitoring:statistics_file", args=["hest", "csv"]),
        reverse("monitoring:statistics_file", args=["samtaler", "exe"]),
    ):
        assert client.get(address).status_code == 404, address


def test_regions_and_medcom_look_into_their_own(region: Organisation, practice: Organisation) -> None:
    record = whole(practice)
    address = reverse("monitoring:call", args=[record.pk])

    assert logged_in(Role.ADMINISTRATOR, region).get(address).status_code == 200
    assert logged_in(Role.MEDCOM, OrganisationFactory.create(kind="")).get(address).status_code == 200
    other = OrganisationFactory.create(kind=OrganisationKind.REGION)
    assert logged_in(Role.ADMINISTRATOR, other).get(address).status_code == 404


def test_what_is_there_for_testing_is_not_shown(practice: Organisation) -> None:
    tried = call(practice, is_test=True)
    testing = OrganisationFactory.create(parent=practice, kind="", is_test=True)
    record = whole(testing)
    client = logged_in(Role.MEDCOM, OrganisationFactory.create(kind=""))

    assert "Ingen samtaler her" in listed(client, testing)
    assert "Ingen samtaler her" in listed(client, practice)
    for one in (tried, record):
        assert client.get(reverse("monitoring:call", args=[one.pk])).status_code == 404


def test_a_researcher_and_who_is_not_logged_in_see_no_call(practice: Organisation) -> None:
    record = whole(practice)
    addresses = [reverse("monitoring:calls", args=[practice.pk]), reverse("monitoring:call", args=[record.pk])]

    for address in addresses:
        assert logged_in(Role.RESEARCHER, practice).get(address).status_code == 403
        assert Client().get(address).url.startswith(reverse("accounts:login"))
        assert logged_in(Role.DOCTOR, practice).post(address).status_code == 405


def test_as_many_queries_for_three_calls_as_for_one(practice: Organisation) -> None:
    whole(practice)
    client = logged_in(Role.DOCTOR, practice)
    listed(client, practice)
    with CaptureQueriesContext(
        connection,
    ) as few:
        listed(client, practice)
    whole(practice)
    whole(practice)
    with CaptureQueriesContext(connection) as many:
        listed(client, practice)
    assert len(many) == len(few)


# --- Figures -----------------------------------------------------------------------------------------------


def test_each_figure_as_picture_and_as_every_file(practice: Organisation) -> None:
    whole(practice)
    client = logged_in(Role.DOCTOR, practice)
    page = client.get(reverse("monitoring:statistics"), PERIOD).content.decode()

    for key in ("samtaler", "varighed", "andele", "udfald", "aarsager", "kvalitet", "ventetid", "billede", "enheder",
                "browsere"):  # fmt: skip
        assert f'id="tabel-{key}"' in page, key
    picture = client.get(reverse("monitoring:statistics_picture", args=["kvalitet"]), PERIOD)
    assert picture["Content-Type"] == "image/svg+xml"
    assert "sandbox" in picture["Content-Security-Policy"]
    wait = client.get(reverse("monitoring:statistics_file", args=["ventetid", "csv"]), PERIOD)
    assert "120,300,1" in wait.content.decode()
    seen = client.get(reverse("monitoring:statistics_file", args=["billede", "csv"]), PERIOD).content.decode()
    assert "2,3,1" in seen
    quality = client.get(reverse("monitoring:statistics_file", args=["kvalitet", "csv"]), PERIOD).content.decode()
    assert '2026-11,1,3.81,"VDX-MOS 1 ' in quality
    png = client.get(reverse("monitoring:statistics_file", args=["udfald", "png"]), PERIOD)
    assert png.content.startswith(b"\x89PNG")
    assert AuditEntry.objects.filter(action="statistics.downloaded", detail__figure="ventetid").count() == 1


def test_a_workbook_reads_no_text_as_a_formula(region: Organisation) -> None:
    odd = OrganisationFactory.create(code="=1+1", name='=HYPERLINK("x")', parent=region)
    call(odd)

    answer = logged_in(Role.DOCTOR, odd).get(reverse("monitoring:statistics_xlsx"), PERIOD)

    with ZipFile(BytesIO(answer.content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "=1+1" in sheet


def test_a_choice_that_cannot_be_makes_no_file(practice: Organisation) -> None:
    client = logged_in(Role.DOCTOR, practice)

    for name in ("monitoring:statistics_picture", "monitoring:statistics_file"):
        args = ["samtaler"] if name.endswith("picture") else ["samtaler", "csv"]
        assert client.get(reverse(name, args=args), {"fra": "hest"}).status_code == 400


# --- What is chosen ----------------------------------------------------------------------------------------


def test_region_practice_kind_and_pilot(region: Organisation, practice: Organisation, stranger: Organisation) -> None:
    south = OrganisationFactory.create(code="region-syd", name="Region Syd", kind=OrganisationKind.REGION)
    piloting = OrganisationFactory.create(
        code="pilot", name="Pilotpraksis", parent=south, pilot_from=NINE.date(), pilot_until=NINE.date()
    )
    call(practice)
    call(piloting, device_count=3)
    call(piloting, started_at=NINE + timedelta(days=1))
    client = logged_in(Role.MEDCOM, OrganisationFactory.create(kind=""))

    def calls(**chosen: str) -> list[str]:
        address = reverse("monitoring:statistics_file", args=["samtaler", "csv"])
        return client.get(address, {**PERIOD, **chosen}).content.decode().splitlines()[1].split(",")

    assert calls()[1:4:2] == ["2", "1"]
    assert calls(region="region-syd")[1:4:2] == ["1", "1"]
    assert calls(praksis="laegehuset")[1:4:2] == ["1", "0"]
    assert calls(slags="conference")[1:4:2] == ["0", "1"]
    # The day itself is in, the one after is not.
    assert calls(pilot="1")[1:4:2] == ["0", "1"]
    text = client.get(reverse("monitoring:statistics"), {**PERIOD, "pilot": "1"}).content.decode()
    assert "Kun: praksis i pilotprojektet" in text
    assert "Pilotprojektet" in text


def test_a_strangers_region_and_practice_cannot_be_chosen(practice: Organisation, stranger: Organisation) -> None:
    call(stranger)
    OrganisationFactory.create(parent=practice, kind="general", name="Filialen")
    client = logged_in(Role.ADMINISTRATOR, practice)

    answer = client.get(reverse("monitoring:statistics"), {**PERIOD, "praksis": "fremmed"})

    assert "Fremmed" not in answer.content.decode()
    assert "Vælg en praksis fra listen." in answer.content.decode()
