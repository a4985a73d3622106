"""The response rate: everybody's for MedCom, a region's for the region, a practice's own for the practice."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from surveys.enums import Audience, InvitationKind, InvitationState
from surveys.models import Invitation, PostcardCount, Questionnaire
from tests.factories.accounts import OrganisationFactory, member, second_factor, show_second_factor
from tests.surveys.results import take_away
from vdx.accounts.enums import SECOND_FACTOR_ROLES, OrganisationKind, Role
from vdx.accounts.models import AuditEntry, Organisation

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 11, 16)
State = InvitationState


@pytest.fixture(autouse=True)
def _november(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vdx.lib.clock.now", lambda: datetime(2026, 11, 23, 9, tzinfo=UTC))


def region(code: str) -> Organisation:
    return OrganisationFactory.create(code=code, name=f"Region {code}", kind=OrganisationKind.REGION)


def invite(
    organisation: Organisation,
    *states: State,
    week: date = MONDAY,
    region_code: str = "nord",
    kind: InvitationKind = InvitationKind.SEAT,
    key: str = "patients",
) -> None:
    seat = kind is InvitationKind.SEAT
    for state in states:
        Invitation.objects.create(
            questionnaire=Questionnaire.objects.get(key=key),
            room_uuid=uuid4(),
            seat_key="seat" if seat else "",
            browser="" if seat else "browser",
            kind=kind,
            state=state,
            week=week,
            region_code=region_code,
            organisation=organisation,
            updated=week,
        )


def logged_in(role: Role, organisation: Organisation | None = None) -> Client:
    user = member(role, organisation or OrganisationFactory.create(kind=""))
    client = Client()
    client.force_login(user)
    if role in SECOND_FACTOR_ROLES:
        show_second_factor(client, second_factor(user))
    return client


def page(client: Client, **chosen: str) -> str:
    answer = client.get(reverse("surveys:response_rate"), chosen)
    assert answer.status_code == 200
    return answer.content.decode()


def tables(text: str) -> list[list[list[str]]]:
    return [
        [
            [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)]
            for row in re.findall(r"<tr>(.*?)</tr>", found, re.DOTALL)
        ]
        for found in re.findall(r"<table.*?</table>", text, re.DOTALL)
    ]


def weeks(client: Client, **chosen: str) -> dict[str, tuple[str, str]]:
    """Of each week that anybody was asked in: how many were, and the rate."""
    address = reverse("surveys:response_rate_file", kwargs={"figure": "uger", "kind": "csv"})
    answer = take_away(client, address, chosen)
    assert answer.status_code == 200
    found = csv.DictReader(io.StringIO(answer.content.decode()))
    return {line["week"]: (line["offered"], line["response_rate"]) for line in found if line["offered"] != "0"}


def test_how_many_were_asked_and_how_far_they_came_by_week() -> None:
    practice = OrganisationFactory.create()
    invite(practice, State.OFFERED, State.OPENED, State.BEGUN, State.PARTLY, State.COMPLETE, State.DECLINED)
    invite(practice, State.EXPIRED, State.COMPLETE, kind=InvitationKind.NEVER_IN, week=date(2026, 11, 9))

    text = page(logged_in(Role.MEDCOM))

    assert "3 svarede af 8, der blev spurgt: en svarprocent på 38." in text
    steps, by_week = tables(text)
    assert steps == [
        ["Hvor langt de kom", "Alle", "Var med i samtalen", "Kom aldrig ind"],
        ["Blev spurgt", "8", "6", "2"],
        ["Åbnede spørgeskemaet", "63 % (5)", "67 % (4)", "50 % (1)"],
        ["Begyndte at svare", "50 % (4)", "50 % (3)", "50 % (1)"],
        ["Svarede, helt eller delvist", "38 % (3)", "33 % (2)", "50 % (1)"],
        ["Svarede på det hele", "25 % (2)", "17 % (1)", "50 % (1)"],
        ["Sagde nej tak", "1", "1", "0"],
        ["Åbnede det ikke inden for en uge", "1", "0", "1"],
    ]
    assert [row[0] for row in by_week[1:]] == ["23. nov 2026", "16. nov 2026", "9. nov 2026", "I alt"]
    assert [row[-1] for row in by_week[1:]] == ["–", "33 %", "50 %", "38 %"]
    assert by_week[-1][1:-1] == ["8", "5", "4", "3", "2"]


@pytest.mark.parametrize("role", [Role.DOCTOR, Role.SECRETARY, Role.ADMINISTRATOR])
def test_a_practice_sees_its_own_and_below_and_no_other(role: Role) -> None:
    north = region("nord")
    practice = OrganisationFactory.create(parent=north)
    unit = OrganisationFactory.create(parent=practice, kind="")
    neighbour = OrganisationFactory.create(parent=north)
    invite(practice, State.COMPLETE)
    invite(unit, State.OFFERED)
    invite(neighbour, *[State.COMPLETE] * 5)
    client = logged_in(role, practice)

    for chosen in ({}, {"region": "nord"}, {"organisation": str(neighbour.pk)}):
        assert weeks(client, **chosen) == {"2026-11-16": ("2", "50")}
    text = page(client)
    assert 'name="region"' not in text
    assert reverse("surveys:results") + '"' not in re.sub(r"<header.*?</header>", "", text, flags=re.DOTALL)


def test_a_region_sees_its_calls_also_those_of_a_practice_that_has_moved() -> None:
    north, south = region("nord"), region("syd")
    moved = OrganisationFactory.create(parent=south)
    invite(moved, State.COMPLETE, region_code="nord")
    invite(moved, State.OFFERED, State.OFFERED, region_code="syd")

    assert weeks(logged_in(Role.ADMINISTRATOR, north)) == {"2026-11-16": ("1", "100")}
    assert weeks(logged_in(Role.ADMINISTRATOR, south)) == {"2026-11-16": ("2", "0")}
    assert weeks(logged_in(Role.ADMINISTRATOR, north), region="syd") == {"2026-11-16": ("1", "100")}


def test_medcom_and_researchers_choose_a_region() -> None:
    region("nord")
    region("syd")
    practice = OrganisationFactory.create()
    invite(practice, State.COMPLETE)
    invite(practice, State.OFFERED, region_code="syd")
    for role in (Role.MEDCOM, Role.RESEARCHER):
        client = logged_in(role)
        assert weeks(client) == {"2026-11-16": ("2", "50")}
        assert weeks(client, region="syd") == {"2026-11-16": ("1", "0")}


def test_a_week_belongs_to_the_month_that_it_begins_in() -> None:
    practice = OrganisationFactory.create()
    for week in (date(2026, 3, 2), date(2026, 10, 26), date(2026, 11, 2)):
        invite(practice, State.COMPLETE, week=week)
    client = logged_in(Role.MEDCOM)

    assert list(weeks(client)) == ["2026-10-26", "2026-11-02"]
    assert list(weeks(client, fra="2026-11")) == ["2026-11-02"]
    assert list(weeks(client, til="2026-10")) == ["2026-03-02", "2026-10-26"]
    assert list(weeks(client, fra="2026-03", til="2026-11")) == ["2026-03-02", "2026-10-26", "2026-11-02"]


def test_another_questionnaire_that_somebody_was_asked() -> None:
    practice = OrganisationFactory.create()
    Questionnaire.objects.create(key="doctors", title_da="Til lægen", title_en="For you", audience=Audience.HOST)
    client = logged_in(Role.MEDCOM)
    assert 'value="doctors"' not in page(client)
    invite(practice, State.COMPLETE, key="doctors")

    assert 'value="doctors"' in page(client)
    assert weeks(client) == {}
    assert weeks(client, skema="doctors") == {"2026-11-16": ("1", "100")}


def test_nobody_is_asked_yet() -> None:
    text = page(logged_in(Role.DOCTOR))
    assert "Ingen er spurgt endnu" in text
    assert "<table" not in text


PICTURE = {"figure": "tragt"}


@pytest.mark.parametrize("kind", ["csv", "svg", "png"])
@pytest.mark.parametrize("figure", ["tragt", "uger"])
def test_files_to_take_away_are_written_down(figure: str, kind: str) -> None:
    practice = OrganisationFactory.create()
    invite(practice, State.COMPLETE)
    client = logged_in(Role.DOCTOR, practice)

    address = reverse("surveys:response_rate_file", kwargs={"figure": figure, "kind": kind})
    assert client.get(address).status_code == 405
    answer = take_away(client, address)

    name = f"vdx-svarprocent-patients-{figure}.{kind}"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    entry = AuditEntry.objects.get(action="results.downloaded")
    assert entry.target_id == "response_rate patients"
    assert entry.detail == {"format": kind, "figure": figure}


def test_pictures_of_the_page_write_nothing_down() -> None:
    client = logged_in(Role.MEDCOM)
    invite(OrganisationFactory.create(), State.COMPLETE)

    for figure in ("tragt", "uger"):
        answer = client.get(reverse("surveys:response_rate_picture", kwargs={"figure": figure}))
        assert answer.headers["Content-Type"] == "image/svg+xml"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert client.get(reverse("surveys:response_rate_picture", kwargs={"figure": "andet"})).status_code == 404
    assert client.get(reverse("surveys:response_rate_picture", kwargs=PICTURE), {"fra": "x"}).status_code == 400
    assert not AuditEntry.objects.filter(action="results.downloaded").exists()


def test_strangers_are_asked_to_log_in_and_whoever_has_no_role_sees_nothing() -> None:
    user = member(Role.DOCTOR)
    user.memberships.update(ended_at=datetime(2026, 11, 1, tzinfo=UTC))
    former = Client()
    former.force_login(user)

    for address in (
        reverse("surveys:response_rate"),
        reverse("surveys:response_rate_picture", kwargs=PICTURE),
    ):
        assert Client().get(address).url.startswith(reverse("accounts:login"))
        assert former.get(address).status_code == 403
    file = reverse("surveys:response_rate_file", kwargs={**PICTURE, "kind": "csv"})
    assert take_away(Client(), file).url.startswith(reverse("accounts:login"))
    assert take_away(former, file).status_code == 403


def test_thirty_invitations_ask_the_database_no_more_than_one() -> None:
    practice = OrganisationFactory.create(parent=region("nord"))
    clients = [logged_in(Role.MEDCOM), logged_in(Role.DOCTOR, practice), logged_in(Role.ADMINISTRATOR, practice)]

    def asked() -> list[Any]:
        found = []
        for client in clients:
            with CaptureQueriesContext(connection) as queries:
                page(client)
            found.append(len(queries))
        return found

    invite(practice, State.COMPLETE)
    asked()
    one = asked()
    invite(practice, *[State.PARTLY, State.DECLINED, State.OFFERED] * 10)
    invite(practice, State.COMPLETE, week=date(2026, 11, 2))

    assert asked() == one
    assert max(one) <= 22


def test_the_postcards_show_how_many_doctors_were_asked_and_only_when_a_week_is_over_for_all() -> None:
    PostcardCount.objects.create(week=date(2026, 11, 2), edition="national", asked=50, answered=16, declined=9)
    # Somebody may still answer for the Sunday.
    PostcardCount.objects.create(week=date(2026, 11, 9), edition="national", asked=1, answered=1)

    text = page(logged_in(Role.MEDCOM), skema="postcard_national")

    assert "16 svarede af 50, der blev spurgt: en svarprocent på 32." in text
    rows = re.findall(r"<th[^>]*>(Sprang over|Svarede ikke inden for en uge)</th>\s*<td[^>]*>(\d+)</td>", text)
    assert rows == [("Sprang over", "9"), ("Svarede ikke inden for en uge", "25")]
    assert "Begyndte at svare" not in text
    assert "Åbnede det ikke" not in text
    assert 'name="region"' not in text


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("region-syddanmark", {"postcard_national", "postcard_syddanmark"}),
        ("region-nord", {"postcard_national"}),
        (None, set()),
    ],
)
def test_syddanmarks_cards_are_its_own_and_a_practice_sees_none(code: str | None, expected: set[str]) -> None:
    client = logged_in(Role.ADMINISTRATOR, region(code)) if code else logged_in(Role.DOCTOR)

    text = page(client, skema="patients")

    assert {key for key in ("postcard_national", "postcard_syddanmark") if f'value="{key}"' in text} == expected
