"""The way through a questionnaire: which questions an answer path meets, and which answers count.

An answer to a question that is no longer shown does not count, and is not there for the rules after it either.
``Answers`` maps variables to a code, a list of codes, a number or a text. Pages count from 1.
"""

from __future__ import annotations

from surveys.enums import NUMBER_KINDS, TEXT_KINDS, QuestionKind
from surveys.rules.activation import Answer, Answers, holds, is_answer
from surveys.rules.questionnaire import QuestionDef, QuestionnaireDef, Variable

# The most that may be written, in characters.
LENGTHS = {QuestionKind.SHORT_TEXT: 200, QuestionKind.LONG_TEXT: 4000}
# The largest number that can be answered, so that nobody's telephone or CPR number can.
LARGEST = 999_999
# What can be a year at all, where the questionnaire says nothing else.
YEARS = (1900, 2100)


def _met(definition: QuestionnaireDef, answers: Answers) -> tuple[set[str], dict[str, Answer]]:
    """The variables shown, and the answers to them. One pass is enough: rules look back only."""
    shown_names: set[str] = set()
    counted: dict[str, Answer] = {}
    for variable in definition.variables:
        if variable.activation is None or holds(variable.activation, counted):
            shown_names.add(variable.name)
            answer = answers.get(variable.name)
            if answer is not None and is_answer(answer):
                counted[variable.name] = answer
    return shown_names, counted


def shown(definition: QuestionnaireDef, answers: Answers) -> set[str]:
    """The names of the variables that somebody with these answers is asked."""
    return _met(definition, answers)[0]


def kept(definition: QuestionnaireDef, answers: Answers) -> dict[str, Answer]:
    """The answers that count: to variables that are shown, and not empty."""
    return _met(definition, answers)[1]


def page_questions(definition: QuestionnaireDef, number: int, answers: Answers) -> tuple[QuestionDef, ...]:
    """What stands on a page for somebody with these answers, sections too."""
    counted = kept(definition, answers)
    return tuple(
        question
        for question in definition.pages[number - 1]
        if question.activation is None or holds(question.activation, counted)
    )


def pages_met(definition: QuestionnaireDef, answers: Answers) -> tuple[int, ...]:
    """The pages on which somebody with these answers has something to answer."""
    names = shown(definition, answers)
    return tuple(sorted({variable.page for variable in definition.variables if variable.name in names}))


def next_page(definition: QuestionnaireDef, number: int, answers: Answers) -> int | None:
    """The page after this one; None after the last. ``number`` 0 gives the first."""
    return next((page for page in pages_met(definition, answers) if page > number), None)


def previous_page(definition: QuestionnaireDef, number: int, answers: Answers) -> int | None:
    """The page before this one; None before the first."""
    return next((page for page in reversed(pages_met(definition, answers)) if page < number), None)


def progress(definition: QuestionnaireDef, number: int, answers: Answers) -> tuple[int, int]:
    """How many pages lie behind somebody on this page, and how many there are with these answers."""
    pages = pages_met(definition, answers)
    return sum(page < number for page in pages), len(pages)


def refusals(definition: QuestionnaireDef, number: int, answers: Answers, *, year: int | None = None) -> dict[str, str]:
    """What of a page cannot be taken, by variable: ``required`` or one of the codes of ``refusal``.

    Only what is shown is looked at. ``year`` is the present one: no answer of a year lies after it.
    """
    shown_names, counted = _met(definition, answers)
    found = {}
    for variable in definition.variables:
        if variable.page != number or variable.name not in shown_names:
            continue
        answer = counted.get(variable.name)
        why = refusal(variable, answer, year=year) if answer is not None else None
        if answer is None and variable.question.required:
            why = "required"
        if why is not None:
            found[variable.name] = why
    return found


def refusal(variable: Variable, answer: Answer, *, year: int | None = None) -> str | None:
    """Why an answer cannot be taken, or None.

    ``unknown_code``, ``exclusive`` (chosen beside others), ``not_a_number``, ``too_small``, ``too_large``,
    ``too_long``, ``not_a_text``.
    """
    if variable.kind in TEXT_KINDS:
        if not isinstance(answer, str):
            return "not_a_text"
        return "too_long" if len(answer) > LENGTHS[variable.kind] else None
    if variable.kind in NUMBER_KINDS:
        return _number_refusal(variable, answer, year)
    if variable.kind == QuestionKind.SEVERAL:
        return _several_refusal(variable, answer)
    return None if _is_code(answer, variable) else "unknown_code"


def _is_code(answer: object, variable: Variable) -> bool:
    return type(answer) is int and any(choice.code == answer for choice in variable.choices)


def _several_refusal(variable: Variable, answer: Answer) -> str | None:
    if isinstance(answer, (int, str)) or not all(_is_code(code, variable) for code in answer):
        return "unknown_code"
    alone = {choice.code for choice in variable.choices if choice.exclusive}
    return "exclusive" if len(set(answer)) > 1 and alone.intersection(answer) else None


def _number_refusal(variable: Variable, answer: Answer, year: int | None) -> str | None:
    if not isinstance(answer, int) or isinstance(answer, bool):
        return "not_a_number"
    low, high = bounds(variable.question, year=year)
    if answer < low:
        return "too_small"
    return "too_large" if answer > high else None


def bounds(question: QuestionDef, *, year: int | None = None) -> tuple[int, int]:
    """The smallest and the largest number that may be answered. ``year`` is the present one."""
    low, high = question.minimum, question.maximum
    if question.kind == QuestionKind.YEAR:
        low = YEARS[0] if low is None else low
        high = YEARS[1] if high is None else high
        high = high if year is None else min(high, year)
    # Below zero stand the codes of what is missing.
    return 0 if low is None else low, LARGEST if high is None else min(high, LARGEST)


def first_unanswered(definition: QuestionnaireDef, answers: Answers) -> Variable | None:
    """The first variable that somebody with these answers must answer and has not."""
    shown_names, counted = _met(definition, answers)
    return next(
        (
            variable
            for variable in definition.variables
            if variable.question.required and variable.name in shown_names and variable.name not in counted
        ),
        None,
    )


def background_only(definition: QuestionnaireDef, answers: Answers) -> bool:
    """Whether nothing beyond the first page, which asks for the background, was answered."""
    counted = kept(definition, answers)
    return len(definition.pages) > 1 and all(
        variable.page == 1 for variable in definition.variables if variable.name in counted
    )


def reached_after(definition: QuestionnaireDef, number: int, reached: int, *, before: Answers, after: Answers) -> int:
    """The highest page sent, now that page ``number`` is sent again and the answers are ``after``.

    Somebody who goes back and answers otherwise may meet a page that they have never seen: then they have come no
    further than the page before it, and what they answered later is kept all the same. So it is with a page that
    was sent without what must be answered on it, as the way back allows: rules may wait for that answer.
    """
    reached = max(reached, number)
    new = shown(definition, after) - shown(definition, before)
    unseen = [variable.page for variable in definition.variables if variable.name in new]
    missing = first_unanswered(definition, after)
    owed = [missing.page - 1] if missing is not None else []
    return min([reached, *owed, *(page - 1 for page in unseen if number < page <= reached)])
