"""The page where researchers take answers away: to whom, what it shows, and the file itself."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import AsyncClient, Client
from django.urls import reverse

from tests.factories.accounts import OrganisationFactory, member, second_factor, show_second_factor
from tests.factories.responses import response
from tests.factories.surveys import PostcardFactory
from vdx.accounts.enums import SECOND_FACTOR_ROLES, OrganisationKind, Role
from vdx.accounts.models import AuditEntry

pytestmark = pytest.mark.django_db

PAGE, ZIP = "/portal/forskning/", "/portal/forskning/hent"


@pytest.fixture(autouse=True)
def _december(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vdx.lib.clock.now", lambda: datetime(2026, 12, 23, 9, tzinfo=UTC))


def logged_in(role: Role) -> Client:
    user = member(role, OrganisationFactory.create())
    client = Client()
    client.force_login(user)
    if role in SECOND_FACTOR_ROLES:
        show_second_factor(client, second_factor(user))
    return client


@pytest.fixture
def client() -> Client:
    return logged_in(Role.RESEARCHER)


def names(data: bytes) -> set[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return set(archive.namelist())


def whole(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def test_the_page_says_what_comes_along_and_changes_nothing(client: Client) -> None:
    for _ in range(6):
        response({"sex": 1})

    page = client.get(PAGE)

    text = page.content.decode()
    assert page.status_code == 200
    assert "6 besvarelser" in text
    assert "birth_year" in text
    assert not AuditEntry.objects.filter(target_type="export").exists()


def test_the_english_page_names_the_questionnaire_in_english(client: Client) -> None:
    client.cookies["django_language"] = "en"

    text = client.get(PAGE).content.decode()

    assert "How did your video call go? (1)" in text
    assert "Hvordan gik din videosamtale?" not in text


def test_the_file_is_a_zip_that_nobody_keeps(client: Client) -> None:
    for _ in range(6):
        response({"sex": 1}, texts={"comments": "tak"})

    answer = client.post(ZIP, {"svar": "patients-1"})

    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"] == 'attachment; filename="vdx-patients-1-20261223-0900.zip"'
    assert answer["Cache-Control"] == "no-store"
    assert "texts.csv" not in names(whole(answer))


def test_free_text_comes_along_when_asked_for(client: Client) -> None:
    response({"sex": 1}, texts={"comments": "tak"})

    answer = client.post(ZIP, {"svar": "patients-1", "fritekst": "on"})

    assert "texts.csv" in names(whole(answer))


def test_postcards_come_as_a_zip_too(client: Client) -> None:
    PostcardFactory.create()

    assert "2 postkort" not in client.get(PAGE, {"svar": "postkort"}).content.decode()
    assert "data.sav" in names(whole(client.post(ZIP, {"svar": "postkort"})))


@pytest.mark.django_db(transaction=True)
async def test_under_asgi_it_is_sent_piece_by_piece() -> None:
    from asgiref.sync import sync_to_async

    def prepare() -> Client:
        response({"sex": 1})
        return logged_in(Role.RESEARCHER)

    known = await sync_to_async(prepare)()
    client = AsyncClient()
    client.cookies = known.cookies

    answer = await client.post(ZIP, {"svar": "patients-1"})

    assert answer.is_async
    pieces = [piece async for piece in answer]
    assert "data.csv" in names(b"".join(pieces))


@pytest.mark.parametrize("role", [role for role in Role if role != Role.RESEARCHER])
def test_nobody_else_sees_it_or_takes_it(role: Role) -> None:
    stranger = logged_in(role)

    assert stranger.get(PAGE).status_code == 403
    assert stranger.post(ZIP, {"svar": "patients-1"}).status_code == 403
    assert not AuditEntry.objects.filter(target_type="export").exists()


def test_a_researcher_shows_the_second_factor_first() -> None:
    client = Client()
    client.force_login(member(Role.RESEARCHER))

    assert client.get(PAGE).status_code == 302
    assert client.post(ZIP, {"svar": "patients-1"}).status_code == 302


def test_who_is_not_logged_in_is_asked_to() -> None:
    assert Client().get(PAGE)["Location"].startswith(reverse("accounts:login"))
    assert Client().post(ZIP).status_code == 302


def test_it_is_not_taken_by_a_link(client: Client) -> None:
    assert client.get(ZIP).status_code == 405


def test_a_choice_that_is_too_narrow_is_refused_in_words(client: Client) -> None:
    response({"sex": 1})

    answer = client.post(ZIP, {"svar": "patients-1", "fra": "2026-11"})

    assert answer.status_code == 409
    assert "så lille" in answer.content.decode()
    entry = AuditEntry.objects.get(target_type="export")
    assert (entry.action, entry.detail["filter"]["from"]) == ("responses.export_refused", "1900-01-01")


def test_the_page_counts_no_choice_that_is_too_narrow(client: Client) -> None:
    for outcome, count in (("carried_out", 5), ("technical_failure", 4)):
        for _ in range(count):
            response({"sex": 1}, context={"outcome": outcome})

    assert "5 besvarelser" in client.get(PAGE, {"udfald": "carried_out"}).content.decode()
    narrow = client.get(PAGE, {"udfald": "technical_failure"}).content.decode()
    assert "Færre end 5 svar." in narrow
    assert "4 besvarelser" not in narrow


@pytest.mark.parametrize(
    "chosen",
    [
        {"svar": "patients-99"},
        {"fra": "2026-11-02"},
        {"til": "2026-12"},
        {"fra": "2026-11", "til": "2026-10"},
        {"region": "findes-ikke"},
        {"praksis": "region"},
        {"svar": "postkort", "udfald": "carried_out"},
    ],
)
def test_what_cannot_be_chosen_is_said(client: Client, chosen: dict[str, str]) -> None:
    assert client.get(PAGE, chosen).status_code == 400
    assert client.post(ZIP, {"svar": "patients-1", **chosen}).status_code == 400


def test_the_page_asks_the_database_the_same_with_one_response_as_with_three(
    client: Client, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(PAGE)
    response({"sex": 1})
    with CaptureQueriesContext(connection) as one:
        client.get(PAGE)
    response({"sex": 1})
    response({"sex": 2})
    with django_assert_num_queries(len(one)):
        client.get(PAGE)


@pytest.mark.parametrize(("code", "refused"), [("region-nord", True), ("region-syddanmark", False)])
def test_of_the_postcards_only_syddanmarks_know_a_region(client: Client, code: str, refused: bool) -> None:
    OrganisationFactory.create(code=code, kind=OrganisationKind.REGION)

    answer = client.get(reverse("surveys:export"), {"svar": "postkort", "region": code})

    assert ("region" in answer.context["form"].errors) is refused
