"""Words for questions and numbers, in the reader's language."""

from __future__ import annotations

from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from surveys.rules.questionnaire import LANGUAGES, Text, Variable


def in_language(text: Text) -> str:
    """The text in the language of the page; what is not translated in Danish."""
    language = (get_language() or "")[:2]
    return text.get(language if language in LANGUAGES else "da", "") or text.get("da", "")


def question_text(variable: Variable) -> str:
    """What is asked; a line of a grid with the question above it."""
    asked = in_language(variable.question.text)
    return asked if variable.row is None else f"{asked} {in_language(variable.row.text)}"


def number(value: int) -> str:
    """A whole number with its thousands told apart."""
    return str(number_format(value, use_l10n=True, force_grouping=True))


def share(value: int | None) -> str:
    """Whole per cent; a dash of nothing."""
    return "–" if value is None else _("%(number)d %%") % {"number": value}


def count_and_share(count: int, value: int | None) -> str:
    """Per cent first, and how many they are."""
    return number(count) if value is None else f"{share(value)} ({number(count)})"
