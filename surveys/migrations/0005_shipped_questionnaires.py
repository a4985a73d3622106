"""The shipped questionnaires, published: every hub can ask from the first day.

Files and loader are those of this migration for good, whatever the tables and the wording become later: a hub that is
set up next year begins with the same version 1 as one of today. New wording comes as a migration of its own, which
publishes the next version where nobody has changed this one.
"""

import json
from pathlib import Path

from django.db import migrations
from django.utils import timezone

FOLDER = Path(__file__).resolve().parent / "shipped"


def load(apps, schema_editor):
    """Publish each questionnaire whose key is not there yet."""
    for data in _files():
        questionnaire, made = apps.get_model("surveys", "Questionnaire").objects.get_or_create(
            key=data["key"],
            defaults={**_both("title", data["title"]), "audience": data["audience"]},
        )
        if not made:
            continue
        version = apps.get_model("surveys", "QuestionnaireVersion").objects.create(
            questionnaire=questionnaire,
            number=1,
            state="published",
            context=data["context"],
            published_at=timezone.now(),
            **_both("introduction", data["introduction"]),
            **_both("thanks", data["thanks"]),
        )
        for page, questions in enumerate(data["pages"], start=1):
            for position, question in enumerate(questions, start=1):
                _ask(apps, version, page, position, question)


def remove(apps, schema_editor):
    """Those that nobody has answered or changed. The tables of the others go with the migration before."""
    versions = apps.get_model("surveys", "QuestionnaireVersion")
    for data in _files():
        found = versions.objects.filter(questionnaire__key=data["key"])
        if found.count() == 1 and not found.filter(responses__isnull=False).exists():
            found.delete()
            apps.get_model("surveys", "Questionnaire").objects.filter(
                key=data["key"], invitations__isnull=True
            ).delete()


def _files():
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json"))]


def _ask(apps, version, page, position, data):
    question = apps.get_model("surveys", "Question").objects.create(
        version=version,
        page=page,
        position=position,
        name=data["name"],
        kind=data["kind"],
        required=data.get("required", False),
        activation=data.get("activation"),
        minimum=data.get("minimum"),
        maximum=data.get("maximum"),
        **_both("text", data["text"]),
        **_both("help", data.get("help", {})),
    )
    choice, row = apps.get_model("surveys", "Choice"), apps.get_model("surveys", "GridRow")
    choice.objects.bulk_create(
        choice(
            question=question,
            position=place,
            code=each["code"],
            exclusive=each.get("exclusive", False),
            **_both("text", each["text"]),
        )
        for place, each in enumerate(data.get("choices", []), start=1)
    )
    row.objects.bulk_create(
        row(question=question, position=place, name=each["name"], **_both("text", each["text"]))
        for place, each in enumerate(data.get("rows", []), start=1)
    )


def _both(name, text):
    return {f"{name}_{language}": text.get(language, "") for language in ("da", "en")}


class Migration(migrations.Migration):
    dependencies = [("surveys", "0004_questionnaires")]

    operations = [migrations.RunPython(load, remove)]
