"""Nobody who holds a full dump and all logs can tell whose a postcard is, though the order of the calls is known.

The attacker knows in which order twenty doctors' calls ended and in which order they answered, and has every table
in physical order (``rowid`` in SQLite, ``ctid`` in PostgreSQL). A matching of twenty cards to twenty doctors by
chance is right once on average, with a variance of one at most, whatever the matching. So over many days the hits
of an attack that knows nothing are close to the number of days.
"""

from __future__ import annotations

import itertools
import logging
import math
import random
import re
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client

from rooms.access import SEAT_COOKIE
from rooms.models import Seat
from surveys import services
from surveys.enums import Edition
from surveys.models import Postcard, PostcardRequest
from surveys.services import Answers
from tests.factories.accounts import member
from tests.factories.monitoring import held_call
from vdx.lib import clock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.service]

DOCTORS = 20
DAYS = 30
FIRST_DAY = date(2026, 1, 1)
# More than twenty different cards, so that each doctor's is known by its answers.
CARDS = [Answers(*answers) for answers in itertools.product((1, 2), (1, 2), (1, 2), (1, 2), (1, 2, 3, 4))]

Row = dict[str, Any]
Day = list[int]


def dump() -> dict[str, list[Row]]:
    """Every table, each in the order in which its rows lie."""
    place = "ctid" if connection.vendor == "postgresql" else "rowid"
    hidden = "xmin::text AS hidden_xmin, cmin::text AS hidden_cmin, " if connection.vendor == "postgresql" else ""
    tables = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT {hidden}* FROM "{table}" ORDER BY {place}')
            names = [column[0] for column in cursor.description]
            tables[table] = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return tables


def answers_of(row: Row) -> Answers:
    return Answers(row["carried_out"], row["picture"], row["sound"], row["longer"], row["replaced"])


def most_hits(orders: Sequence[Day]) -> dict[str, tuple[int, float]]:
    """What each attack names rightly, and how much of it chance gives on average.

    ``orders``: for each day, the doctors in the order of their cards.
    """
    half = len(orders) // 2
    rest = orders[half:]
    places = range(DOCTORS)
    seen = [Counter(day[place] for day in orders[:half]) for place in places]
    learned = [counts.most_common(1)[0][0] for counts in seen]
    return {
        "first come, first written": (sum(day[place] == place for day in orders for place in places), len(orders)),
        "last come, first written": (sum(day[-1 - place] == place for day in orders for place in places), len(orders)),
        # Each place goes to the doctor who was met there most often on the first half of the days.
        "as on other days": (sum(day[place] == learned[place] for day in rest for place in places), len(rest)),
        "the last one lies last": (sum(day[-1] == DOCTORS - 1 for day in orders), len(orders) / DOCTORS),
        "the first one lies first": (sum(day[0] == 0 for day in orders), len(orders) / DOCTORS),
    }


def chance(mean: float) -> int:
    """The number of hits that chance reaches less than once in a thousand million times (Poisson's tail)."""
    hits, left, term = 0, 1.0, math.exp(-mean)
    while left > 1e-9:
        left -= term
        hits += 1
        term *= mean / hits
    return hits


def drift(orders: Sequence[Day]) -> float:
    """How much earlier doctors tend to lie above later ones, in standard deviations of what chance gives.

    The sum of place times doctor (Spearman's rank correlation) over all days. Chance reaches 6 less than once in a
    hundred million times.
    """
    total = sum(place * doctor for day in orders for place, doctor in enumerate(day))
    mean = DOCTORS * ((DOCTORS - 1) / 2) ** 2
    variance = DOCTORS**2 * (DOCTORS + 1) ** 2 * (DOCTORS - 1) / 144
    return (total - len(orders) * mean) / math.sqrt(len(orders) * variance)


def found(orders: Sequence[Day]) -> dict[str, float]:
    """The attacks that do better than chance, with what they found."""
    attacks: dict[str, float] = {
        attack: hits for attack, (hits, mean) in most_hits(orders).items() if hits >= chance(mean)
    }
    if abs(drift(orders)) >= 6:
        attacks["earlier above later"] = drift(orders)
    return attacks


def orders_of(cards: Sequence[Row], given: dict[date, list[Answers]]) -> list[Day]:
    """For each day, which doctor's each card is, in the order of the cards."""
    days: dict[date, Day] = {day: [] for day in given}
    for row in cards:
        day = row["date"] if isinstance(row["date"], date) else date.fromisoformat(row["date"])
        days[day].append(given[day].index(answers_of(row)))
    return list(days.values())


def drawn(days: int) -> dict[date, list[Answers]]:
    """What the doctors answer, in the order in which they do."""
    return {FIRST_DAY + timedelta(days=day): random.sample(CARDS, DOCTORS) for day in range(days)}


def test_no_order_in_a_full_dump_tells_whose_a_card_is() -> None:
    given = drawn(DAYS)
    for day, answers in given.items():
        for mine in answers:
            services.send_postcard(
                room_uuid=uuid4(),
                seat_key="0123456789ab",
                answers=mine,
                edition=Edition.NATIONAL,
                region_code="",
                today=day,
            )

    cards = dump()["surveys_postcard"]

    assert len(cards) == DAYS * DOCTORS
    assert found(orders_of(cards, given)) == {}
    for column in cards[0]:
        # Sorted by each column, PostgreSQL's own too; ties stay as they lie.
        by_column = sorted(cards, key=lambda row: str(row[column]))
        assert found(orders_of(by_column, given)) == {}, column


def test_the_attack_finds_cards_that_lie_as_they_came() -> None:
    given = drawn(8)
    for day, answers in given.items():
        for mine in answers:
            Postcard.objects.create(date=day, edition=Edition.NATIONAL, **vars(mine))

    attacks = found(orders_of(dump()["surveys_postcard"], given))

    assert attacks["first come, first written"] == 8 * DOCTORS
    assert "as on other days" in attacks


