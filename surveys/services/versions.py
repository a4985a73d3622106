"""Versions of a questionnaire: begun, published, closed, dropped, taken in from JSON. One draft at a time.

Every write holds the questionnaire's row first, so that two who publish, begin or edit at once come one after the
other, and the later sees what the earlier did.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from surveys.enums import VersionState
from surveys.errors import BadQuestionnaireFile, DraftExists, NotPublished, VersionIsFixed
from surveys.models import Questionnaire, QuestionnaireVersion
from surveys.queries.definition import definition_of, forget_definition
from surveys.rules import check
from surveys.rules.faults import BadQuestionnaire, Fault
from surveys.rules.questionnaire import QuestionnaireDef, from_json
from surveys.services.store import write_pages
from vdx.accounts import services as accounts
from vdx.lib.errors import InvalidInput, NotFound

if TYPE_CHECKING:
    from vdx.accounts.models import User

# A questionnaire that people will answer is far below it.
BIGGEST_FILE = 512 * 1024


def read_file(content: bytes) -> QuestionnaireDef:
    """The questionnaire that a JSON file says. Raises BadQuestionnaireFile with everything that is wrong, by place."""
    if len(content) > BIGGEST_FILE:
        raise BadQuestionnaireFile((Fault(".", "too_large"),))
    try:
        # With the mark that some editors put first, too.
        data = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise BadQuestionnaireFile((Fault(".", "not_json"),)) from None
    try:
        return from_json(data)
    except BadQuestionnaire as bad:
        raise BadQuestionnaireFile(bad.faults) from None


@transaction.atomic
def import_version(*, definition: QuestionnaireDef, actor: User | None) -> QuestionnaireVersion:
    """Make a draft of a questionnaire as a file says it; the questionnaire too, where its key is new.

    The number in the file counts for nothing: the draft gets the next. Of a questionnaire that is there, title and
    audience stay as they are. Raises BadQuestionnaireFile, and DraftExists.
    """
    unstorable = tuple(fault for fault in check.faults(definition) if fault.code in check.UNSTORABLE)
    if unstorable:
        raise BadQuestionnaireFile(unstorable)
    questionnaire, made = Questionnaire.objects.get_or_create(
        key=definition.key,
        defaults={
            "title_da": definition.title["da"],
            "title_en": definition.title["en"],
            "audience": definition.audience.value,
        },
    )
    if made:
        _audit("questionnaire.created", questionnaire, actor)
    version = _new_draft(_locked(questionnaire.pk), definition)
    _audit("questionnaire.imported", version, actor, number=version.number)
    return version


@transaction.atomic
def start_version(*, questionnaire_id: int, actor: User | None) -> QuestionnaireVersion:
    """Make a draft that says what the latest version says. Raises DraftExists."""
    questionnaire = _locked(questionnaire_id)
    latest = questionnaire.versions.order_by("-number").first()
    if latest is None:
        raise NotFound
    version = _new_draft(questionnaire, definition_of(latest.pk))
    _audit("questionnaire.draft_begun", version, actor, number=version.number, copy_of=latest.number)
    return version


@transaction.atomic
def publish(*, version_id: int, actor: User | None, now: datetime) -> QuestionnaireVersion:
    """Let people be asked this version from now on, and close the one before it.

    Raises VersionIsFixed where it is no draft, and BadQuestionnaireFile with everything that is wrong with it.
    """
    version = locked_draft(version_id)
    wrong = check.faults(definition_of(version.pk))
    if wrong:
        raise BadQuestionnaireFile(wrong)
    for earlier in version.questionnaire.versions.filter(state=VersionState.PUBLISHED):
        _close(earlier, actor, now)
    version.state = VersionState.PUBLISHED
    version.published_at = now
    version.save(update_fields=["state", "published_at"])
    _audit("questionnaire.published", version, actor, number=version.number)
    return version


@transaction.atomic
def close(*, version_id: int, actor: User | None, now: datetime) -> QuestionnaireVersion:
    """Ask nobody any more. Who has begun may finish. Raises NotPublished."""
    version = _locked_version(version_id)
    if version.state != VersionState.PUBLISHED:
        raise NotPublished
    _close(version, actor, now)
    return version


@transaction.atomic
def drop_draft(*, version_id: int, actor: User | None) -> None:
    """Throw a draft away. Raises VersionIsFixed where it is none."""
    version = locked_draft(version_id)
    _audit("questionnaire.draft_dropped", version, actor, number=version.number)
    version.delete()


@transaction.atomic
def change_texts(*, version_id: int, actor: User | None, **fields: Any) -> QuestionnaireVersion:
    """Change a draft's introduction, thanks and what it keeps of the call.

    Raises VersionIsFixed, and BadQuestionnaireFile where a text holds a CPR number.
    """
    if not set(fields) <= {"introduction_da", "introduction_en", "thanks_da", "thanks_en", "context"}:
        raise TypeError(f"no texts of a version: {sorted(fields)}")
    _refuse_cpr({name: value for name, value in fields.items() if isinstance(value, str)})
    version = locked_draft(version_id)
    for name, value in fields.items():
        setattr(version, name, value)
    version.save(update_fields=list(fields))
    _audit("questionnaire.texts_changed", version, actor, number=version.number, fields=sorted(fields))
    return version


@transaction.atomic
def rename(*, questionnaire_id: int, title_da: str, title_en: str, actor: User | None) -> Questionnaire:
    """Change the title, which stands above all versions. Its key never changes. Raises BadQuestionnaireFile."""
    if not (title_da.strip() and title_en.strip()):
        raise InvalidInput
    _refuse_cpr({"title_da": title_da, "title_en": title_en})
    questionnaire = _locked(questionnaire_id)
    questionnaire.title_da, questionnaire.title_en = title_da.strip(), title_en.strip()
    questionnaire.save(update_fields=["title_da", "title_en"])
    _audit("questionnaire.renamed", questionnaire, actor)
    ids = list(questionnaire.versions.values_list("pk", flat=True))
    transaction.on_commit(lambda: forget_definition(*ids))
    return questionnaire


def locked_draft(version_id: int) -> QuestionnaireVersion:
    """A draft that nobody else changes until the transaction ends. Raises NotFound, and VersionIsFixed."""
    version = _locked_version(version_id)
    if version.state != VersionState.DRAFT:
        raise VersionIsFixed
    return version


def _locked_version(version_id: int) -> QuestionnaireVersion:
    found = QuestionnaireVersion.objects.filter(pk=version_id).first()
    if found is None:
        raise NotFound
    questionnaire = _locked(found.questionnaire_id)
    # As it is now that nobody else can write; it may have been dropped meanwhile.
    version = questionnaire.versions.filter(pk=version_id).first()
    if version is None:
        raise NotFound
    version.questionnaire = questionnaire
    return version


def _locked(questionnaire_id: int) -> Questionnaire:
    questionnaire = Questionnaire.objects.select_for_update().filter(pk=questionnaire_id).first()
    if questionnaire is None:
        raise NotFound
    return questionnaire


def _new_draft(questionnaire: Questionnaire, definition: QuestionnaireDef) -> QuestionnaireVersion:
    if questionnaire.versions.filter(state=VersionState.DRAFT).exists():
        raise DraftExists
    latest = questionnaire.versions.order_by("-number").first()
    version = QuestionnaireVersion.objects.create(
        questionnaire=questionnaire,
        number=1 if latest is None else latest.number + 1,
        introduction_da=definition.introduction["da"],
        introduction_en=definition.introduction["en"],
        thanks_da=definition.thanks["da"],
        thanks_en=definition.thanks["en"],
        context=list(definition.context),
    )
    write_pages(version, definition)
    return version


def _refuse_cpr(texts: dict[str, str]) -> None:
    wrong = check.cpr_in(texts)
    if wrong:
        raise BadQuestionnaireFile(wrong)


def _close(version: QuestionnaireVersion, actor: User | None, now: datetime) -> None:
    version.state = VersionState.CLOSED
    version.closed_at = now
    version.save(update_fields=["state", "closed_at"])
    _audit("questionnaire.closed", version, actor, number=version.number)


def _audit(action: str, target: Questionnaire | QuestionnaireVersion, actor: User | None, **detail: Any) -> None:
    questionnaire = target if isinstance(target, Questionnaire) else target.questionnaire
    accounts.audit(
        action=action,
        target_type=target._meta.label,
        target_id=target.pk,
        actor=actor,
        detail={"key": questionnaire.key, **detail},
    )
