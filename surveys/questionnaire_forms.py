"""A page of a questionnaire as a form, made from its version."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from surveys.enums import NUMBER_KINDS, TEXT_KINDS, QuestionKind
from surveys.rules import walk
from surveys.rules.activation import Answer, mentioned, to_data
from surveys.rules.asking import possible
from surveys.rules.questionnaire import LANGUAGES, QuestionDef, QuestionnaireDef, Variable

_NUMBER = re.compile(r"\d{1,6}", re.ASCII)
# How tall a field for several lines is.
_LINES = {QuestionKind.LONG_TEXT: 4}
# So that no variable is named like one of the form's own fields.
_PREFIX = "q"


@dataclass(frozen=True)
class Item:
    """A question as the page shows it: its fields (a grid has several, a section none).

    ``shown``: somebody with the answers sent so far meets it; the others wait for an answer on this very page.
    """

    question: QuestionDef
    text: str
    help: str
    fields: list[forms.BoundField]
    shown: bool

    @property
    def is_grid(self) -> bool:
        """Whether its fields are lines under one question."""
        return self.question.kind == QuestionKind.GRID

    @property
    def is_section(self) -> bool:
        """Whether there is nothing to answer."""
        return self.question.kind == QuestionKind.SECTION

    @property
    def style(self) -> str:
        """How its choices lie: short ones side by side."""
        return "tiles" if self.question.kind == QuestionKind.SEVERAL else "row"

    @property
    def variables(self) -> list[str]:
        """What it is answered under."""
        return [field.name for field in self.fields]


class QuestionnairePage(forms.Form):
    """The questions of one page that somebody meets, or may come to meet by what is answered on it."""

    use_required_attribute = False

    def __init__(
        self,
        data: Any = None,
        *,
        definition: QuestionnaireDef,
        page: int,
        answers: Mapping[str, Answer],
        today: date,
        forward: bool = True,
        typed: QueryDict | None = None,
    ) -> None:
        """``answers``: what was sent before. ``forward``: what must be answered is asked for, as it is not on the way
        back. ``typed``: what stands on the page without having been sent, to be shown and not looked through."""
        super().__init__(data, prefix=_PREFIX)
        self.forward = forward
        language = get_language() or LANGUAGES[0]
        self.language = language if language in LANGUAGES else LANGUAGES[0]
        self.definition, self.page, self.sent, self.today = definition, page, answers, today
        names = possible(definition, page, answers).get(page, set())
        self.met = [question for question in definition.pages[page - 1] if question.name in names]
        self.variables = {
            variable.name: variable
            for variable in definition.variables
            if variable.page == page and variable.question.name in names
        }
        for variable in self.variables.values():
            self.fields[variable.name] = self._field(variable)
            if variable.name in answers:
                self.initial[variable.name] = answers[variable.name]
        if typed is not None:
            for name in self._seen(typed):
                several = self.variables[name].kind == QuestionKind.SEVERAL
                given = typed.getlist(self.add_prefix(name))
                self.initial[name] = given if several else (given or [""])[-1]

    # --- What the page shows ----------------------------------------------------------------------------

    def items(self) -> list[Item]:
        """The questions in their order."""
        shown = {question.name for question in walk.page_questions(self.definition, self.page, self._answers_here())}
        return [
            Item(
                question,
                question.text[self.language],
                question.help[self.language],
                [self[variable.name] for variable in self.variables.values() if variable.question is question],
                question.name in shown,
            )
            for question in self.met
        ]

    def rules(self) -> dict[str, Any]:
        """What the page's script needs to show and hide questions: their rules, and the earlier answers they ask for.

        Written words are not among them; no rule reads any.
        """
        asked = {name for question in self.met if question.activation for name in mentioned(question.activation)}
        counted = walk.kept(self.definition, self.sent)
        return {
            "prefix": f"{self.prefix}-",
            "given": {name: counted[name] for name in asked if name in counted and name not in self.variables},
            "questions": [
                {
                    "name": question.name,
                    "variables": [name for name, variable in self.variables.items() if variable.question is question],
                    "rule": to_data(question.activation) if question.activation else None,
                    "alone": [choice.code for choice in question.choices if choice.exclusive],
                }
                for question in self.met
            ],
        }

    # --- What was sent ----------------------------------------------------------------------------------

    def seen(self) -> set[str]:
        """The variables that were on the screen when the page was sent."""
        return self._seen(cast(QueryDict, self.data))

    def _seen(self, data: QueryDict) -> set[str]:
        return set(data.getlist("seen")) & set(self.variables)

    def answers(self) -> dict[str, Answer]:
        """What was answered, as far as it was seen. After ``is_valid``."""
        return dict(self._typed)

    def clean(self) -> dict[str, Any]:
        """Look through what was seen; each thing that cannot be taken gets a sentence beside its field."""
        given = super().clean() or {}
        self._typed: dict[str, Answer] = {}
        seen = self.seen()
        for name in seen:
            value = _typed(self.variables[name], given.get(name))
            if value is not None:
                self._typed[name] = value
        everything = {**{name: answer for name, answer in self.sent.items() if name not in seen}, **self._typed}
        for name, code in walk.refusals(self.definition, self.page, everything, year=self.today.year).items():
            if name in seen and name not in self.errors and (self.forward or code != "required"):
                self.add_error(name, self._sentence(self.variables[name], code))
        return given

    def _answers_here(self) -> dict[str, Answer]:
        if not self.is_bound:
            return dict(self.sent)
        seen = self.seen()
        typed = getattr(self, "_typed", {})
        return {**{name: answer for name, answer in self.sent.items() if name not in seen}, **typed}

    def _field(self, variable: Variable) -> forms.Field:
        label = variable.text(self.language)
        hint = "" if variable.row else escape(variable.question.help[self.language])
        choices = [(choice.code, choice.text[self.language]) for choice in variable.choices]
        errors = {"invalid_choice": _("Vælg et af svarene."), "invalid_list": _("Vælg et af svarene.")}
        kind = variable.kind
        if kind == QuestionKind.SEVERAL:
            return forms.TypedMultipleChoiceField(
                label=label,
                help_text=hint or _("Vælg gerne flere."),
                choices=choices,
                coerce=int,
                required=False,
                widget=forms.CheckboxSelectMultiple,
                error_messages=errors,
            )
        if kind in TEXT_KINDS:
            note = _("Skriv ikke navne, telefonnumre eller CPR-numre.")
            widget: forms.Widget = forms.TextInput(attrs={"autocomplete": "off"})
            if kind in _LINES:
                widget = forms.Textarea(attrs={"rows": _LINES[QuestionKind(kind)], "autocomplete": "off"})
            return forms.CharField(
                label=label,
                help_text=hint or note,
                required=False,
                widget=widget,
            )
        if kind in NUMBER_KINDS:
            number = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "input-width-s"})
            return forms.CharField(label=label, help_text=hint, required=False, widget=number)
        return forms.TypedChoiceField(
            label=label,
            help_text=hint,
            choices=choices,
            coerce=int,
            empty_value=None,
            required=False,
            widget=forms.RadioSelect,
            error_messages=errors,
        )

    def _sentence(self, variable: Variable, code: str) -> str:
        low, high = walk.bounds(variable.question, year=self.today.year)
        if code == "required":
            return _("Svar på spørgsmålet, før du går videre.")
        if code == "exclusive":
            alone = next(choice.text[self.language] for choice in variable.choices if choice.exclusive)
            return _("“%(answer)s” kan ikke vælges sammen med de andre svar.") % {"answer": alone}
        if code == "too_long":
            return _("Teksten er for lang. Skriv højst %(count)d tegn.") % {"count": walk.LENGTHS[variable.kind]}
        if variable.kind == QuestionKind.YEAR:
            if code == "not_a_number":
                return _("Skriv årstallet med fire tal, for eksempel 1950.")
            return _("Skriv et årstal fra %(low)d til %(high)d.") % {"low": low, "high": high}
        if code == "not_a_number":
            return _("Skriv et tal.")
        if code == "too_small":
            return _("Skriv et tal, der er mindst %(low)d.") % {"low": low}
        if code == "too_large":
            return _("Skriv et tal, der er højst %(high)d.") % {"high": high}
        return _("Vælg et af svarene.")


def _typed(variable: Variable, value: Any) -> Answer | None:
    """What was typed or chosen as an answer; None for nothing. A number that is none stays a text, to be refused."""
    if value in (None, "", []):
        return None
    if variable.kind in NUMBER_KINDS:
        return int(value) if _NUMBER.fullmatch(value) else str(value)
    if variable.kind in TEXT_KINDS:
        return str(value).replace("\r\n", "\n")
    return cast(Answer, value)