def test_the_attack_finds_cards_of_which_only_the_newest_few_were_mixed() -> None:
    orders = []
    for _ in range(20):
        lying: Day = []
        for doctor in range(DOCTORS):
            last = [*lying[-3:], doctor]
            random.shuffle(last)
            lying = [*lying[:-3], *last]
        orders.append(lying)

    assert "earlier above later" in found(orders)


def test_the_card_of_a_busy_day_is_one_of_64() -> None:
    """With more cards than are mixed the newest lies anywhere among the last 64, and not by preference at the end."""
    for day in range(30):
        today = FIRST_DAY + timedelta(days=day)
        Postcard.objects.bulk_create(Postcard(date=today, edition=Edition.NATIONAL, carried_out=1) for _ in range(100))
        services.send_postcard(
            room_uuid=uuid4(),
            seat_key="0123456789ab",
            answers=Answers(carried_out=2),
            edition=Edition.NATIONAL,
            region_code="",
            today=today,
        )
    lying: dict[str, list[int]] = {}
    for row in dump()["surveys_postcard"]:
        lying.setdefault(str(row["date"]), []).append(row["carried_out"])
    places = [len(cards) - 1 - cards.index(2) for cards in lying.values()]

    assert len(places) == 30
    # PostgreSQL may put some of the batch into gaps further up, so only the end is looked at: one of 64 lies last.
    assert sum(place == 0 for place in places) <= 6
    assert len(set(places)) > 10


def test_twenty_real_calls_leave_nothing_that_leads_to_a_card(caplog: pytest.LogCaptureFixture) -> None:
    """The whole way over the pages, with every table and every log line in the attacker's hands."""
    caplog.set_level(logging.DEBUG)
    begun = clock.now()
    start = begun - timedelta(minutes=DOCTORS + 15)
    answers = random.sample(CARDS, DOCTORS)
    calls = [held_call(member(), start=start + timedelta(minutes=n), minutes=5) for n in range(DOCTORS)]
    caplog.clear()
    lines = []
    for (meeting, token), mine in zip(calls, answers, strict=True):
        browser = Client()
        browser.cookies[SEAT_COOKIE] = token
        given = {name: value for name, value in vars(mine).items() if value is not None}
        answer = browser.post(f"/m/{meeting.short_id}/postkort", given)
        assert answer.status_code == 302
        lines.append([re.sub(r"\d+ ms", "n ms", record.getMessage()) for record in caplog.records])
        caplog.clear()

    tables = dump()
    cards = tables.pop("surveys_postcard")
    order = [answers.index(answers_of(row)) for row in cards]
    assert sorted(order) == list(range(DOCTORS))

    # The logs say that somebody answered, in the same words whoever it was and whatever was said.
    assert len({tuple(said) for said in lines}) == 1

    # No key of a card stands anywhere else, and no key of anything else stands on a card.
    keys = {str(row["key"]).replace("-", "") for row in cards}
    elsewhere = {str(value).replace("-", "") for rows in tables.values() for row in rows for value in row.values()}
    assert keys.isdisjoint(elsewhere)
    columns = set(cards[0]) - {"hidden_xmin", "hidden_cmin"}
    assert columns == {
        "key",
        "date",
        "edition",
        "region_code",
        "carried_out",
        "picture",
        "sound",
        "longer",
        "replaced",
    }
    assert {str(row["date"]) for row in cards} <= {str(clock.local_date(moment)) for moment in (begun, clock.now())}
    if connection.vendor == "postgresql":
        # Flag and card were written apart.
        flags = {row["hidden_xmin"] for row in tables["surveys_postcardrequest"]}
        assert flags.isdisjoint(row["hidden_xmin"] for row in cards)

    # Matched to the cards as they lie, no order of rooms or seats in any table does better than chance: ten hits of
    # twenty happen by chance once in ten million times.
    rooms = [meeting.room.uuid for meeting, _ in calls]
    seats = [Seat.objects.get(room=meeting.room, role="host").key for meeting, _ in calls]
    for table, people in person_orders(tables, rooms, seats).items():
        for lying in (order, order[::-1]):
            assert sum(mine == theirs for mine, theirs in zip(lying, people, strict=True)) < 10, table


def person_orders(tables: dict[str, list[Row]], rooms: list[UUID], seats: list[str]) -> dict[str, Day]:
    """The doctors in the order in which each table names their room or seat."""
    names = {value: doctor for doctor, room in enumerate(rooms) for value in (str(room), room.hex)}
    names |= {seat: doctor for doctor, seat in enumerate(seats)}
    orders = {}
    for table, rows in tables.items():
        met = [names[str(value)] for row in rows for value in row.values() if str(value) in names]
        people = list(dict.fromkeys(met))
        if len(people) == DOCTORS:
            orders[table] = people
    assert {"surveys_postcardrequest", "monitoring_callrecord", "rooms_room"} <= set(orders)
    return orders


def test_the_flag_says_that_and_not_when() -> None:
    services.send_postcard(
        room_uuid=uuid4(),
        seat_key="0123456789ab",
        answers=Answers(sound=1),
        edition=Edition.NATIONAL,
        region_code="",
        today=clock.local_date(datetime(2026, 11, 25, 12, tzinfo=UTC)),
    )

    flag = PostcardRequest.objects.values().get()
    assert set(flag) == {"id", "room_uuid", "seat_key", "state", "week", "edition"}
    # The Monday of the week, no matter the day.
    assert flag["week"] == date(2026, 11, 23)
    assert not any(isinstance(value, date) for name, value in flag.items() if name != "week")
