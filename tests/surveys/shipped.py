"""The questionnaires that the first migration of a new hub publishes, as their files say them."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

from surveys.rules.questionnaire import QuestionnaireDef, from_json

MIGRATION = import_module("surveys.migrations.0005_shipped_questionnaires")
FOLDER: Path = MIGRATION.FOLDER


def shipped() -> tuple[QuestionnaireDef, ...]:
    """Each of them."""
    return tuple(from_json(json.loads(path.read_text(encoding="utf-8"))) for path in sorted(FOLDER.glob("*.json")))


def load(apps: Any) -> None:
    """What the migration does."""
    MIGRATION.load(apps, None)
