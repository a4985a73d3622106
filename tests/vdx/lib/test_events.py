"""Facts are told after commit, and a listener that fails harms nobody else."""

from __future__ import annotations

import logging

import pytest
from django.db import transaction

from vdx.lib.events import Fact

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def door_opened() -> Fact:
    return Fact("door_opened", provides=("room_uuid",))


def test_listeners_hear_a_fact_only_after_commit(door_opened: Fact) -> None:
    heard: list[str] = []

    def listener(sender, room_uuid, **kwargs) -> None:
        heard.append(room_uuid)

    door_opened.connect(listener)
    with transaction.atomic():
        door_opened.tell(room_uuid="r1")
        assert heard == []
    assert heard == ["r1"]


def test_what_is_rolled_back_is_never_told(door_opened: Fact) -> None:
    heard: list[str] = []

    def listener(sender, room_uuid, **kwargs) -> None:
        heard.append(room_uuid)

    door_opened.connect(listener)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        door_opened.tell(room_uuid="r1")
        raise ZeroDivisionError
    assert heard == []


def test_a_listener_that_fails_is_logged_and_disturbs_no_other(
    door_opened: Fact, settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.VDX_EVENTS_RAISE = False
    heard: list[str] = []

    def broken(sender, **kwargs) -> None:
        raise RuntimeError("out of order")

    def listener(sender, room_uuid, **kwargs) -> None:
        heard.append(room_uuid)

    door_opened.connect(broken)
    door_opened.connect(listener)
    with caplog.at_level(logging.ERROR, "vdx.lib.events"):
        door_opened.tell(room_uuid="r1")
    assert heard == ["r1"]
    assert [record.exc_info[0] for record in caplog.records if record.name == "vdx.lib.events"] == [RuntimeError]


def test_in_tests_a_listener_that_fails_fails_the_test(door_opened: Fact) -> None:
    def broken(sender, **kwargs) -> None:
        raise RuntimeError("out of order")

    door_opened.connect(broken)
    with pytest.raises(RuntimeError):
        door_opened.tell(room_uuid="r1")


@pytest.mark.parametrize("payload", [{}, {"room_uuid": "r1", "pin": "1234"}])
def test_a_payload_that_is_not_what_the_fact_provides_is_refused(door_opened: Fact, payload: dict[str, str]) -> None:
    with pytest.raises(TypeError):
        door_opened.tell(**payload)


def test_a_writer_writes_inside_the_transaction(door_opened: Fact) -> None:
    written: list[bool] = []

    @door_opened.within
    def writer(room_uuid: str) -> None:
        written.append(transaction.get_connection().in_atomic_block)

    door_opened.within(writer)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        door_opened.tell(room_uuid="r1")
        assert written == [True]
        raise ZeroDivisionError


def test_a_writer_that_fails_takes_nothing_else_back(door_opened: Fact, settings) -> None:
    settings.VDX_EVENTS_RAISE = False
    heard: list[str] = []

    @door_opened.within
    def broken(room_uuid: str) -> None:
        with transaction.get_connection().cursor() as cursor:
            cursor.execute("SELECT nothing FROM nowhere")

    def listener(sender, room_uuid, **kwargs) -> None:
        heard.append(room_uuid)

    door_opened.connect(listener)
    with transaction.atomic():
        door_opened.tell(room_uuid="r1")
        with transaction.get_connection().cursor() as cursor:
            cursor.execute("SELECT 1")
    assert heard == ["r1"]
