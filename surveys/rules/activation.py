"""Who meets a question: an expression over earlier answers, as data.

::

    {"equals": [variable, code]}     the answer is this code; of several answers, this is among them
    {"in": [variable, [code, …]]}    the answer is one of these; of several answers, at least one is
    {"answered": variable}           anything was answered
    {"not": e}  {"and": [e, …]}  {"or": [e, …]}

A rule reads codes and numbers, never what somebody wrote: whoever counts or exports can tell who was asked without
opening a text. It looks back only, at variables that stand earlier, so that one pass decides everything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING

from surveys.enums import CHOICE_KINDS, TEXT_KINDS, QuestionKind
from surveys.rules.faults import BadQuestionnaire, Fault

if TYPE_CHECKING:
    from surveys.rules.questionnaire import QuestionnaireDef, Variable

# A code or number, a text, or the codes chosen among several.
Answer = int | str | Sequence[int]
Answers = Mapping[str, Answer]

# Deeper than anybody can read; it also keeps a hostile file from using up the stack.
DEPTH = 12


@dataclass(frozen=True)
class Equals:
    """The answer to ``variable`` is ``code``."""

    variable: str
    code: int


@dataclass(frozen=True)
class In:
    """The answer to ``variable`` is one of ``codes``."""

    variable: str
    codes: tuple[int, ...]


@dataclass(frozen=True)
class Answered:
    """``variable`` was answered."""

    variable: str


@dataclass(frozen=True)
class Not:
    """``part`` does not hold."""

    part: Expression


@dataclass(frozen=True)
class And:
    """Every part holds."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True)
class Or:
    """At least one part holds."""

    parts: tuple[Expression, ...]


Expression = Equals | In | Answered | Not | And | Or


def read(data: object, place: str = "activation", *, depth: int = DEPTH) -> Expression:
    """The expression that ``data`` (as JSON gives it) says. Raises BadQuestionnaire naming the place."""
    if depth == 0:
        raise BadQuestionnaire(Fault(place, "rule_too_deep"))
    if not isinstance(data, Mapping) or len(data) != 1:
        raise BadQuestionnaire(Fault(place, "rule_unknown"))
    [(operator, value)] = data.items()
    inside = f"{place}.{operator}"
    match operator, value:
        case "equals", [str(variable), int(code)] if not isinstance(code, bool):
            return Equals(variable, code)
        case "in", [str(variable), [*codes]] if codes and all(type(code) is int for code in codes):
            return In(variable, tuple(codes))
        case "answered", str(variable):
            return Answered(variable)
        case "not", _:
            return Not(read(value, inside, depth=depth - 1))
        case (("and" | "or"), [*parts]) if parts:
            found = tuple(read(part, f"{inside}[{index}]", depth=depth - 1) for index, part in enumerate(parts))
            return And(found) if operator == "and" else Or(found)
    raise BadQuestionnaire(Fault(place, "rule_unknown", detail=str(operator)[:40]))


def to_data(expression: Expression) -> dict[str, object]:
    """The expression as JSON takes it: what ``read`` reads."""
    match expression:
        case Equals(variable, code):
            return {"equals": [variable, code]}
        case In(variable, codes):
            return {"in": [variable, list(codes)]}
        case Answered(variable):
            return {"answered": variable}
        case Not(part):
            return {"not": to_data(part)}
        case And(parts):
            return {"and": [to_data(part) for part in parts]}
        case Or(parts):
            return {"or": [to_data(part) for part in parts]}


def is_answer(answer: Answer | None) -> bool:
    """Whether anything was answered: no empty list, no empty text."""
    return answer is not None and answer not in ("", [], ())


def holds(expression: Expression, answers: Answers) -> bool:
    """Whether the expression holds for these answers. What is not among them is not answered."""
    return verdict(expression, answers, frozenset()) is True


def verdict(expression: Expression, answers: Answers, unknown: Set[str]) -> bool | None:
    """Whether the expression holds; None where that hangs on a variable of ``unknown`` (Kleene's three values)."""
    match expression:
        case Equals(variable, code):
            return None if variable in unknown else _among(answers.get(variable), (code,))
        case In(variable, codes):
            return None if variable in unknown else _among(answers.get(variable), codes)
        case Answered(variable):
            return None if variable in unknown else is_answer(answers.get(variable))
        case Not(part):
            found = verdict(part, answers, unknown)
            return None if found is None else not found
        case And(parts):
            each = [verdict(part, answers, unknown) for part in parts]
            return False if False in each else None if None in each else True
        case Or(parts):
            each = [verdict(part, answers, unknown) for part in parts]
            return True if True in each else None if None in each else False


def _among(answer: Answer | None, codes: Sequence[int]) -> bool:
    if answer is None or isinstance(answer, str):
        return False
    given = (answer,) if isinstance(answer, int) else answer
    return any(code in codes for code in given)


