"""Answers beside the pilot's calls: postcards of both editions and patients' questionnaires, seeded.

140 of the 166 cards that say so were carried out, as the report has it (84 %). The rest is ours.
"""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

from surveys.enums import Edition
from surveys.models import Postcard
from surveys.rules.postcard import SYDDANMARK
from tests.factories.responses import response
from tests.support.pilot import FIRST, LAST, MONTHS

CARDS, CARRIED_OUT = 166, 140
PATIENTS = 41


def build(*, seed: int = 1) -> None:
    """Cards and responses of the period, some before and after it, and people who stopped after the background."""
    random = Random(seed)
    _cards(random)
    for _ in range(PATIENTS):
        response(_answers(random), day=random.choice(MONTHS))
    for _ in range(6):
        response({"sex": 1, "birth_year": 1950}, day=random.choice(MONTHS), reached=1)
    for day in (FIRST - timedelta(days=1), LAST + timedelta(days=1)):
        for _ in range(4):
            response(_answers(random), day=day)


def _cards(random: Random) -> None:
    cards = []
    for number in range(CARDS + 2):
        south = number % 5 == 0
        carried_out = None if number >= CARDS else 1 if number < CARRIED_OUT else 2
        good = carried_out == 1 or random.random() < 0.3
        cards.append(
            Postcard(
                date=FIRST + timedelta(days=random.randrange((LAST - FIRST).days + 1)),
                edition=Edition.SYDDANMARK if south else Edition.NATIONAL,
                region_code=SYDDANMARK if south else "",
                carried_out=carried_out,
                picture=1 if good and random.random() < 0.95 else 2,
                sound=1 if good and random.random() < 0.9 else 2,
                longer=random.choice((1, 2, 2, 2, None)),
                replaced=None if south else random.choice((1, 1, 1, 2, 3, 3, 4)),
            )
        )
    for day in (FIRST - timedelta(days=1), LAST + timedelta(days=1)):
        cards += [Postcard(date=day, edition=Edition.NATIONAL, carried_out=2, picture=2, sound=2) for _ in range(3)]
    Postcard.objects.bulk_create(cards)


def _quality(random: Random, name: str) -> dict[str, int]:
    quality = random.choice((1, 1, 1, 2, 3))
    return {name: quality, **({f"{name}_prevented": random.choice((1, 2))} if quality == 2 else {})}


def _answers(random: Random) -> dict[str, Any]:
    background = {"sex": random.choice((1, 2)), "birth_year": random.randrange(1935, 2001)}
    again = {"accept_again": random.choice((1, 1, 1, 1, 2, 3))}
    if random.random() < 0.1:
        return {**background, **again, "contact": 2, "device": random.choice((1, 2, 3))}
    agreed = {
        name: random.choice((3, 4, 4, 5, 5, 5, 6))
        for name in (
            "easy_to_use", "quick_to_learn", "information_clear", "good_contact", "felt_safe", "would_recommend",
        )
    }  # fmt: skip
    helped = random.choice((1, 2, 2, 2, 3))
    return {
        **background,
        **again,
        **agreed,
        "contact": 1,
        "times_used": random.choice((1, 1, 2, 3)),
        "device": random.choice((1, 1, 2, 2, 3, 4)),
        "helped": helped,
        **({"helped_by": random.choice(([1], [3], [1, 3]))} if helped == 1 else {}),
        **_quality(random, "picture"),
        **_quality(random, "sound"),
        "other_problems": random.choice((1, 2, 2, 3)),
        "time_preparing": random.choice((2, 3, 4)),
        "time_waiting": random.choice((3, 4, 4)),
        "time_talking": random.choice((2, 3, 3, 4, 5)),
        "transport_important": random.choice((1, 1, 2)),
        "advantages": random.choice(([1], [1, 6], [1, 2], [3, 4], [7], [1, 2, 6])),
        "drawbacks": random.choice(([6], [6], [1], [2], [3, 4], [5])),
    }
