"""The patient's language, which a record system may say when it books."""

from __future__ import annotations

import pytest

from booking.delivery_forms import fresh_send_initial
from booking.models import Meeting


def kept(world, uuid: str) -> str:
    return str(world.run(f"from booking.models import Meeting\nanswer = Meeting.objects.get(uuid='{uuid}').language"))


@pytest.mark.parametrize(
    ("sent", "language"),
    [({}, "da"), ({"language": None}, "da"), ({"language": "da"}, "da"), ({"language": "en"}, "en")],
)
def test_it_is_danish_unless_something_else_is_said(world, planner, body, sent, language):
    made = planner.post("meetings", body(**sent))
    assert made.status == 200
    assert "language" not in made.json()
    assert kept(world, made.json()["uuid"]) == language


def test_it_can_be_changed_and_stays_where_it_is_not_named(world, planner, body):
    uuid = planner.post("meetings", body(language="en")).json()["uuid"]
    planner.put(f"meetings/{uuid}", body())
    assert kept(world, uuid) == "en"
    planner.patch(f"meetings/{uuid}", {"language": None})
    assert kept(world, uuid) == "da"
    assert planner.patch(f"meetings/{uuid}", {"language": "en"}).status == 200
    assert kept(world, uuid) == "en"


def test_another_language_cannot_be_read(planner, body):
    answer = planner.post("meetings", body(language="de"))
    assert (answer.status, answer.code) == (400, "")


def test_links_are_offered_in_it():
    assert fresh_send_initial(Meeting(language="en"))["language"] == "en"
