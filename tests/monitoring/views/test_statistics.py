"""The statistics page: to whom, what, and as a file."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.accounts import MembershipFactory, OrganisationFactory, member, second_factor, show_second_factor
from tests.factories.monitoring import CallRecordFactory
from vdx.accounts.enums import SECOND_FACTOR_ROLES, OrganisationKind, Role
from vdx.accounts.models import AuditEntry, Organisation, User

pytestmark = pytest.mark.django_db

PERIOD = {"fra": "2026-10", "til": "2026-11"}
PAGES = ["monitoring:statistics", "monitoring:statistics_csv"]


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
    syd = OrganisationFactory.create(code="region-syd", name="Region Syd", kind=OrganisationKind.REGION)
    return OrganisationFactory.create(code="fremmed", name="Fremmed Klinik", parent=syd)


def call(organisation: Organisation, day: int = 2, **fields: Any) -> None:
    CallRecordFactory.create(organisation=organisation, started_at=datetime(2026, 11, day, 9, tzinfo=UTC), **fields)


def logged_in(role: Role, organisation: Organisation) -> Client:
    user = member(role, organisation)
    client = Client()
    client.force_login(user)
    if role in SECOND_FACTOR_ROLES:
        show_second_factor(client, second_factor(user))
    return client


def page(client: Client, **chosen: str) -> Any:
    return client.get(reverse("monitoring:statistics"), {**PERIOD, **chosen})


def table(text: str, heading: str) -> list[list[str]]:
    """The cells of the table with that heading, line by line."""
    found = re.search(rf">{heading}</h[23]>.*?<table.*?</table>", text, re.DOTALL)
    assert found, heading
    rows = re.findall(r"<tr>(.*?)</tr>", found.group(), re.DOTALL)
    return [
        [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)]
        for row in rows
    ]


def test_tables_with_totals_below_and_beside(practice: Organisation, stranger: Organisation) -> None:
    call(practice, seconds_together=659, instant=True)
    call(practice, seconds_together=61)
    call(stranger, booked=False, seconds_together=1800)
    CallRecordFactory.create(organisation=practice, started_at=datetime(2026, 10, 2, tzinfo=UTC), seconds_together=60)

    text = page(logged_in(Role.MEDCOM, OrganisationFactory.create(kind=""))).content.decode()

    assert table(text, "Måned for måned") == [
        [
            "Måned",
            "Konsultationer",
            "Minutter i konsultationer",
            "Konferencer",
            "Minutter i konferencer",
            "Straks-møder",
            "Aktive praksis",
        ],
        ["oktober 2026", "1", "1", "0", "0", "0", "1"],
        ["november 2026", "2", "12", "1", "30", "1", "2"],
        ["I alt", "3", "13", "1", "30", "1", "2"],
    ]
    assert table(text, "Konsultationer") == [
        ["Region", "okt 26", "nov 26", "I alt"],
        ["Region Nord", "1", "2", "3"],
        ["Region Syd", "0", "0", "0"],
        ["I alt", "1", "2", "3"],
    ]
    assert table(text, "Aktive praksis") == [
        ["Region", "okt 26", "nov 26", "I alt"],
        ["Region Nord", "1", "1", "1"],
        ["Region Syd", "0", "1", "1"],
        ["I alt", "1", "2", "2"],
    ]
    assert table(text, "Praksis for praksis") == [
        [
            "Praksis",
            "Konsultationer",
            "Minutter i konsultationer",
            "Konferencer",
            "Minutter i konferencer",
            "Straks-møder",
        ],
        ["Region Nord"],
        ["Lægehuset", "3", "13", "0", "0", "1"],
        ["Region Syd"],
        ["Fremmed Klinik", "0", "0", "1", "30", "0"],
        ["I alt", "3", "13", "1", "30", "1"],
    ]


def test_each_table_says_what_its_cells_belong_to(practice: Organisation) -> None:
    call(practice)

    text = page(logged_in(Role.DOCTOR, practice)).content.decode()

    for found in re.findall(r"<table.*?</table>", text, re.DOTALL):
        assert "<th></th>" not in found
        assert all("scope=" in head for head in re.findall(r"<th[ >][^>]*>?", found))
    assert text.count('<div class="stats" role="region" tabindex="0" aria-labelledby="tabel-') == text.count("<table")


@pytest.mark.parametrize("role", [Role.DOCTOR, Role.SECRETARY, Role.ADMINISTRATOR])
def test_an_organisation_sees_itself_and_below_and_no_other(
    role: Role, region: Organisation, practice: Organisation, stranger: Organisation
) -> None:
    unit = OrganisationFactory.create(parent=practice, kind="", name="Afdeling")
    neighbour = OrganisationFactory.create(parent=region, name="Naboen")
    for place in (practice, unit, stranger, neighbour):
        call(place)

    answer = page(logged_in(role, practice))

    text = answer.content.decode()
    assert "Fremmed Klinik" not in text
    assert "Region Syd" not in text
    assert "Naboen" not in text
    assert table(text, "Praksis for praksis")[1:] == [
        ["Region Nord"],
        ["Lægehuset", "2", "20", "0", "0", "0"],
        ["I alt", "2", "20", "0", "0", "0"],
    ]


def test_a_regions_administrator_sees_the_region(
    region: Organisation, practice: Organisation, stranger: Organisation
) -> None:
    call(practice)
    call(stranger)

    text = page(logged_in(Role.ADMINISTRATOR, region)).content.decode()

    assert "Lægehuset" in text
    assert "Fremmed Klinik" not in text


def test_a_researcher_has_no_statistics_page(practice: Organisation) -> None:
    client = logged_in(Role.RESEARCHER, practice)

    for name in PAGES:
        assert client.get(reverse(name)).status_code == 403
    assert client.get(reverse("monitoring:practice", args=[practice.pk])).status_code == 403


def test_who_has_no_role_any_more_sees_nothing(practice: Organisation) -> None:
    user = member(Role.DOCTOR, practice)
    user.memberships.update(ended_at=datetime(2026, 11, 1, tzinfo=UTC))
    client = Client()
    client.force_login(user)

    assert page(client).status_code == 403


def test_who_is_not_logged_in_is_asked_to(practice: Organisation) -> None:
    for address in [*(reverse(name) for name in PAGES), reverse("monitoring:practice", args=[practice.pk])]:
        answer = Client().get(address)
        assert answer.status_code == 302
        assert answer.url.startswith(reverse("accounts:login"))


def test_an_administrator_without_the_second_factor_is_led_to_it(practice: Organisation) -> None:
    client = Client()
    client.force_login(member(Role.ADMINISTRATOR, practice))

    assert client.get(reverse("monitoring:statistics")).url.startswith(reverse("accounts:enrol"))


def test_one_practice_month_by_month(practice: Organisation, stranger: Organisation) -> None:
    call(practice)
    call(stranger)
    client = logged_in(Role.DOCTOR, practice)

    answer = client.get(reverse("monitoring:practice", args=[practice.pk]), PERIOD)

    assert table(answer.content.decode(), "Måned for måned")[1:] == [
        ["oktober 2026", "0", "0", "0", "0", "0", "0"],
        ["november 2026", "1", "10", "0", "0", "0", "1"],
        ["I alt", "1", "10", "0", "0", "0", "1"],
    ]


def test_a_strangers_practice_and_none_look_alike(practice: Organisation, stranger: Organisation) -> None:
    client = logged_in(Role.DOCTOR, practice)

    answers = [client.get(reverse("monitoring:practice", args=[pk])) for pk in (stranger.pk, 10**9)]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert "Fremmed" not in answers[0].content.decode()


def test_a_units_doctor_is_not_led_to_the_practice(practice: Organisation) -> None:
    unit = OrganisationFactory.create(parent=practice, kind="")
    call(unit)
    call(practice)
    client = logged_in(Role.DOCTOR, unit)

    text = page(client).content.decode()

    assert table(text, "Praksis for praksis")[2] == ["Lægehuset", "1", "10", "0", "0", "0"]
    address = reverse("monitoring:practice", args=[practice.pk])
    assert address not in text
    assert client.get(address).status_code == 404


def test_without_calls_the_page_says_so(practice: Organisation) -> None:
    text = page(logged_in(Role.DOCTOR, practice)).content.decode()

    assert "Ingen samtaler endnu" in text
    assert "<table" not in text


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({"fra": "2026-11", "til": "2026-10"}, "Vælg en måned, der ikke ligger før den første."),
        ({"fra": "1999-01"}, "Vælg en måned fra listen."),
        ({"til": "hest"}, "Vælg en måned fra listen."),
    ],
)
def test_a_period_that_cannot_be_is_refused_in_a_sentence(
    practice: Organisation, chosen: dict[str, str], said: str
) -> None:
    call(practice)
    client = logged_in(Role.DOCTOR, practice)

    answer = page(client, **chosen)

    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert "oktober 2026" in answer.content.decode()
    assert client.get(reverse("monitoring:statistics_csv"), {**PERIOD, **chosen}).status_code == 400


def test_a_period_of_more_than_three_years_is_refused(practice: Organisation) -> None:
    CallRecordFactory.create(organisation=practice, started_at=datetime(2020, 1, 2, tzinfo=UTC))

    text = page(logged_in(Role.DOCTOR, practice), fra="2020-01").content.decode()

    assert "Vælg højst 36 måneder ad gangen." in text


def test_the_usual_period_is_half_a_year(practice: Organisation) -> None:
    call(practice)

    text = logged_in(Role.DOCTOR, practice).get(reverse("monitoring:statistics")).content.decode()

    assert [row[0] for row in table(text, "Måned for måned")] == [
        "Måned",
        "juni 2026",
        "juli 2026",
        "august 2026",
        "september 2026",
        "oktober 2026",
        "november 2026",
        "I alt",
    ]


def test_the_number_of_queries_does_not_grow(
    region: Organisation, practice: Organisation, django_assert_max_num_queries: Any
) -> None:
    call(practice)
    client = logged_in(Role.ADMINISTRATOR, region)
    with django_assert_max_num_queries(40) as few:
        page(client)
    for _ in range(4):
        other = OrganisationFactory.create(parent=region)
        call(other)
        call(other, day=3)
    with django_assert_max_num_queries(40) as many:
        page(client)
    assert len(many) == len(few)


# --- The file ----------------------------------------------------------------------------------------------


def lines(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8"))))


def test_the_file_has_one_line_a_month_and_practice(practice: Organisation, stranger: Organisation) -> None:
    call(practice, seconds_together=659, instant=True)
    call(practice, device_count=3, seconds_together=119)
    call(stranger)
    client = logged_in(Role.DOCTOR, practice)

    answer = client.get(reverse("monitoring:statistics_csv"), PERIOD)

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="vdx-statistik-2026-10-2026-11.csv"'
    assert lines(answer) == [
        {
            "month": "2026-11",
            "region_code": "region-nord",
            "region_name": "Region Nord",
            "practice_code": "laegehuset",
            "practice_name": "Lægehuset",
            "consultations": "1",
            "consultation_seconds": "659",
            "consultation_minutes": "10",
            "conferences": "1",
            "conference_seconds": "119",
            "conference_minutes": "1",
            "instant_meetings": "1",
            "active": "1",
        }
    ]


def test_the_file_is_the_same_in_both_languages(practice: Organisation) -> None:
    call(practice)
    client = logged_in(Role.DOCTOR, practice)
    danish = client.get(reverse("monitoring:statistics_csv"), PERIOD)
    client.cookies["django_language"] = "en"

    assert client.get(reverse("monitoring:statistics_csv"), PERIOD).content == danish.content


def test_a_name_that_looks_like_a_formula_does_nothing_in_a_spreadsheet(region: Organisation) -> None:
    odd = OrganisationFactory.create(code="+45", name='=HYPERLINK("x")', parent=region)
    call(odd)

    answer = logged_in(Role.DOCTOR, odd).get(reverse("monitoring:statistics_csv"), PERIOD)

    assert (lines(answer)[0]["practice_code"], lines(answer)[0]["practice_name"]) == ("'+45", '\'=HYPERLINK("x")')


def test_who_takes_the_file_away_is_written_down(practice: Organisation) -> None:
    call(practice)
    client = logged_in(Role.DOCTOR, practice)
    doctor = User.objects.get(memberships__organisation=practice)

    page(client)
    assert not AuditEntry.objects.filter(target_type="statistics").exists()
    client.get(reverse("monitoring:statistics_csv"), PERIOD)

    entry = AuditEntry.objects.get(target_type="statistics")
    assert (entry.action, entry.actor) == ("statistics.downloaded", doctor)
    assert entry.detail == {"from": "2026-10", "to": "2026-11", "practices": 1}


def test_only_reading_is_possible(practice: Organisation) -> None:
    client = logged_in(Role.DOCTOR, practice)

    for address in [*(reverse(name) for name in PAGES), reverse("monitoring:practice", args=[practice.pk])]:
        assert client.post(address).status_code == 405


def test_a_person_with_two_places_sees_both(practice: Organisation, stranger: Organisation) -> None:
    user = member(Role.DOCTOR, practice)
    MembershipFactory.create(user=user, organisation=stranger, role=Role.SECRETARY)
    call(practice)
    call(stranger)
    client = Client()
    client.force_login(user)

    assert [line["practice_code"] for line in lines(client.get(reverse("monitoring:statistics_csv"), PERIOD))] == [
        "laegehuset",
        "fremmed",
    ]
