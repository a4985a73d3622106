"""Nobody who holds a full dump, every log line and every export learns from them who answered what.

Names, numbers and a CPR number are typed wherever a guest can type; afterwards only the table of free texts and the
file of free texts hold them, and no row of an answer leads to a call or a browser.
"""

from __future__ import annotations

import csv
import io
import logging
import random
import zipfile
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from booking.models import Meeting
from rooms import services as rooms
from rooms.access import SEAT_COOKIE
from rooms.enums import CloseReason
from surveys import tasks
from surveys.access import ANSWERS_COOKIE, study_id_of
from surveys.models import Response
from surveys.queries.dataset import responses_dataset
from surveys.queries.definition import published_version
from surveys.queries.export import Chosen
from surveys.services import export
from tests.factories.accounts import member
from tests.factories.monitoring import booked_meeting, guest_came, host_came
from tests.factories.responses import response
from tests.surveys.test_postcard_privacy import dump
from vdx.accounts.enums import Role
from vdx.lib import clock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.service]

PLANTED = ("Grethe Sand", "0101501234", "010150-1234", "12345678", "grethe@example.test")
SAID = "Jeg hedder Grethe Sand, 010150-1234 eller 0101501234, ring 12345678 eller grethe@example.test"
GUESTS = 12

WAY: list[tuple[int, dict[str, Any]]] = [
    (1, {"sex": 2, "birth_year": "1950"}),
    (2, {"contact": 1, "times_used": 1, "device": 1}),
    (3, {"easy_to_use": 5, "helped": 1, "helped_by": [4], "helped_by_text": SAID, "usability_comments": SAID}),
    (4, {"picture": 1, "sound": 1, "other_problems": 1, "other_problems_text": SAID, "other_problems_prevented": 2}),
    (5, {"time_preparing": 3, "transport_important": 1}),
    (6, {"good_contact": 5, "accept_again": 3, "accept_again_why": SAID}),
    (7, {"advantages": [5], "advantages_text": SAID, "drawbacks": [5], "drawbacks_text": SAID, "comments": SAID}),
]


def over() -> tuple[Meeting, str]:
    doctor = member()
    start = clock.now() - timedelta(minutes=20)
    meeting = booked_meeting(doctor, start=start)
    host, _, _ = host_came(meeting, doctor, at=start)
    _, token, _ = guest_came(meeting, at=start, let_in_by=host)
    rooms.close_room(room_id=meeting.room_id, reason=CloseReason.ENDED, now=start + timedelta(minutes=10))
    return meeting, token


def browser(token: str) -> Client:
    client = Client()
    client.cookies[SEAT_COOKIE] = token
    return client


def send(client: Client, meeting: Meeting, page: int, answers: dict[str, Any], **headers: str) -> Any:
    data = {f"q-{name}": value for name, value in answers.items()}
    seen = {"seen": list(answers), "go": "next"}
    return client.post(f"/m/{meeting.short_id}/svar/{page}", {**data, **seen}, headers=headers)


def holding(tables: dict[str, list[dict[str, Any]]], planted: str) -> set[str]:
    return {
        table for table, rows in tables.items() for row in rows if any(planted in str(value) for value in row.values())
    }


