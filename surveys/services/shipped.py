"""The questionnaires that come with the hub: the patients', and the postcard in both editions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from surveys.enums import VersionState
from surveys.rules.questionnaire import QuestionnaireDef, from_json
from surveys.services.store import write_pages
from vdx.lib import clock

FOLDER = Path(__file__).resolve().parent.parent / "questionnaires"


def shipped() -> tuple[QuestionnaireDef, ...]:
    """Each of them, as its file says it."""
    return tuple(from_json(json.loads(path.read_text(encoding="utf-8"))) for path in sorted(FOLDER.glob("*.json")))


def load_shipped(apps: Any) -> int:
    """Publish each questionnaire whose key is not there yet. Says how many; a second time none.

    ``apps`` are the models of the migration that calls. A questionnaire that MedCom has changed since stays as it is.
    """
    questionnaires = apps.get_model("surveys", "Questionnaire").objects
    versions = apps.get_model("surveys", "QuestionnaireVersion").objects
    loaded = 0
    for definition in shipped():
        questionnaire, made = questionnaires.get_or_create(
            key=definition.key,
            defaults={
                "title_da": definition.title["da"],
                "title_en": definition.title["en"],
                "audience": definition.audience.value,
            },
        )
        if not made:
            continue
        version = versions.create(
            questionnaire=questionnaire,
            number=1,
            state=VersionState.PUBLISHED.value,
            introduction_da=definition.introduction["da"],
            introduction_en=definition.introduction["en"],
            thanks_da=definition.thanks["da"],
            thanks_en=definition.thanks["en"],
            context=list(definition.context),
            published_at=clock.now(),
        )
        write_pages(version, definition, apps=apps)
        loaded += 1
    return loaded
