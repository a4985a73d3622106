"""A postcard is kept once, without anybody's name, and in no order."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from surveys import services
from surveys.enums import Edition
from surveys.models import Postcard
from surveys.rules.postcard import MIXED_WITH
from surveys.services import Answers
from tests.factories.surveys import PostcardFactory
from vdx.accounts.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.service]

TODAY = date(2026, 11, 23)
WHOLE = Answers(carried_out=1, picture=2, sound=1, longer=2, replaced=3)


def send(answers: Answers = WHOLE, *, room: UUID | None = None, seat: str = "0123456789ab", **fields: object) -> bool:
    edition = fields.pop("edition", Edition.NATIONAL)
    return services.send_postcard(
        room_uuid=room or uuid4(),
        seat_key=seat,
        answers=answers,
        edition=edition,
        today=TODAY,
        **{"region_code": "", **fields},
    )


def test_the_answers_are_kept_with_the_date_and_nothing_else() -> None:
    assert send()

    card = Postcard.objects.get()
    kept = {field.name: getattr(card, field.name) for field in Postcard._meta.fields if field.name != "key"}
    assert kept == {
        "date": TODAY,
        "edition": "national",
        "region_code": "",
        "carried_out": 1,
        "picture": 2,
        "sound": 1,
        "longer": 2,
        "replaced": 3,
    }


def test_any_question_may_be_skipped() -> None:
    assert send(Answers(sound=2))

    card = Postcard.objects.get()
    assert (card.carried_out, card.picture, card.sound, card.longer, card.replaced) == (None, None, 2, None, None)


def test_no_answer_at_all_is_no_card() -> None:
    room = uuid4()

    assert not send(Answers(), room=room)
    assert not Postcard.objects.exists()
    # Who pressed Send too early may still answer.
    assert send(room=room)


def test_a_second_submit_gives_no_second_card() -> None:
    room = uuid4()

    assert send(room=room)
    assert not send(Answers(carried_out=2), room=room)
    assert Postcard.objects.get().carried_out == 1


def test_two_hosts_of_one_room_answer_each() -> None:
    room = uuid4()

    assert send(room=room, seat="aaaaaaaaaaaa")
    assert send(room=room, seat="bbbbbbbbbbbb")
    assert Postcard.objects.count() == 2


def test_the_region_is_noted_by_syddanmarks_edition_only() -> None:
    send(edition=Edition.NATIONAL, region_code="region-syddanmark")
    send(edition=Edition.SYDDANMARK, region_code="region-syddanmark")

    assert set(Postcard.objects.values_list("edition", "region_code", "replaced")) == {
        ("national", "", 3),
        # The fifth question is not in that edition, whatever was sent.
        ("syddanmark", "region-syddanmark", None),
    }


def test_cards_that_are_mixed_lose_nothing() -> None:
    others = [PostcardFactory.create(date=TODAY, carried_out=number % 2 + 1, picture=None) for number in range(7)]
    yesterday = PostcardFactory.create(date=TODAY - timedelta(days=1))
    fields = [field.name for field in Postcard._meta.fields]
    before = set(Postcard.objects.values_list(*fields))

    send()

    after = set(Postcard.objects.values_list(*fields))
    assert before <= after
    assert len(after - before) == 1
    assert Postcard.objects.filter(pk__in=[card.pk for card in [*others, yesterday]]).count() == 8


def test_more_cards_than_are_mixed_are_all_kept(django_assert_max_num_queries) -> None:
    Postcard.objects.bulk_create(PostcardFactory.build(date=TODAY) for _ in range(3 * MIXED_WITH))

    with django_assert_max_num_queries(20):
        send()

    assert Postcard.objects.count() == 3 * MIXED_WITH + 1


def test_nothing_is_audited_and_nothing_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    before = AuditEntry.objects.count()

    send()

    assert AuditEntry.objects.count() == before
    assert [record for record in caplog.records if not record.name.startswith("django.db")] == []