def test_what_was_typed_stands_among_the_free_texts_and_nowhere_else(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    meeting, token = over()
    client = browser(token)
    client.post(f"/m/{meeting.short_id}/svar")
    # Where numbers and codes are expected, and in a field that nobody asked for.
    for wrong in ({"sex": "Grethe Sand", "birth_year": "010150-1234"}, {"sex": 2, "birth_year": "12345678"}):
        assert send(client, meeting, 1, wrong).status_code == 400
    for page, answers in WAY:
        assert send(client, meeting, page, {**answers, "extra": SAID}).status_code == 302
    tasks.sweep()

    tables = dump()
    lines = [record.getMessage() for record in caplog.records if not record.name.startswith("django.db")]
    for planted in PLANTED:
        assert holding(tables, planted) == {"surveys_freetext"}, planted
        assert [line for line in lines if planted in line] == []
    assert Response.objects.get().state == "complete"
    kept = str(getattr(cache, "_cache", {}))
    assert not any(planted in kept for planted in PLANTED)

    # One alone would wait for others.
    for _ in range(4):
        response({"sex": 1}, day=clock.local_date(clock.now()))
    without, with_texts = files(texts=False), files(texts=True)
    assert "texts.csv" not in without
    for planted in PLANTED:
        assert [name for name, content in without.items() if planted.encode() in content] == []
        assert [name for name, content in with_texts.items() if planted.encode() in content] == ["texts.csv"]
    told = list(csv.reader(io.StringIO(with_texts["texts.csv"].decode())))
    assert len([row for row in told if SAID in row[-1]]) == 7


def files(*, texts: bool) -> dict[str, bytes]:
    version = published_version("patients")
    assert version is not None
    taken = export.export_responses(
        actor=member(Role.RESEARCHER),
        version=version,
        dataset=responses_dataset(version),
        chosen=Chosen(),
        with_texts=texts,
        language="da",
        # Their month is over by then.
        now=clock.now() + timedelta(days=40),
    )
    with zipfile.ZipFile(io.BytesIO(b"".join(taken.pieces()))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_no_row_of_an_answer_leads_to_a_call() -> None:
    calls = [over() for _ in range(GUESTS)]
    years = random.sample(range(1930, 2000), GUESTS)
    studies: list[UUID] = []
    for (meeting, token), year in zip(calls, years, strict=True):
        client = browser(token)
        client.post(f"/m/{meeting.short_id}/svar")
        study = study_id_of(client.cookies[ANSWERS_COOKIE].value)
        assert study is not None
        studies.append(study)
        for page, answers in WAY:
            send(client, meeting, page, {**answers, **({"birth_year": year} if page == 1 else {})})

    tables = dump()
    responses = tables.pop("surveys_response")
    texts = tables.pop("surveys_freetext")
    assert len(responses) == GUESTS
    assert len(texts) == 7 * GUESTS
    columns = set(responses[0]) - {"hidden_xmin", "hidden_cmin"}
    assert columns == {
        "study_id", "version_id", "state", "date", "answers", "context", "reached", "source", "import_key",
        "background_only", "row",
    }  # fmt: skip

    # No key of a response stands anywhere else, and nothing of a room, a seat or an invitation stands on one.
    keys = {study.hex for study in studies}
    elsewhere = [str(value).replace("-", "") for rows in tables.values() for row in rows for value in row.values()]
    assert not any(key in value for value in elsewhere for key in keys)
    own = " ".join(str(value).replace("-", "") for row in [*responses, *texts] for value in row.values())
    for meeting, _ in calls:
        assert meeting.room.uuid.hex not in own
        assert meeting.short_id not in own
        assert not any(seat.key in own for seat in meeting.room.seats.all())
    if connection.vendor == "postgresql":
        written = {row["hidden_xmin"] for row in [*responses, *texts]}
        assert written.isdisjoint(row["hidden_xmin"] for row in tables["surveys_invitation"])
        assert len(written) == 1

    # Twelve responses in the order in which they lie: as they came, or the other way round, by chance alone.
    order = [years.index(int(row["row"].strip("[]").split(",")[1]) if isinstance(row["row"], str) else row["row"][1])
             for row in responses]  # fmt: skip
    assert sorted(order) == list(range(GUESTS))
    assert order not in (list(range(GUESTS)), list(range(GUESTS))[::-1])


def test_answering_is_logged_in_the_same_words_whatever_was_said(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    said = []
    for year in ("1931", "1999"):
        meeting, token = over()
        client = browser(token)
        client.post(f"/m/{meeting.short_id}/svar")
        caplog.clear()
        send(client, meeting, 1, {"sex": 1, "birth_year": year})
        said.append([record.getMessage().rsplit(" ", 2)[0] for record in caplog.records])

    assert said[0] == said[1] != []
