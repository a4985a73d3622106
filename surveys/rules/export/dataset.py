"""The columns of an export, fixed by the version of the questionnaire, and what their codes mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from surveys.enums import TEXT_KINDS
from surveys.rules import privacy
from surveys.rules.activation import in_words
from surveys.rules.coding import DROPPED_OUT, NOT_ASKED, SKIPPED, Column, columns
from surveys.rules.privacy import Attribute
from surveys.rules.questionnaire import BIRTH_YEAR, LANGUAGES, SEX, QuestionnaireDef, Text, Variable

# Told in bands only, or not at all, lest somebody be singled out.
KEPT_BACK = -4
MISSING: Mapping[int, Text] = {
    SKIPPED: {"da": "Ikke besvaret", "en": "Not answered"},
    NOT_ASKED: {"da": "Ikke spurgt", "en": "Not asked"},
    DROPPED_OUT: {"da": "Nåede ikke siden", "en": "Dropped out before the page"},
}
HELD_TEXT: Text = {"da": "Ikke oplyst af hensyn til anonymitet", "en": "Held back to keep people anonymous"}
NOTHING: Text = {"da": "", "en": ""}
YES_NO: Mapping[int, Text] = {1: {"da": "Ja", "en": "Yes"}, 0: {"da": "Nej", "en": "No"}}

# What others may know of a person: the variables with these names first, in this order; then those that are marked.
PERSON = {
    SEX: Attribute(SEX),
    BIRTH_YEAR: Attribute(BIRTH_YEAR, (privacy.decade, privacy.twenty_years)),
}
BANDS: Mapping[str, tuple[str, ...]] = {
    "birth_year": ("ten years", "twenty years"),
    "month": ("quarter", "year"),
    "date": ("month", "quarter", "year"),
    "minutes": ("under_10, 10_plus",),
}
FACTS: Mapping[str, Attribute] = {
    "region": Attribute("region", place=True),
    "practice_kind": Attribute("practice_kind", place=True),
    "month": Attribute("month", (privacy.quarter, privacy.year)),
    "date": Attribute("date", (privacy.month, privacy.quarter, privacy.year)),
    "minutes": Attribute("minutes", (privacy.ten_minutes,)),
}


@dataclass(frozen=True)
class Field:
    """A column. ``codes`` are of numbers, ``words`` of a column of words. ``kind``: the question's or its own."""

    name: str
    kind: str
    label: Text
    codes: Mapping[int, Text]
    rule: Text
    words: Mapping[str, Text] | None = None

    @property
    def is_word(self) -> bool:
        """Whether the column holds words rather than numbers."""
        return self.words is not None


@dataclass(frozen=True)
class Dataset:
    """All columns, in their order: number, flags, facts of the call, the person, and the answers."""

    key: str
    number: int
    title: Text
    running: Field
    flags: tuple[Field, ...]
    facts: tuple[Field, ...]
    # Sex, year of birth and whatever else others may know, where it is asked, and where it stands in a stored row.
    person: tuple[Field, ...]
    places: tuple[int, ...]
    band: Field | None
    answers: tuple[Field, ...]
    # In own words: in the codebook, and in a file of their own.
    texts: tuple[Field, ...]

    @property
    def fields(self) -> tuple[Field, ...]:
        """The columns of data.csv."""
        band = () if self.band is None else (self.band,)
        return (self.running, *self.flags, *self.facts, *self.person, *band, *self.answers)

    @property
    def fact_attributes(self) -> tuple[Attribute, ...]:
        """What is known of the call, for the check of privacy."""
        return tuple(FACTS.get(field.name, Attribute(field.name)) for field in self.facts)

    @property
    def person_attributes(self) -> tuple[Attribute, ...]:
        """What is known of the person, for the check of privacy."""
        return tuple(PERSON.get(field.name, Attribute(field.name)) for field in self.person)


def of_questionnaire(definition: QuestionnaireDef, facts: Sequence[Field]) -> Dataset:
    """The columns of a version; ``facts`` are those of the call that it keeps, with their words."""
    found = columns(definition)
    known = [column for column in found if column.kind == "numeric" and column.variable.known_to_others]
    known.sort(key=lambda column: [*PERSON, column.name].index(column.name))
    names = {column.name for column in known}
    return Dataset(
        key=definition.key,
        number=definition.number,
        title=definition.title,
        running=_plain("respondent", "number", {"da": "Løbenummer i denne fil", "en": "Running number in this file"}),
        flags=(
            _plain("complete", "flag", {"da": "Afsluttet", "en": "Completed"}, YES_NO),
            _plain(
                "background_only",
                "flag",
                {"da": "Kun baggrunden er besvaret", "en": "Answered the background part only"},
                YES_NO,
            ),
        ),
        facts=tuple(facts),
        person=tuple(_of_column(column, definition, {**MISSING, KEPT_BACK: HELD_TEXT}) for column in known),
        places=tuple(found.index(column) for column in known),
        band=_band(definition) if BIRTH_YEAR in names else None,
        answers=tuple(_of_column(column, definition, MISSING) for column in found if column.name not in names),
        texts=tuple(
            Field(variable.name, variable.kind.value, _asked(variable), {}, _rule(variable, definition))
            for variable in definition.variables
            if variable.kind in TEXT_KINDS
        ),
    )


def of_postcards(
    definition: QuestionnaireDef, facts: Sequence[Field], syddanmark: QuestionnaireDef | None = None
) -> Dataset:
    """The columns of the postcards, by the national edition; also in Syddanmark's words where those are others."""
    theirs = {} if syddanmark is None else {column.name: column.label for column in columns(syddanmark)}
    return Dataset(
        key="postcards",
        number=definition.number,
        title=definition.title,
        running=_plain("card", "number", {"da": "Løbenummer i denne fil", "en": "Running number in this file"}),
        flags=(),
        facts=tuple(facts),
        person=(),
        places=(),
        band=None,
        answers=tuple(
            _of_column(replace(column, label=_in_both(column.label, theirs.get(column.name))), definition, MISSING)
            for column in columns(definition)
        ),
        texts=(),
    )


def _plain(name: str, kind: str, label: Text, codes: Mapping[int, Text] | None = None) -> Field:
    return Field(name, kind, label, codes or {}, NOTHING)


def _band(definition: QuestionnaireDef) -> Field:
    asked = next(variable for variable in definition.variables if variable.name == BIRTH_YEAR)
    label = {
        "da": "Fødselsår: første år i gruppen (ti år, eller tyve, se manifest.json)",
        "en": "Year of birth: first year of the band (ten years, or twenty, see manifest.json)",
    }
    return Field("birth_year_band", "year", label, {**MISSING, KEPT_BACK: HELD_TEXT}, _rule(asked, definition))


def _of_column(column: Column, definition: QuestionnaireDef, missing: Mapping[int, Text]) -> Field:
    codes = YES_NO if column.kind == "flag" else {choice.code: choice.text for choice in column.variable.choices}
    variable = column.variable
    return Field(column.name, variable.kind.value, column.label, {**codes, **missing}, _rule(variable, definition))


def _in_both(label: Text, other: Text | None) -> Text:
    """What is asked, and how Syddanmark's card asks it where it does in other words."""
    return {
        language: asked if other is None or other[language] == asked else f"{asked} (Syddanmark: {other[language]})"
        for language, asked in label.items()
    }


def _asked(variable: Variable) -> Text:
    return {language: variable.text(language) for language in LANGUAGES}


def _rule(variable: Variable, definition: QuestionnaireDef) -> Text:
    return {language: in_words(variable.activation, definition, language) for language in LANGUAGES}