def mentioned(expression: Expression) -> tuple[str, ...]:
    """The variables that the expression asks about, in its order, each once."""
    match expression:
        case Equals(variable, _) | In(variable, _) | Answered(variable):
            return (variable,)
        case Not(part):
            return mentioned(part)
        case And(parts) | Or(parts):
            return tuple(dict.fromkeys(name for part in parts for name in mentioned(part)))


def check(definition: QuestionnaireDef) -> tuple[Fault, ...]:
    """What is wrong with the rules: cycles, unknown or later variables, unknown codes, rules about written words."""
    known = {variable.name: variable for variable in definition.variables}
    order = {name: index for index, name in enumerate(known)}
    cycles = _in_a_cycle(definition)
    faults: list[Fault] = []
    for page_index, page in enumerate(definition.pages):
        for index, question in enumerate(page):
            if question.activation is None:
                continue
            place = f"pages[{page_index}][{index}].activation"
            own = [row.name for row in question.rows] or [question.name]
            # A section has no variable: it looks back from where it stands.
            before = {variable.name for variable in definition.before(page_index + 1, index)}
            for name in mentioned(question.activation):
                if name not in order:
                    faults.append(Fault(place, "unknown_variable", question.name, name))
                elif cycles.intersection(own) and name in cycles | set(own):
                    faults.append(Fault(place, "cycle", question.name, name))
                elif name not in before:
                    faults.append(Fault(place, "later_variable", question.name, name))
                elif known[name].kind in TEXT_KINDS:
                    faults.append(Fault(place, "rule_on_text", question.name, name))
            faults += [
                Fault(place, "unknown_code", question.name, f"{name} = {code}")
                for name, code in _codes(question.activation)
                if name in known and not _can_be(known[name], code)
            ]
    return tuple(faults)


def _codes(expression: Expression) -> list[tuple[str, int]]:
    match expression:
        case Equals(variable, code):
            return [(variable, code)]
        case In(variable, codes):
            return [(variable, code) for code in codes]
        case Answered():
            return []
        case Not(part):
            return _codes(part)
        case And(parts) | Or(parts):
            return [found for part in parts for found in _codes(part)]


def _can_be(variable: Variable, code: int) -> bool:
    if variable.kind in CHOICE_KINDS:
        return code in {choice.code for choice in variable.choices}
    return variable.kind in {QuestionKind.YEAR, QuestionKind.NUMBER}


def _in_a_cycle(definition: QuestionnaireDef) -> set[str]:
    """The variables that wait for each other, or for themselves."""
    waits = {
        variable.name: set(mentioned(variable.activation)) if variable.activation else set()
        for variable in definition.variables
    }
    found = set()
    for start in waits:
        seen: set[str] = set()
        todo = list(waits[start])
        while todo:
            name = todo.pop()
            if name not in seen:
                seen.add(name)
                todo += waits.get(name, ())
        if start in seen:
            found.add(start)
    return found


_WORDS = {
    "da": {"is": "er", "and": "og", "or": "eller", "not": "ikke", "answered": "er besvaret", "everybody": "Alle"},
    "en": {"is": "is", "and": "and", "or": "or", "not": "not", "answered": "is answered", "everybody": "Everybody"},
}


def in_words(expression: Expression | None, definition: QuestionnaireDef, language: str) -> str:
    """The rule as people read it in exports and previews: ``"Did you …?" is "Yes"``. None: everybody."""
    words = _WORDS[language]
    if expression is None:
        return words["everybody"]
    return _said(expression, {variable.name: variable for variable in definition.variables}, language, inside=False)


def _said(expression: Expression, known: Mapping[str, Variable], language: str, *, inside: bool) -> str:
    words = _WORDS[language]
    match expression:
        case Equals(variable, code):
            return f"{_asked(variable, known, language)} {words['is']} {_answer(variable, code, known, language)}"
        case In(variable, codes):
            each = [_answer(variable, code, known, language) for code in codes]
            answers = f" {words['or']} ".join(filter(None, [", ".join(each[:-1]), each[-1]]))
            return f"{_asked(variable, known, language)} {words['is']} {answers}"
        case Answered(variable):
            return f"{_asked(variable, known, language)} {words['answered']}"
        case Not(part):
            return f"{words['not']} ({_said(part, known, language, inside=False)})"
        case And(parts) | Or(parts):
            word = words["and"] if isinstance(expression, And) else words["or"]
            said = f" {word} ".join(_said(part, known, language, inside=True) for part in parts)
            return f"({said})" if inside and len(parts) > 1 else said


def _asked(name: str, known: Mapping[str, Variable], language: str) -> str:
    return f"“{known[name].text(language)}”" if name in known else name


def _answer(name: str, code: int, known: Mapping[str, Variable], language: str) -> str:
    choices = known[name].choices if name in known else ()
    return next((f"“{choice.text[language]}”" for choice in choices if choice.code == code), str(code))
