"""The postcard's questions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from surveys.rules.questionnaire import QuestionDef, QuestionnaireDef
from surveys.services import Answers
from surveys.wording import in_language


def _question(question: QuestionDef) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=in_language(question.text),
        help_text=in_language(question.help),
        choices=[(choice.code, in_language(choice.text)) for choice in question.choices],
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Vælg et af svarene.")},
    )


class PostcardForm(forms.Form):
    """One tap a question; any may be skipped. Words and order are those of the version that is published."""

    def __init__(self, *args: Any, definition: QuestionnaireDef, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {question.name: _question(question) for page in definition.pages for question in page}

    def answers(self) -> Answers:
        """What was answered."""
        return Answers(**self.cleaned_data)
