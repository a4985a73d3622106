"""Responses that become final at the same moment are all kept, whole; one that is erased meanwhile is gone."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection

from surveys import services
from surveys.models import FreeText, Response
from surveys.queries.definition import published_version
from vdx.lib import clock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.service]


def at_once(*jobs: Callable[[], Any]) -> list[Any]:
    def alone(job: Callable[[], Any]) -> Any:
        try:
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(alone, jobs))


def version_id() -> int:
    version = published_version("patients")
    assert version is not None
    return version.pk


def send(study: UUID, version: int, page: int, answers: dict[str, Any], *, finish: bool = False) -> Any:
    return services.send_page(
        study_id=study,
        version_id=version,
        page=page,
        answers=answers,
        seen=set(answers),
        context={},
        finish=finish,
        today=clock.local_date(clock.now()),
    )


def sender(study: UUID, version: int) -> Callable[[], Any]:
    """Sends the last page of a response that has answered what must be answered."""
    send(study, version, 2, {"contact": 1})
    return lambda: send(study, version, 7, {"comments": f"{study}"}, finish=True)


def test_many_that_finish_at_once_are_all_kept_with_their_own_texts() -> None:
    version = version_id()
    studies = [uuid4() for _ in range(8)]

    assert at_once(*(sender(study, version) for study in studies)) == ["complete"] * 8

    assert dict(FreeText.objects.values_list("response", "text")) == {study: f"{study}" for study in studies}
    assert set(Response.objects.values_list("state", flat=True)) == {"complete"}


def test_the_same_page_sent_many_times_at_once_is_one_response() -> None:
    version, study = version_id(), uuid4()

    assert set(at_once(*[sender(study, version)] * 6)) == {"complete"}

    assert Response.objects.count() == 1
    assert FreeText.objects.count() == 1


def test_one_that_is_erased_while_others_are_mixed_is_gone() -> None:
    version = version_id()
    doomed = [uuid4() for _ in range(4)]
    for study in doomed:
        sender(study, version)()
    fresh = [uuid4() for _ in range(4)]

    jobs = [job for pair in zip(
        [sender(study, version) for study in fresh],
        [lambda study=study: services.erase(study_id=study) for study in doomed],
        strict=True,
    ) for job in pair]  # fmt: skip
    at_once(*jobs)

    assert set(Response.objects.values_list("pk", flat=True)) == set(fresh)
    assert set(FreeText.objects.values_list("response", flat=True)) == set(fresh)
