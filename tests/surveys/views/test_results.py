"""The results: to whom, which numbers, in which formats."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from surveys.enums import Edition, GoodPoor, InvitationKind, InvitationState, YesNo
from surveys.models import Invitation, QuestionnaireVersion
from tests.factories.accounts import OrganisationFactory, member
from tests.factories.responses import patients, response
from tests.factories.surveys import PostcardFactory
from tests.surveys.results import NATIONAL, NORTH, PATIENTS, SOUTH, SYDDANMARK, logged_in, page, take_away
from vdx.accounts.enums import Role
from vdx.accounts.models import AuditEntry, Organisation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("november")]

TOO_FEW = "For få svar, eller svar fra for få praksis, til at vise."
SYDDANMARKS_FILE = reverse("surveys:result_file", kwargs={**SYDDANMARK, "kind": "csv"})


def table(answer: Any) -> list[list[str]]:
    found = re.search(r"<table.*?</table>", answer.content.decode(), re.DOTALL)
    assert found, answer.content.decode()
    rows = re.findall(r"<tr>(.*?)</tr>", found.group(), re.DOTALL)
    return [
        [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)]
        for row in rows
    ]


def lines(client: Client, source: dict[str, Any] = PATIENTS, **chosen: str) -> list[dict[str, str]]:
    answer = take_away(client, reverse("surveys:result_file", kwargs={**source, "kind": "csv"}), chosen)
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.content.decode())))


def counts(client: Client, source: dict[str, Any] = PATIENTS, **chosen: str) -> dict[str, int]:
    return {line["code"]: int(line["n"]) for line in lines(client, source, **chosen) if line["code"]}


def five(answers: dict[str, Any], **more: Any) -> None:
    """As many as a part of the answers must have to be shown."""
    for _ in range(5):
        response(answers, **more)


def test_a_part_with_fewer_than_five_answers_is_not_shown(medcom: Client, north: Organisation) -> None:
    for sound in (1, 1, 2, 2):
        response({"contact": 1, "sound": sound}, context={"region": NORTH, "outcome": "technical_failure"})
    five({"contact": 1}, context={"region": SOUTH, "outcome": "technical_failure"})

    assert counts(medcom, sp="sound") == {"1": 2, "2": 2, "3": 0}
    for client, chosen in (
        (medcom, {"region": NORTH}),
        (medcom, {"udfald": "technical_failure"}),
        (medcom, {"fra": "2026-11", "kryds": "contact"}),
        (logged_in(Role.ADMINISTRATOR, north), {}),
    ):
        text = page(client, sp="sound", **chosen).content.decode()
        assert TOO_FEW in text
        assert "<table" not in text
        assert lines(client, sp="sound", **chosen) == [{"note": "fewer than 5 answers or 3 practices"}]


def invited(kind: str, count: int, region: str = NORTH) -> None:
    """Practices of a kind, in each of which somebody has answered."""
    for _ in range(count):
        Invitation.objects.create(
            questionnaire=patients().questionnaire,
            room_uuid=uuid4(),
            seat_key="seat",
            kind=InvitationKind.SEAT,
            state=InvitationState.COMPLETE,
            week=date(2026, 11, 2),
            region_code=region,
            organisation=OrganisationFactory.create(kind=kind),
            updated=date(2026, 11, 1),
        )


def test_the_answers_of_two_practices_alone_are_not_shown_by_their_kind(medcom: Client) -> None:
    for kind, practices in (("general", 3), ("specialist", 2)):
        five({"contact": 1, "sound": 1}, context={"region": NORTH, "practice_kind": kind})
        invited(kind, practices)

    assert TOO_FEW not in page(medcom, sp="sound", art="general").content.decode()
    assert TOO_FEW in page(medcom, sp="sound", art="specialist").content.decode()
    invited("specialist", 1, SOUTH)
    assert TOO_FEW not in page(medcom, sp="sound", art="specialist").content.decode()
    assert TOO_FEW in page(medcom, sp="sound", art="specialist", region=NORTH).content.decode()


def test_small_cells_beside_what_others_know_are_hidden_and_the_totals_exact(medcom: Client) -> None:
    for sex, sound, count in ((1, 1, 9), (1, 2, 1), (2, 1, 7), (2, 2, 6), (2, 3, 5)):
        for _ in range(count):
            response({"sex": sex, "contact": 1, "sound": sound})

    rows = table(page(medcom, sp="sex", kryds="sound"))

    hidden = "skjult"
    assert rows[1] == ["Mand", hidden, hidden, "0 % (0)", "10"]
    assert rows[2] == ["Kvinde", hidden, hidden, "28 % (5)", "18"]
    assert rows[3] == ["Alle", "57 % (16)", "25 % (7)", "18 % (5)", "28"]
    said = {(line["row_code"], line["column_code"]): line for line in lines(medcom, sp="sex", kryds="sound")}
    assert [said[cell]["n"] for cell in (("1", "2"), ("2", "1"), ("2", "3"))] == ["", "", "5"]
    assert (said["1", "2"]["held_back"], said["2", "3"]["held_back"]) == ("1", "0")
    # The other way round the same cells are hidden, or the two tables would give them away.
    turned = table(page(medcom, sp="sound", kryds="sex"))
    assert [row[1:3] for row in turned[1:4]] == [[hidden, hidden], [hidden, hidden], ["0 % (0)", "100 % (5)"]]
    # Two questions that nobody knows the answers of are told as they are.
    assert hidden not in page(medcom, sp="contact", kryds="sound").content.decode()
    assert "Skjult betyder" in page(medcom, sp="sex", kryds="sound").content.decode()


def test_a_question_with_n_per_cent_and_how_many_were_asked(medcom: Client) -> None:
    for sound in (1, 1, 2):
        response({"sex": 1, "contact": 1, "sound": sound})
    response({"sex": 2, "contact": 1})
    response({"contact": 2, "device": 1})
    response({"contact": 1}, reached=2)
    # Stopped after the background: counted nowhere.
    response({"sex": 1}, reached=1)

    answer = page(medcom, sp="sound")

    assert table(answer) == [
        ["Svar", "Antal", "Procent af dem, der svarede"],
        ["God", "2", "67 %"],
        ["Dårlig", "1", "33 %"],
        ["Ved ikke", "0", "0 %"],
        ["Svarede", "3", ""],
        ["Sprang spørgsmålet over", "1", ""],
        ["Blev ikke spurgt på grund af deres andre svar", "1", ""],
        ["Nåede ikke til spørgsmålet", "1", ""],
    ]
    text = answer.content.decode()
    assert "3 svarede af 4, der blev spurgt (75 %)." in text
    assert "1 person svarede kun på den første side og er ikke talt med." in text


def test_of_several_answers_a_grid_a_year_and_own_words(medcom: Client) -> None:
    response({"contact": 1, "advantages": [1, 6], "birth_year": 1941, "easy_to_use": 5})
    response({"contact": 1, "advantages": [7], "birth_year": 1948}, texts={"comments": "Tak for hjælpen, Grethe"})

    assert counts(medcom, sp="advantages") == {"7": 1, "1": 1, "6": 1, "2": 0, "3": 0, "4": 0, "5": 0}
    assert [line["per_cent"] for line in lines(medcom, sp="advantages")][:2] == ["50", "50"]
    assert counts(medcom, sp="birth_year") == {"1940": 2}
    assert counts(medcom, sp="easy_to_use")["5"] == 1
    assert "Hvor enig er du?" in page(medcom, sp="easy_to_use").content.decode()
    words = page(medcom, sp="comments")
    assert "1 svarede af 2, der blev spurgt (50 %)." in words.content.decode()
    assert "Grethe" not in words.content.decode()
    assert "<img" not in re.sub(r"<header.*?</header>", "", words.content.decode(), flags=re.DOTALL)


def test_own_words_are_counted_of_those_whom_the_rules_asked(medcom: Client) -> None:
    response({"contact": 2}, texts={"contact_why": "Intet billede"})
    response({"contact": 2})
    response({"contact": 1, "advantages": [5, 1]}, texts={"advantages_text": "Bilen"})
    response({"contact": 1, "advantages": [1]})

    assert "1 svarede af 2, der blev spurgt" in page(medcom, sp="contact_why").content.decode()
    assert "1 svarede af 1, der blev spurgt" in page(medcom, sp="advantages_text").content.decode()


def test_two_questions_together(medcom: Client) -> None:
    response({"contact": 1, "picture": 1, "advantages": [1, 6]})
    response({"contact": 1, "picture": 1, "advantages": [1]})
    response({"contact": 1, "picture": 2, "advantages": [7]})
    response({"contact": 1, "picture": 2})

    answer = page(medcom, sp="picture", kryds="advantages")

    assert "3 svarede på begge spørgsmål." in answer.content.decode()
    rows = table(answer)
    assert rows[0][0] == "Hvordan var billedet?"
    heads = rows[0][1:]
    good = dict(zip(heads, rows[1][1:], strict=True))
    assert rows[1][0] == "Godt"
    assert good["Svarede"] == "2"
    assert sorted(value for head, value in good.items() if head != "Svarede" and value != "0 % (0)") == [
        "100 % (2)",
        "50 % (1)",
    ]
    assert rows[-1][-1] == "3"
    found = lines(medcom, sp="picture", kryds="advantages")
    assert len(found) == 3 * 7
    first = next(line for line in found if (line["row_code"], line["column_code"]) == ("1", "1"))
    assert (first["n"], first["per_cent_of_row"], first["row_answered"], first["both_answered"]) == (
        "2",
        "100",
        "2",
        "3",
    )


def test_a_question_beside_itself_or_beside_own_words_stands_alone(medcom: Client) -> None:
    response({"contact": 1, "sound": 1}, texts={"comments": "Godt"})

    for chosen in ({"sp": "sound", "kryds": "sound"}, {"sp": "comments", "kryds": "sound"}):
        assert "svarede på begge" not in page(medcom, **chosen).content.decode()
    refused = page(medcom, sp="sound", kryds="comments")
    assert refused.status_code == 200
    assert "Vælg fra listen." in refused.content.decode()


def test_the_period_and_rows_without_a_date_that_belong_to_every_one(medcom: Client) -> None:
    five({"contact": 1, "sound": 1}, day=date(2026, 9, 30))
    five({"contact": 1, "sound": 2}, day=date(2026, 10, 31))
    five({"contact": 1, "sound": 3}, day=None)

    assert counts(medcom, sp="sound") == {"1": 5, "2": 5, "3": 5}
    assert counts(medcom, sp="sound", fra="2026-10") == {"1": 0, "2": 5, "3": 5}
    assert counts(medcom, sp="sound", til="2026-09") == {"1": 5, "2": 0, "3": 5}
    assert counts(medcom, sp="sound", fra="2026-11", til="2026-11") == {"1": 0, "2": 0, "3": 5}
    assert "september 2026 til oktober 2026" in page(medcom, fra="2026-09", til="2026-10").content.decode()


def test_region_and_outcome_where_the_version_keeps_them(medcom: Client) -> None:
    five({"contact": 1, "sound": 1}, context={"region": NORTH, "outcome": "carried_out"})
    five({"contact": 1, "sound": 2}, context={"region": SOUTH, "outcome": "carried_out"})
    five({"contact": 1, "sound": 3}, context={"region": NORTH, "outcome": "unknown"})

    assert counts(medcom, sp="sound", region=NORTH) == {"1": 5, "2": 0, "3": 5}
    assert counts(medcom, sp="sound", region=NORTH, udfald="unknown") == {"1": 0, "2": 0, "3": 5}
    text = page(medcom, region=NORTH, udfald="carried_out").content.decode()
    assert "Region Nordjylland, Gennemført" in text
    assert 'name="art"' in text


def test_what_a_version_does_not_keep_is_no_choice(medcom: Client) -> None:
    QuestionnaireVersion.objects.filter(pk=patients().pk).update(context=["region"])
    five({"contact": 1, "sound": 1}, context={"region": NORTH})

    assert 'name="art"' not in page(medcom).content.decode()
    # Choosing it by hand changes nothing.
    assert counts(medcom, sp="sound", art="general") == {"1": 5, "2": 0, "3": 0}


def test_the_kind_of_practice_where_a_version_keeps_it(medcom: Client) -> None:
    QuestionnaireVersion.objects.filter(pk=patients().pk).update(context=["practice_kind"])
    five({"contact": 1, "sound": 1}, context={"practice_kind": "general"})
    five({"contact": 1, "sound": 2}, context={"practice_kind": "specialist"})

    assert counts(medcom, sp="sound", art="specialist") == {"1": 0, "2": 5, "3": 0}
    assert 'name="region"' not in page(medcom).content.decode()


@pytest.mark.parametrize("name", ["praksis", "organisation", "practice"])
def test_no_choice_goes_by_practice(medcom: Client, name: str) -> None:
    response({"contact": 1, "sound": 1}, context={"region": NORTH})

    assert f'name="{name}"' not in page(medcom).content.decode()
    assert counts(medcom, sp="sound", **{name: "1"}) == {"1": 1, "2": 0, "3": 0}


def test_a_regions_administrator_sees_the_region_alone(north: Organisation, south: Organisation) -> None:
    five({"contact": 1, "sound": 1}, context={"region": NORTH})
    five({"contact": 1, "sound": 2}, context={"region": SOUTH})
    five({"contact": 1, "sound": 3})
    client = logged_in(Role.ADMINISTRATOR, north)

    for chosen in ({}, {"region": SOUTH}, {"region": NORTH}):
        assert counts(client, sp="sound", **chosen) == {"1": 5, "2": 0, "3": 0}
    tiles = client.get(reverse("surveys:results")).content.decode()
    assert re.findall(r'tile__number">(\d+)<', tiles) == ["5", "0"]
    assert "Region Syddanmark" not in page(client).content.decode()


def test_a_region_sees_nothing_of_a_version_that_keeps_no_region(north: Organisation) -> None:
    QuestionnaireVersion.objects.filter(pk=patients().pk).update(context=[])
    response({"contact": 1, "sound": 1})
    client = logged_in(Role.ADMINISTRATOR, north)

    text = page(client, sp="sound").content.decode()
    assert "gemmer ikke regionen" in text
    assert "<table" not in text
    assert counts(client, sp="sound") == {"1": 0, "2": 0, "3": 0}


def test_the_national_postcard_is_everybodys_and_syddanmarks_its_own(north: Organisation, south: Organisation) -> None:
    PostcardFactory.create_batch(2)
    PostcardFactory.create(edition=Edition.SYDDANMARK, region_code=SOUTH, replaced=None, carried_out=YesNo.NO)

    for region, syddanmark in ((north, 404), (south, 200)):
        client = logged_in(Role.ADMINISTRATOR, region)
        assert counts(client, NATIONAL, sp="carried_out") == {"1": 2, "2": 0}
        assert 'name="region"' not in page(client, NATIONAL).content.decode()
        for name in ("result", "result_picture"):
            assert client.get(reverse(f"surveys:{name}", kwargs=SYDDANMARK)).status_code == syddanmark
        assert take_away(client, SYDDANMARKS_FILE).status_code == syddanmark
    assert counts(logged_in(Role.RESEARCHER), SYDDANMARK, sp="carried_out") == {"1": 0, "2": 1}


def test_the_postcards_of_the_pilot_and_the_reports_crossings(medcom: Client) -> None:
    PostcardFactory.create_batch(5)
    PostcardFactory.create(sound=GoodPoor.POOR, carried_out=YesNo.NO, date=date(2026, 10, 1))
    PostcardFactory.create(sound=None)

    answer = page(medcom, NATIONAL, sp="sound", kryds="carried_out")

    assert table(answer) == [
        ["Hvordan var lyden?", "Ja", "Nej", "Svarede"],
        ["God", "100 % (5)", "0 % (0)", "5"],
        ["Dårlig", "0 % (0)", "100 % (1)", "1"],
        ["Alle", "83 % (5)", "17 % (1)", "6"],
    ]
    text = answer.content.decode()
    for name in ("sound", "picture", "longer"):
        assert f"sp={name}&amp;kryds=carried_out" in text
    assert "6 svarede af 7, der blev spurgt (86 %)." in page(medcom, NATIONAL, sp="sound").content.decode()
    assert counts(medcom, NATIONAL, sp="sound", fra="2026-11") == {"1": 5, "2": 0}
    assert "replaced" not in page(medcom, SYDDANMARK).content.decode()


@pytest.mark.parametrize("role", [Role.DOCTOR, Role.SECRETARY, Role.ADMINISTRATOR])
def test_a_practice_sees_no_answers(north: Organisation, role: Role) -> None:
    client = logged_in(role, OrganisationFactory.create(parent=north))

    assert client.get(reverse("surveys:results")).url == reverse("surveys:response_rate")
    for source in (PATIENTS, NATIONAL):
        assert page(client, source).status_code == 403
        assert client.get(reverse("surveys:result_picture", kwargs=source)).status_code == 403
        file = reverse("surveys:result_file", kwargs={**source, "kind": "csv"})
        assert take_away(client, file).status_code == 403
    assert not AuditEntry.objects.filter(action="results.downloaded").exists()


def test_a_doctor_at_the_regions_own_place_is_no_administrator_of_it(north: Organisation) -> None:
    assert page(logged_in(Role.DOCTOR, north)).status_code == 403


def addresses() -> list[str]:
    return [
        reverse("surveys:results"),
        reverse("surveys:result", kwargs=PATIENTS),
        reverse("surveys:result_picture", kwargs=PATIENTS),
    ]


def test_strangers_are_asked_to_log_in_and_whoever_has_no_role_sees_nothing() -> None:
    user = member(Role.RESEARCHER)
    user.memberships.update(ended_at=datetime(2026, 11, 1, tzinfo=UTC))
    former = Client()
    former.force_login(user)
    without = Client()
    without.force_login(member(Role.RESEARCHER))

    for address in addresses():
        assert Client().get(address).url.startswith(reverse("accounts:login"))
        assert former.get(address).status_code == 403
        assert without.get(address).url.startswith(reverse("accounts:enrol"))
        assert logged_in(Role.MEDCOM).post(address).status_code == 405
    file = reverse("surveys:result_file", kwargs={**PATIENTS, "kind": "png"})
    assert take_away(Client(), file).url.startswith(reverse("accounts:login"))
    assert take_away(former, file).status_code == 403
    assert take_away(without, file).url.startswith(reverse("accounts:enrol"))
    # Looking changes nothing, and taking away is written down.
    assert logged_in(Role.MEDCOM).get(file).status_code == 405


def test_what_is_not_there_is_not_found(medcom: Client) -> None:
    assert page(medcom, {"key": "patients", "number": 2}).status_code == 404
    assert page(medcom, {"key": "unknown", "number": 1}).status_code == 404
    assert take_away(medcom, reverse("surveys:result_file", kwargs={**PATIENTS, "kind": "exe"})).status_code == 404
    # A draft has no answers, and may hold anything.
    QuestionnaireVersion.objects.create(questionnaire=patients().questionnaire, number=2)
    assert page(medcom, {"key": "patients", "number": 2}).status_code == 404


def test_nobody_has_answered(medcom: Client) -> None:
    assert "Når nogen har svaret, står tallene her." in page(medcom).content.decode()
    response({"contact": 1, "sound": 1}, day=date(2026, 9, 1))
    assert "Ingen svar passer til det, du har valgt." in page(medcom, fra="2026-10").content.decode()
    for kind in ("csv", "svg", "png"):
        for chosen in ({"sp": "birth_year"}, {"sp": "birth_year", "kryds": "sex"}):
            address = reverse("surveys:result_file", kwargs={**PATIENTS, "kind": kind})
            assert take_away(medcom, address, {**chosen, "fra": "2026-10"}).status_code == 200


def test_the_page_in_english(medcom: Client) -> None:
    response({"contact": 1, "sound": 1})
    medcom.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "How was the sound?" in page(medcom, sp="sound").content.decode()
    assert lines(medcom, sp="sound")[0]["label"] == "Good"
