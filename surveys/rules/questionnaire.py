"""A questionnaire as plain values, read from JSON and written to it. What is missing in a draft is an empty text.

The JSON is what the administration exports and imports, and what ``surveys/migrations/shipped/`` holds::

    {"key", "number", "audience", "title": {"da", "en"}, "introduction": {…}, "thanks": {…}, "context": [fact, …],
     "pages": [[{"name", "kind", "text": {…}, "help": {…}, "required", "known_to_others", "activation",
                 "minimum", "maximum",
                 "choices": [{"code", "text": {…}, "exclusive"}], "rows": [{"name", "text": {…}}]}]]}

In a question all but name, kind and text may be left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from surveys.enums import Audience, Edition, QuestionKind
from surveys.rules.activation import Expression, read, to_data
from surveys.rules.faults import BadQuestionnaire, Fault
from surveys.rules.reading import Place

LANGUAGES = ("da", "en")
Text = Mapping[str, str]

# Questions that others know the answers of, by their names, in every version.
SEX, BIRTH_YEAR = "sex", "birth_year"

# The patients' questionnaire: its key stands in exports and commands.
PATIENTS = "patients"

__all__ = [
    "BIRTH_YEAR",
    "LANGUAGES",
    "PATIENTS",
    "SEX",
    "BadQuestionnaire",
    "ChoiceDef",
    "Fault",
    "QuestionDef",
    "QuestionnaireDef",
    "RowDef",
    "Variable",
    "from_json",
    "postcard_key",
    "to_json",
    "variables",
]


def postcard_key(edition: Edition) -> str:
    """The key of the questionnaire with the texts and codes of this edition of the postcard."""
    return f"postcard_{edition.value}"


@dataclass(frozen=True)
class ChoiceDef:
    """A ready answer. ``exclusive``: chosen alone, as "none of these"."""

    code: int
    text: Text
    exclusive: bool = False


@dataclass(frozen=True)
class RowDef:
    """A line of a grid, and the variable that holds its answer."""

    name: str
    text: Text


@dataclass(frozen=True)
class QuestionDef:
    """A question, or a section's text. ``minimum`` and ``maximum`` are of numbers and years.

    ``known_to_others``: somebody else may know what a person answers here, as sex and year of birth are known.
    """

    name: str
    kind: QuestionKind
    text: Text
    help: Text
    required: bool = False
    activation: Expression | None = None
    choices: tuple[ChoiceDef, ...] = ()
    rows: tuple[RowDef, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    known_to_others: bool = False


@dataclass(frozen=True)
class Variable:
    """What one answer is kept under: a question, or a line of a grid. ``page`` counts from 1."""

    name: str
    question: QuestionDef
    row: RowDef | None
    page: int

    @property
    def kind(self) -> QuestionKind:
        """How it is answered; a line of a grid says ``grid``, and is answered by one code."""
        return self.question.kind

    @property
    def choices(self) -> tuple[ChoiceDef, ...]:
        """The ready answers."""
        return self.question.choices

    @property
    def activation(self) -> Expression | None:
        """Who meets it; None: everybody."""
        return self.question.activation

    @property
    def known_to_others(self) -> bool:
        """Whether others may know the answer, and so whose answers these are."""
        return self.question.known_to_others or self.name in {SEX, BIRTH_YEAR}

    def text(self, language: str) -> str:
        """What is asked; of a grid's line its own text, for the question above it goes for all of them."""
        return (self.row or self.question).text[language]


@dataclass(frozen=True)
class QuestionnaireDef:
    """A version, whole. ``pages`` are those with something on them, the first is number 1."""

    key: str
    number: int
    audience: Audience
    title: Text
    introduction: Text
    thanks: Text
    context: tuple[str, ...]
    pages: tuple[tuple[QuestionDef, ...], ...]

    @cached_property
    def variables(self) -> tuple[Variable, ...]:
        """Every variable in the order of asking, which is that of the exports."""
        return tuple(
            Variable(name, question, row, number)
            for number, page in enumerate(self.pages, start=1)
            for question in page
            for name, row in _names(question)
        )

    def before(self, page: int, index: int) -> tuple[Variable, ...]:
        """The variables that stand before question ``index`` (from 0) of ``page`` (from 1)."""
        here = {name for question in self.pages[page - 1][:index] for name, _ in _names(question)}
        return tuple(
            variable
            for variable in self.variables
            if variable.page < page or (variable.page == page and variable.name in here)
        )

    def variable(self, name: str) -> Variable | None:
        """The variable of this name."""
        return next((variable for variable in self.variables if variable.name == name), None)


