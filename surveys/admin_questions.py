"""A question of a draft in the administration: texts, ready answers, lines, and who meets it in one line of text."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from surveys.admin_texts import TextsForm
from surveys.enums import QuestionKind, VersionState
from surveys.errors import FAULTS
from surveys.models import Choice, GridRow, Question, QuestionnaireVersion
from surveys.rules.activation import read
from surveys.rules.check import storable_faults
from surveys.rules.faults import BadQuestionnaire, Fault
from surveys.rules.questionnaire import ChoiceDef, QuestionDef, RowDef
from surveys.rules.rule_text import as_text, parse
from surveys.services import questions
from vdx.accounts.watched import WatchedAdmin
from vdx.lib.errors import DomainError


class QuestionForm(TextsForm):
    """A question. ``rule`` is the activation as text; ``seen`` tells whether somebody else has saved in between."""

    rule = forms.CharField(
        label=_("Vises når"),
        required=False,
        widget=forms.TextInput(attrs={"size": 80}),
        help_text=_(
            "Tomt: alle møder spørgsmålet. Ellers for eksempel: contact = 1 · device = 2, 3 · "
            "helped = 1 og ikke (picture = 2 eller sound = 2) · times_used besvaret. "
            "Navne og koder står i Prøv spørgeskemaet."
        ),
    )
    version_id = forms.IntegerField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Question
        fields = (
            "page",
            "name",
            "kind",
            "text_da",
            "text_en",
            "help_da",
            "help_en",
            "required",
            "known_to_others",
            "rule",
            "minimum",
            "maximum",
        )
        widgets = {name: forms.Textarea(attrs={"rows": 2}) for name in ("text_da", "text_en", "help_da", "help_en")}
        help_texts = {
            "known_to_others": _(
                "Sæt kryds ved det, som naboer, familie eller kolleger kan vide om en person, for eksempel alder eller "
                "job. I data til forskning bliver svaret så holdt tilbage, hvor det kan udpege nogen. Køn og fødselsår "
                "(sex og birth_year) tæller altid med."
            )
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        question = self.instance
        if question.pk:
            self.initial["version_id"] = question.version_id
            self.initial["seen"] = questions.fingerprint(question)
            if question.activation is not None:
                self.initial["rule"] = as_text(read(question.activation))

    def clean_rule(self) -> Any:
        """The rule, read."""
        try:
            return parse(self.cleaned_data["rule"])
        except BadQuestionnaire as bad:
            raise forms.ValidationError(_said(bad.faults[0])) from None

    def clean(self) -> dict[str, Any]:
        """What the service would refuse, said beside the field."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if "name" in data:
            others = Question.objects.filter(version_id=data.get("version_id")).exclude(pk=self.instance.pk)
            rows = GridRow.objects.filter(question__in=others).values_list("name", flat=True)
            alone = QuestionDef(data["name"], QuestionKind.SECTION, {}, {})
            for fault in storable_faults(alone, taken={*others.values_list("name", flat=True), *rows}):
                self.add_error("name", _said(fault))
        return data

    def definition(self, choices: list[dict[str, Any]], rows: list[dict[str, Any]]) -> QuestionDef:
        """The question as plain values, with its ready answers and lines in the order of their places."""
        data = self.cleaned_data
        return QuestionDef(
            name=data["name"],
            kind=QuestionKind(data["kind"]),
            text={"da": data["text_da"], "en": data["text_en"]},
            help={"da": data["help_da"], "en": data["help_en"]},
            required=data["required"],
            activation=data["rule"],
            choices=tuple(
                ChoiceDef(each["code"], {"da": each["text_da"], "en": each["text_en"]}, each["exclusive"])
                for each in choices
            ),
            rows=tuple(RowDef(each["name"], {"da": each["text_da"], "en": each["text_en"]}) for each in rows),
            minimum=data["minimum"],
            maximum=data["maximum"],
            known_to_others=data["known_to_others"],
        )


def _said(fault: Fault) -> str:
    return f"{FAULTS[fault.code]} ({fault.detail})" if fault.detail else str(FAULTS[fault.code])


