"""Responses for the benchmark: python -m bench.export.fill ROWS (in a hub's settings, on an empty PostgreSQL)."""

from __future__ import annotations

import json
import random
import sys
import uuid
from datetime import date, timedelta
from itertools import product
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402

from surveys.enums import (  # noqa: E402
    FINAL_RESPONSES,
    InvitationKind,
    InvitationState,
    QuestionKind,
    ResponseState,
)
from surveys.models import Invitation, QuestionnaireVersion  # noqa: E402
from surveys.queries import definition_of, published_version  # noqa: E402
from surveys.rules import coding, walk  # noqa: E402
from surveys.rules.questionnaire import PATIENTS, QuestionnaireDef  # noqa: E402
from vdx.accounts.models import Organisation  # noqa: E402

# Different answers; each is given with other contexts, sexes and years of birth.
SHAPES = 4000
MONTHS = [f"{year}-{month:02}" for year in (2025, 2026) for month in range(1, 13)]
FACTS = {
    "region": [f"region-{name}" for name in ("hovedstaden", "sjaelland", "syddanmark", "midtjylland", "nordjylland")],
    # One answer in eight comes from a specialist's patient.
    "practice_kind": [*["general"] * 7, "specialist"],
    "month": MONTHS,
    "outcome": ["carried_out", "sound_only", "moved_to_telephone", "technical_failure"],
    "device_kind": ["browser", "app", "room_system"],
}


def main() -> None:
    """Write the rows by COPY."""
    count = int(sys.argv[1])
    chance = random.Random(20261123)
    version = published_version(PATIENTS)
    assert version is not None  # noqa: S101
    definition = definition_of(version.pk)
    shapes = [shape(definition, chance) for _ in range(SHAPES)]
    names = [column.name for column in coding.columns(definition)]
    sex, born = names.index("sex"), names.index("birth_year")
    columns = "study_id, version_id, state, date, answers, context, reached, source, background_only, row"
    with connection.cursor() as cursor, cursor.copy(f"COPY surveys_response ({columns}) FROM STDIN") as copy:
        for _ in range(count):
            answers, row, reached, alone = chance.choice(shapes)
            row[sex], row[born] = chance.choice((1, 2)), int(chance.triangular(1925, 2006, 1955))
            answers["sex"], answers["birth_year"] = row[sex], row[born]
            done = reached == len(definition.pages)
            day = date(2025, 1, 1) + timedelta(days=chance.randrange(700))
            copy.write_row(
                (
                    uuid.UUID(int=chance.getrandbits(128), version=4),
                    version.pk,
                    ResponseState.COMPLETE.value if done else ResponseState.PARTLY.value,
                    day,
                    json.dumps(answers),
                    json.dumps({name: chance.choice(values) for name, values in FACTS.items()}),
                    reached,
                    "web",
                    alone,
                    json.dumps(row),
                )
            )
    practices(version)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE surveys_response")
        cursor.execute("SELECT count(*) FROM surveys_response WHERE state = ANY(%s)", [list(FINAL_RESPONSES)])
        print(cursor.fetchone()[0])


def practices(version: QuestionnaireVersion) -> None:
    """Four practices of each kind in each region whose patients answered every month."""
    asked = []
    for region, kind in product(FACTS["region"], sorted(set(FACTS["practice_kind"]))):
        for number in range(4):
            code = f"{region}-{kind}-{number}"
            place = Organisation.objects.create(code=code, name=code, kind=kind)
            asked += [
                Invitation(
                    questionnaire_id=version.questionnaire_id,
                    room_uuid=uuid.uuid4(),
                    seat_key="bench",
                    kind=InvitationKind.SEAT,
                    state=InvitationState.COMPLETE,
                    week=date.fromisoformat(f"{month}-01"),
                    region_code=region,
                    organisation=place,
                    updated=date.fromisoformat(f"{month}-03"),
                )
                for month in MONTHS
            ]
    Invitation.objects.bulk_create(asked)


def shape(definition: QuestionnaireDef, chance: random.Random) -> tuple[dict[str, Any], list[int], int, bool]:
    """Answers that somebody may give, their row, the page reached, and whether it is the background alone."""
    answers: dict[str, Any] = {}
    reached = len(definition.pages) if chance.random() < 0.8 else chance.randint(1, len(definition.pages))
    for variable in definition.variables:
        if variable.page > reached or variable.name not in walk.shown(definition, answers) or chance.random() < 0.1:
            continue
        codes = [choice.code for choice in variable.choices]
        if variable.kind == QuestionKind.SEVERAL:
            answers[variable.name] = sorted(chance.sample(codes, chance.randint(1, 2)))
        elif codes:
            answers[variable.name] = chance.choice(codes)
    counted = walk.kept(definition, {**answers, "sex": 1, "birth_year": 1950})
    return (
        counted,
        list(coding.row(definition, counted, reached)),
        reached,
        walk.background_only(definition, counted),
    )


if __name__ == "__main__":
    main()
