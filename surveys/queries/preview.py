"""A version as its editors see it: every question, who meets it in words, and whether these answers do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from surveys.enums import CHOICE_KINDS, NUMBER_KINDS, QuestionKind
from surveys.rules import walk
from surveys.rules.activation import Answer, Answers, holds, in_words
from surveys.rules.questionnaire import QuestionDef, QuestionnaireDef

# What somebody writes decides nothing, so the preview asks for none.
_ASKED = CHOICE_KINDS | NUMBER_KINDS


@dataclass(frozen=True)
class PreviewField:
    """A variable to try an answer at. ``options`` are code, text and whether it is the answer now."""

    name: str
    label: str
    options: tuple[tuple[int, str, bool], ...]
    value: str
    several: bool
    taken: bool


@dataclass(frozen=True)
class PreviewQuestion:
    """A question, met or not by the answers that are tried; ``rule`` in words, empty where everybody meets it."""

    question: QuestionDef
    text: str
    help: str
    met: bool
    rule: str
    fields: tuple[PreviewField, ...]


@dataclass(frozen=True)
class Preview:
    """Every page, what was met of it, and how many questions and pages that is."""

    pages: tuple[tuple[PreviewQuestion, ...], ...]
    met: int
    pages_met: int


def preview(definition: QuestionnaireDef, answers: Answers, language: str) -> Preview:
    """What somebody with these answers meets, and why."""
    counted = walk.kept(definition, answers)
    pages = tuple(
        tuple(_question(definition, question, counted, answers, language) for question in page)
        for page in definition.pages
    )
    asked = [each for page in pages for each in page if each.met and each.question.kind != QuestionKind.SECTION]
    return Preview(pages, len(asked), len(walk.pages_met(definition, counted)))


def _question(
    definition: QuestionnaireDef, question: QuestionDef, counted: Answers, answers: Answers, language: str
) -> PreviewQuestion:
    variables = [variable for variable in definition.variables if variable.question is question]
    return PreviewQuestion(
        question=question,
        text=question.text[language],
        help=question.help[language],
        met=question.activation is None or holds(question.activation, counted),
        rule="" if question.activation is None else in_words(question.activation, definition, language),
        fields=tuple(
            PreviewField(
                name=variable.name,
                label=variable.text(language),
                options=tuple(
                    (choice.code, choice.text[language], _chosen(choice.code, answers.get(variable.name)))
                    for choice in variable.choices
                ),
                value=str(answers.get(variable.name, "")),
                several=variable.kind == QuestionKind.SEVERAL,
                taken=variable.name in counted,
            )
            for variable in variables
            if variable.kind in _ASKED
        ),
    )


def _chosen(code: int, answer: Answer | None) -> bool:
    if answer is None or isinstance(answer, str):
        return False
    return code == answer if isinstance(answer, int) else code in answer


def tried_answers(definition: QuestionnaireDef, given: Mapping[str, Sequence[str]]) -> dict[str, Answer]:
    """The answers of an address's query that can be answers; the others are left out."""
    found: dict[str, Answer] = {}
    for variable in definition.variables:
        words = [
            word for word in given.get(variable.name, ()) if word.isascii() and word.isdecimal() and len(word) < 10
        ]
        if not words or variable.kind not in _ASKED:
            continue
        answer: Answer = [int(word) for word in words] if variable.kind == QuestionKind.SEVERAL else int(words[0])
        if walk.refusal(variable, answer) is None:
            found[variable.name] = answer
    return found