def _names(question: QuestionDef) -> list[tuple[str, RowDef | None]]:
    if question.kind == QuestionKind.SECTION:
        return []
    if question.kind == QuestionKind.GRID:
        return [(row.name, row) for row in question.rows]
    return [(question.name, None)]


def variables(definition: QuestionnaireDef) -> tuple[Variable, ...]:
    """Every variable in the order of asking, which is that of the exports."""
    return definition.variables


def from_json(data: object) -> QuestionnaireDef:
    """The questionnaire that the JSON says. Raises BadQuestionnaire with every place that cannot be read.

    Whether it may be published is another matter (``surveys.rules.check``): an English text may still be missing.
    """
    faults: list[Fault] = []
    top = Place(data, "", faults)
    top.only(
        {"key", "number", "audience", "title", "introduction", "thanks", "context", "pages"},
        {"key", "audience", "title", "pages"},
    )
    definition = QuestionnaireDef(
        key=top.word("key"),
        number=top.number("number") or 1,
        audience=Audience(top.one_of("audience", Audience.values)),
        title=top.text("title"),
        introduction=top.text("introduction"),
        thanks=top.text("thanks"),
        context=tuple(each.as_word() for each in top.each("context")),
        pages=tuple(tuple(_question(each) for each in page.items()) for page in top.each("pages")),
    )
    if faults:
        raise BadQuestionnaire(*faults)
    return definition


def _question(place: Place) -> QuestionDef:
    place.only(
        {"name", "kind", "text", "help", "required", "known_to_others", "activation", "choices", "rows"}
        | {"minimum", "maximum"},
        {"name", "kind", "text"},
    )
    place.name = place.word("name")
    rule = place.value("activation")
    activation = None
    if rule is not None:
        try:
            activation = read(rule, f"{place.path}.activation")
        except BadQuestionnaire as bad:
            place.faults += [Fault(fault.place, fault.code, place.name, fault.detail) for fault in bad.faults]
    return QuestionDef(
        name=place.name,
        kind=QuestionKind(place.one_of("kind", QuestionKind.values)),
        text=place.text("text"),
        help=place.text("help"),
        required=place.flag("required"),
        activation=activation,
        choices=tuple(_choice(each) for each in place.each("choices")),
        rows=tuple(_row(each) for each in place.each("rows")),
        minimum=place.number("minimum"),
        maximum=place.number("maximum"),
        known_to_others=place.flag("known_to_others"),
    )


def _choice(place: Place) -> ChoiceDef:
    place.only({"code", "text", "exclusive"}, {"code", "text"})
    return ChoiceDef(place.number("code") or 0, place.text("text"), place.flag("exclusive"))


def _row(place: Place) -> RowDef:
    place.only({"name", "text"}, {"name", "text"})
    return RowDef(place.word("name"), place.text("text"))


def to_json(definition: QuestionnaireDef) -> dict[str, object]:
    """The questionnaire as JSON takes it: what ``from_json`` reads, without what is empty."""
    return {
        "key": definition.key,
        "number": definition.number,
        "audience": definition.audience.value,
        "title": dict(definition.title),
        "introduction": dict(definition.introduction),
        "thanks": dict(definition.thanks),
        "context": list(definition.context),
        "pages": [[_question_data(question) for question in page] for page in definition.pages],
    }


def _question_data(question: QuestionDef) -> dict[str, object]:
    data: dict[str, object] = {"name": question.name, "kind": question.kind.value, "text": dict(question.text)}
    if any(question.help.values()):
        data["help"] = dict(question.help)
    if question.required:
        data["required"] = True
    if question.known_to_others:
        data["known_to_others"] = True
    if question.activation is not None:
        data["activation"] = to_data(question.activation)
    bounds = {"minimum": question.minimum, "maximum": question.maximum}
    data.update({name: bound for name, bound in bounds.items() if bound is not None})
    if question.choices:
        data["choices"] = [
            {"code": choice.code, "text": dict(choice.text), **({"exclusive": True} if choice.exclusive else {})}
            for choice in question.choices
        ]
    if question.rows:
        data["rows"] = [{"name": row.name, "text": dict(row.text)} for row in question.rows]
    return data
