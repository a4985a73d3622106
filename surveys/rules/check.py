"""Whether a questionnaire may be published: everything that is wrong with it, and where."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from surveys.enums import CHOICE_KINDS, NUMBER_KINDS, ContextFact, Edition, QuestionKind
from surveys.rules import activation
from surveys.rules.faults import Fault
from surveys.rules.postcard import ASKED, CODES
from surveys.rules.questionnaire import (
    BIRTH_YEAR,
    LANGUAGES,
    SEX,
    QuestionDef,
    QuestionnaireDef,
    Text,
    postcard_key,
)
from vdx.lib.cpr import contains_cpr

NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")
KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
# Columns that every export has beside the variables.
_OURS = (
    "study_id respondent_id respondent card version edition date complete state source background_only birth_year_band"
)
OURS = frozenset(_OURS.split())
# Questions that the check of privacy knows by their names, and must be able to read.
PERSON = {SEX: QuestionKind.SINGLE, BIRTH_YEAR: QuestionKind.YEAR}
# Kinds with one number an answer, which the check of privacy can hold back.
KNOWABLE = frozenset({QuestionKind.SINGLE, QuestionKind.YEAR, QuestionKind.NUMBER})
# Words that R, SPSS, Stata or Python keep for themselves.
_TAKEN = (
    "all and as assert async await break by byte class continue def del double elif else eq except finally float for "
    "from function ge global gt if import in inf int is lambda le long lt na nan ne next nonlocal not null or pass "
    "raise repeat return str to true false try using while with yield"
)
TAKEN = frozenset(_TAKEN.split())
# The most a code may be; a questionnaire of paper never needs more.
HIGHEST_CODE = 999
LONGEST_TITLE = 200


def faults(definition: QuestionnaireDef) -> tuple[Fault, ...]:
    """Everything that keeps the questionnaire from being published; empty where nothing does."""
    return (
        *_whole(definition),
        *_numbers(definition),
        *_names(definition),
        *_questions(definition),
        *_postcard(definition),
        *activation.check(definition),
    )


# What the tables cannot hold; all else may wait until a draft is published.
UNSTORABLE = frozenset({"bad_name", "bad_code", "name_twice", "code_twice", "title_too_long", "holds_cpr"})


def storable_faults(question: QuestionDef, *, taken: Collection[str]) -> tuple[Fault, ...]:
    """What keeps a question from being saved in a draft where the names ``taken`` are those of others."""
    wrong = [*_named("", question, set(taken)), *_choices("", question), *_numbers_in("", question)]
    return tuple(fault for fault in wrong if fault.code in UNSTORABLE)


def _whole(definition: QuestionnaireDef) -> Iterator[Fault]:
    if not KEY.fullmatch(definition.key):
        yield Fault("key", "bad_name", detail=definition.key[:40])
    yield from _needed(definition.title, "title")
    for language in LANGUAGES:
        if len(definition.title[language]) > LONGEST_TITLE:
            yield Fault(f"title.{language}", "title_too_long")
    yield from _both_or_none(definition.introduction, "introduction")
    yield from _both_or_none(definition.thanks, "thanks")
    for index, fact in enumerate(definition.context):
        if fact not in ContextFact.values or fact in definition.context[:index]:
            yield Fault(f"context[{index}]", "unknown_fact", detail=fact[:40])
    if not definition.variables:
        yield Fault("pages", "no_questions")
    for index, page in enumerate(definition.pages):
        if not any(question.kind != QuestionKind.SECTION for question in page):
            yield Fault(f"pages[{index}]", "empty_page")


def cpr_in(texts: Mapping[str, str]) -> tuple[Fault, ...]:
    """A fault for each text (by its place) with a CPR number in it: it would stand before everybody, for good."""
    return tuple(Fault(place, "holds_cpr") for place, text in texts.items() if contains_cpr(text))


def _numbers(definition: QuestionnaireDef) -> Iterator[Fault]:
    parts = (("title", definition.title), ("introduction", definition.introduction), ("thanks", definition.thanks))
    yield from cpr_in({f"{name}.{language}": text for name, part in parts for language, text in part.items()})
    for place, question in _placed(definition):
        yield from _numbers_in(f"{place}.", question)


def _numbers_in(place: str, question: QuestionDef) -> Iterator[Fault]:
    parts = [("text", question.text), ("help", question.help)]
    parts += [(f"choices[{index}].text", choice.text) for index, choice in enumerate(question.choices)]
    parts += [(f"rows[{index}].text", row.text) for index, row in enumerate(question.rows)]
    for fault in cpr_in({f"{place}{name}.{language}": text for name, part in parts for language, text in part.items()}):
        yield replace(fault, name=question.name)


def _names(definition: QuestionnaireDef) -> Iterator[Fault]:
    seen: set[str] = set()
    for place, question in _placed(definition):
        yield from _named(f"{place}.", question, seen)


def _named(place: str, question: QuestionDef, seen: set[str]) -> Iterator[Fault]:
    names = [(f"{place}name", question.name)]
    names += [(f"{place}rows[{index}].name", row.name) for index, row in enumerate(question.rows)]
    for where, name in names:
        if not NAME.fullmatch(name) or "___" in name or name.endswith("_"):
            yield Fault(where, "bad_name", question.name, name[:40])
        elif name in OURS or name in TAKEN or name in ContextFact.values:
            yield Fault(where, "taken_name", question.name, name)
        elif name in seen:
            yield Fault(where, "name_twice", question.name, name)
        seen.add(name)


def _questions(definition: QuestionnaireDef) -> Iterator[Fault]:
    for place, question in _placed(definition):
        yield from _needed(question.text, f"{place}.text", question.name)
        yield from _both_or_none(question.help, f"{place}.help", question.name)
        yield from _choices(f"{place}.", question)
        if (question.kind == QuestionKind.GRID) != bool(question.rows):
            yield Fault(f"{place}.rows", "rows_missing" if not question.rows else "rows_unused", question.name)
        for index, row in enumerate(question.rows):
            yield from _needed(row.text, f"{place}.rows[{index}].text", question.name)
        if question.kind == QuestionKind.SECTION and question.required:
            yield Fault(f"{place}.required", "section_required", question.name)
        if question.name in PERSON and question.kind != PERSON[question.name]:
            yield Fault(f"{place}.kind", "person_kind", question.name)
        if question.known_to_others and question.kind not in KNOWABLE:
            yield Fault(f"{place}.known_to_others", "known_kind", question.name)
        yield from _bounds(place, question)


def _postcard(definition: QuestionnaireDef) -> Iterator[Fault]:
    """A card has one column a question, and all of it is one screen: only words and order are free."""
    edition = next((edition for edition in Edition if postcard_key(edition) == definition.key), None)
    if edition is None:
        return
    questions = [question for _place, question in _placed(definition)]
    if sorted(question.name for question in questions) != sorted(ASKED[edition]):
        yield Fault("pages", "postcard_questions")
    for place, question in _placed(definition):
        same = question.kind == QuestionKind.SINGLE and CODES.get(question.name) == frozenset(
            choice.code for choice in question.choices
        )
        if not same or question.required or question.known_to_others or question.activation is not None:
            yield Fault(place, "postcard_question", question.name)


def _choices(place: str, question: QuestionDef) -> Iterator[Fault]:
    if question.kind not in CHOICE_KINDS:
        if question.choices:
            yield Fault(f"{place}choices", "choices_unused", question.name)
        return
    if len(question.choices) < 2:
        yield Fault(f"{place}choices", "choices_missing", question.name)
    seen: set[int] = set()
    for index, choice in enumerate(question.choices):
        here = f"{place}choices[{index}]"
        if not 0 < choice.code <= HIGHEST_CODE:
            yield Fault(f"{here}.code", "bad_code", question.name, str(choice.code))
        elif choice.code in seen:
            yield Fault(f"{here}.code", "code_twice", question.name, str(choice.code))
        seen.add(choice.code)
        yield from _needed(choice.text, f"{here}.text", question.name)
        if choice.exclusive and question.kind != QuestionKind.SEVERAL:
            yield Fault(f"{here}.exclusive", "exclusive_alone", question.name)


def _bounds(place: str, question: QuestionDef) -> Iterator[Fault]:
    low, high = question.minimum, question.maximum
    for key, bound in (("minimum", low), ("maximum", high)):
        if bound is None:
            continue
        if question.kind not in NUMBER_KINDS:
            yield Fault(f"{place}.{key}", "bound_unused", question.name)
        elif bound < 0:
            # Below zero stand the codes of what is missing.
            yield Fault(f"{place}.{key}", "bound_negative", question.name, str(bound))
    if low is not None and high is not None and low > high:
        yield Fault(f"{place}.maximum", "bounds_crossed", question.name, f"{low} > {high}")


def _placed(definition: QuestionnaireDef) -> Iterator[tuple[str, QuestionDef]]:
    for page_index, page in enumerate(definition.pages):
        for index, question in enumerate(page):
            yield f"pages[{page_index}][{index}]", question


def _needed(text: Text, place: str, name: str = "") -> Iterator[Fault]:
    for language in LANGUAGES:
        if not text[language].strip():
            yield Fault(f"{place}.{language}", "empty_text", name, language)


def _both_or_none(text: Text, place: str, name: str = "") -> Iterator[Fault]:
    if any(text[language].strip() for language in LANGUAGES):
        yield from _needed(text, place, name)