class PartInline(admin.TabularInline):
    """Ready answers or lines, of a draft's question."""

    extra = 0
    form = TextsForm
    _texts = {name: forms.Textarea(attrs={"rows": 1, "cols": 40}) for name in ("text_da", "text_en")}

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name in self._texts:
            kwargs["widget"] = self._texts[db_field.name]
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        # Within the form alone: the service writes the question whole.
        return self.has_change_permission(request, obj)


class ChoiceInline(PartInline):
    """The ready answers."""

    model = Choice
    fields = ("position", "code", "text_da", "text_en", "exclusive")


class GridRowInline(PartInline):
    """The lines of a scale."""

    model = GridRow
    fields = ("position", "name", "text_da", "text_en")


@admin.register(Question)
class QuestionAdmin(WatchedAdmin):
    """Reached from its version; its list is the version's page."""

    form = QuestionForm
    inlines = (ChoiceInline, GridRowInline)
    fields = (*QuestionForm.Meta.fields, "version_id", "seen")
    actions = None

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        draft = obj is None or (isinstance(obj, Question) and obj.version.state == VersionState.DRAFT)
        return draft and super().has_change_permission(request, obj)

    def get_fields(self, request: HttpRequest, obj: Question | None = None) -> Any:
        if obj is None or self.has_change_permission(request, obj):
            return self.fields
        return [name for name in QuestionForm.Meta.fields if name != "rule"] + ["rule_as_text"]

    @admin.display(description=_("Vises når"))
    def rule_as_text(self, question: Question) -> str:
        """Who meets a question that is not to be changed any more."""
        return "" if question.activation is None else as_text(read(question.activation))

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:surveys_questionnaireversion_changelist"))

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The form; what the service refuses sends the person back to it, with the reason."""
        if object_id is None and not self._draft(request):
            return self.changelist_view(request)
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except DomainError as refused:
            self.message_user(request, str(refused.message), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def _draft(self, request: HttpRequest) -> bool:
        """Whether the request names a draft that a new question can stand in."""
        number = request.POST.get("version_id") or request.GET.get("version_id") or ""
        return (
            number.isascii()
            and number.isdecimal()
            and QuestionnaireVersion.objects.filter(pk=int(number[:9]), state=VersionState.DRAFT).exists()
        )

    def save_model(self, request: HttpRequest, obj: Question, form: Any, change: bool) -> None:
        """Together with the ready answers and lines, below."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Write the question whole, by the service."""
        parts: dict[type[Model], list[dict[str, Any]]] = {Choice: [], GridRow: []}
        for formset in formsets:
            # The admin asks the formset afterwards what it would have written.
            formset.save(commit=False)
            kept = [
                each.cleaned_data for each in formset.forms if each.cleaned_data and not each.cleaned_data["DELETE"]
            ]
            parts[formset.model] = sorted(kept, key=lambda data: data["position"])
        actor: Any = request.user
        saved = questions.save_question(
            version_id=form.cleaned_data["version_id"],
            question_id=form.instance.pk if change else None,
            page=form.cleaned_data["page"],
            definition=form.definition(parts[Choice], parts[GridRow]),
            seen=form.cleaned_data["seen"] or None,
            actor=actor,
        )
        form.instance.pk = saved.pk

    def response_add(self, request: HttpRequest, obj: Question, post_url_continue: str | None = None) -> HttpResponse:
        return self._after(request, obj)

    def response_change(self, request: HttpRequest, obj: Question) -> HttpResponse:
        return self._after(request, obj)

    def _after(self, request: HttpRequest, obj: Question) -> HttpResponse:
        """Back to the version, or on with this question or a new one, as the button says."""
        question = Question.objects.get(pk=obj.pk)
        self.message_user(request, str(_("Spørgsmålet er gemt.")), messages.SUCCESS)
        if "_continue" in request.POST:
            return HttpResponseRedirect(reverse("admin:surveys_question_change", args=[question.pk]))
        if "_addanother" in request.POST:
            onward = f"?version_id={question.version_id}&page={question.page}"
            return HttpResponseRedirect(reverse("admin:surveys_question_add") + onward)
        version = reverse("admin:surveys_questionnaireversion_change", args=[question.version_id])
        return HttpResponseRedirect(f"{version}#question-{question.pk}")
