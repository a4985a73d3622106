"""Questionnaires in the administration: begun, edited, tried, published and closed by MedCom, without a developer."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from surveys.admin_texts import TextsForm
from surveys.enums import Audience, ContextFact, VersionState
from surveys.errors import FAULTS, BadQuestionnaireFile
from surveys.models import Questionnaire, QuestionnaireVersion
from surveys.queries import definition_of
from surveys.queries.preview import preview, tried_answers
from surveys.rules import check
from surveys.rules.faults import Fault
from surveys.rules.ordering import Move
from surveys.rules.questionnaire import LANGUAGES, PATIENTS, QuestionnaireDef, to_json
from surveys.services import questions, versions
from vdx.accounts.watched import WatchedAdmin
from vdx.lib import clock
from vdx.lib.errors import DomainError, NotFound

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def in_plain_words(faults: tuple[Fault, ...]) -> list[tuple[str, StrOrPromise]]:
    """Each fault as where it is, and what it is."""
    return [(_where(fault), _what(fault)) for fault in faults]


def _where(fault: Fault) -> str:
    return f"{fault.name} · {fault.place}" if fault.name else fault.place


def _what(fault: Fault) -> StrOrPromise:
    said = FAULTS[fault.code]
    # Of a missing text the place says the language already.
    return f"{said} ({fault.detail})" if fault.detail and fault.code != "empty_text" else said


@admin.register(Questionnaire)
class QuestionnaireAdmin(WatchedAdmin):
    """What people are asked: the key never changes, the title is that of all versions."""

    list_display = ("key", "title_da", "audience")
    fields = ("key", "audience", "title_da", "title_en")
    actions = None

    def get_readonly_fields(self, request: HttpRequest, obj: Questionnaire | None = None) -> tuple[str, ...]:
        return ("key", "audience") if obj else ()

    def save_model(self, request: HttpRequest, obj: Questionnaire, form: Any, change: bool) -> None:
        actor: Any = request.user
        if change:
            versions.rename(questionnaire_id=obj.pk, title_da=obj.title_da, title_en=obj.title_en, actor=actor)
            return
        empty = dict.fromkeys(LANGUAGES, "")
        title = {"da": obj.title_da, "en": obj.title_en}
        definition = QuestionnaireDef(obj.key, 1, Audience(form.cleaned_data["audience"]), title, empty, empty, (), ())
        obj.pk = versions.import_version(definition=definition, actor=actor).questionnaire_id

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change=change, form=QuestionnaireForm, **kwargs)


class QuestionnaireForm(TextsForm):
    """Key and title."""

    class Meta:
        model = Questionnaire
        fields = ("key", "audience", "title_da", "title_en")

    def clean_key(self) -> str:
        """A key as exports and commands can name it."""
        key: str = self.cleaned_data["key"]
        if not check.KEY.fullmatch(key):
            raise forms.ValidationError(str(FAULTS["bad_name"]))
        return key


class VersionForm(TextsForm):
    """The texts around the questions, and what responses keep of their call."""

    context = forms.MultipleChoiceField(
        label=_("Gemmes om samtalen"),
        choices=ContextFact.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Vælg så lidt som muligt. Det gemmes kun i grove grupper, og der gemmes aldrig, hvem der svarede."),
    )

    class Meta:
        model = QuestionnaireVersion
        fields = ("introduction_da", "introduction_en", "thanks_da", "thanks_en", "context")
        widgets = {
            name: forms.Textarea(attrs={"rows": 3})
            for name in ("introduction_da", "introduction_en", "thanks_da", "thanks_en")
        }


class ImportForm(forms.Form):
    """A questionnaire as a file."""

    file = forms.FileField(
        label=_("JSON-fil"),
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
        help_text=_("En fil, som er hentet her fra administrationen, eller som er skrevet på samme måde."),
    )


@admin.register(QuestionnaireVersion)
class QuestionnaireVersionAdmin(WatchedAdmin):
    """Versions: a draft is edited, what is published is only to look at."""

    form = VersionForm
    change_form_template = "surveys/admin/version_change.html"
    change_list_template = "surveys/admin/version_list.html"
    list_display = ("name", "state", "published_at", "closed_at")
    list_filter = ("state", "questionnaire")
    list_select_related = ("questionnaire",)
    actions = None

    def get_fields(self, request: HttpRequest, obj: QuestionnaireVersion | None = None) -> Any:
        if self.has_change_permission(request, obj):
            return VersionForm.Meta.fields
        return (*VersionForm.Meta.fields[:-1], "kept_of_the_call", "published_at", "closed_at")

    @admin.display(description=_("Gemmes om samtalen"))
    def kept_of_the_call(self, version: QuestionnaireVersion) -> str:
        """What responses keep, in words."""
        return ", ".join(str(ContextFact(fact).label) for fact in version.context)

    @admin.display(description=_("version"), ordering="questionnaire__key")
    def name(self, version: QuestionnaireVersion) -> str:
        """Title and number."""
        questionnaire = version.questionnaire
        title = questionnaire.title_en if get_language() == "en" else questionnaire.title_da
        return f"{title} ({questionnaire.key} {version.number})"

    def has_add_permission(self, request: HttpRequest) -> bool:
        # A version begins as a copy of the one before, or from a file.
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        draft = obj is None or (isinstance(obj, QuestionnaireVersion) and obj.state == VersionState.DRAFT)
        return draft and super().has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: QuestionnaireVersion, form: Any, change: bool) -> None:
        actor: Any = request.user
        changed = {name: form.cleaned_data[name] for name in form.changed_data}
        if changed:
            versions.change_texts(version_id=obj.pk, actor=actor, **changed)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The version's own page, with its questions and what is to be put right below the form."""
        version = self.get_object(request, object_id or "")
        context: dict[str, Any] = {}
        if isinstance(version, QuestionnaireVersion):
            definition = definition_of(version.pk)
            ids = dict(version.questions.values_list("name", "pk"))
            context = {
                "draft": version.state == VersionState.DRAFT,
                "published": version.state == VersionState.PUBLISHED,
                "shown_to_nobody": definition.audience == Audience.PATIENT and definition.key != PATIENTS,
                "pages": [
                    [{"id": ids[shown.question.name], "shown": shown} for shown in page]
                    for page in preview(definition, {}, _language()).pages
                ],
                "faults": in_plain_words(check.faults(definition)),
            }
        try:
            return super().changeform_view(request, object_id, form_url, {**(extra_context or {}), **context})
        except DomainError as refused:
            self.message_user(request, str(refused.message), messages.ERROR)
            return HttpResponseRedirect(request.path)

    def get_urls(self) -> list[URLPattern]:
        def at(route: str, view: Callable[..., HttpResponse], name: str) -> URLPattern:
            return path(route, self.admin_site.admin_view(view), name=f"surveys_version_{name}")

        return [
            at("import/", require_http_methods(["GET", "HEAD", "POST"])(self.import_view), "import"),
            at("<int:version_id>/preview/", require_GET(self.preview_view), "preview"),
            at("<int:version_id>/export/", require_GET(self.export_view), "export"),
            at("<int:version_id>/publish/", require_POST(self.publish_view), "publish"),
            at("<int:version_id>/close/", require_POST(self.close_view), "close"),
            at("<int:version_id>/new/", require_POST(self.new_view), "new"),
            at("<int:version_id>/drop/", require_POST(self.drop_view), "drop"),
            at("<int:version_id>/questions/<int:question_id>/move/", require_POST(self.move_view), "move_question"),
            at("<int:version_id>/questions/<int:question_id>/drop/", require_POST(self.unask_view), "drop_question"),
            *super().get_urls(),
        ]

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """Make a draft from a file, or say what in the file is wrong, and where."""
        form = ImportForm(request.POST or None, request.FILES or None)
        faults: list[tuple[str, StrOrPromise]] = []
        if request.method == "POST" and form.is_valid():
            actor: Any = request.user
            try:
                definition = versions.read_file(form.cleaned_data["file"].read(versions.BIGGEST_FILE + 1))
                version = versions.import_version(definition=definition, actor=actor)
            except BadQuestionnaireFile as bad:
                faults = in_plain_words(bad.faults)
            except DomainError as refused:
                form.add_error("file", str(refused.message))
            else:
                self.message_user(request, gettext("Kladden er lavet af filen."), messages.SUCCESS)
                return self._to(version.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Indlæs et spørgeskema"),
            "form": form,
            "faults": faults,
            "opts": self.opts,
        }
        status = 400 if faults or form.errors else 200
        return TemplateResponse(request, "surveys/admin/version_import.html", context, status=status)

    def preview_view(self, request: HttpRequest, version_id: int) -> HttpResponse:
        """Try answers, and see which questions are met and why. Nothing that is tried is kept."""
        version = self._version(request, version_id)
        definition = definition_of(version.pk)
        answers = tried_answers(definition, dict(request.GET.lists()))
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Prøv spørgeskemaet"),
            "version": version,
            "preview": preview(definition, answers, _language()),
            "opts": self.opts,
        }
        response = TemplateResponse(request, "surveys/admin/version_preview.html", context)
        self._note_shown(request, response, "admin.view", version.pk)
        return response

    def export_view(self, request: HttpRequest, version_id: int) -> HttpResponse:
        """The version as a JSON file, which may be taken in again."""
        version = self._version(request, version_id)
        definition = definition_of(version.pk)
        content = json.dumps(to_json(definition), ensure_ascii=False, indent=2) + "\n"
        response = HttpResponse(content, content_type="application/json; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{definition.key}-{definition.number}.json"'
        self._note_shown(request, response, "admin.view", version.pk)
        return response

    def publish_view(self, request: HttpRequest, version_id: int) -> HttpResponse:
        """Ask this version from now on."""
        return self._do(
            request,
            version_id,
            lambda actor: versions.publish(version_id=version_id, actor=actor, now=clock.now()),
            gettext("Versionen er udgivet. Den kan ikke ændres mere."),
        )

    def close_view(self, request: HttpRequest, version_id: int) -> HttpResponse:
        """Ask nobody any more."""
        return self._do(
            request,
            version_id,
            lambda actor: versions.close(version_id=version_id, actor=actor, now=clock.now()),
            gettext("Versionen er lukket. Ingen bliver spurgt mere."),
        )

    def new_view(self, request: HttpRequest, version_id: int) -> HttpResponse:
        """Begin the next version."""
        questionnaire_id = self._version(request, version_id).questionnaire_id
        return self._do(
            request,
            version_id,
            lambda actor: versions.start_version(questionnaire_id=questionnaire_id, actor=actor),
            gettext("Her er kladden til en ny version."),
        )

    def drop_view(self, request: HttpRequest, version_id: int) -> HttpResponse:
        """Throw the draft away."""
        actor: Any = request.user
        try:
            versions.drop_draft(version_id=version_id, actor=actor)
        except DomainError as refused:
            self.message_user(request, str(refused.message), messages.ERROR)
        else:
            self.message_user(request, gettext("Kladden er slettet."), messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:surveys_questionnaireversion_changelist"))

    def move_view(self, request: HttpRequest, version_id: int, question_id: int) -> HttpResponse:
        """Move a question."""
        word = request.POST.get("move", "")
        if word not in {move.value for move in Move}:
            raise NotFound

        def move(actor: Any) -> None:
            questions.move_question(version_id=version_id, question_id=question_id, move=Move(word), actor=actor)

        return self._do(request, version_id, move, gettext("Spørgsmålet er flyttet."), f"#question-{question_id}")

    def unask_view(self, request: HttpRequest, version_id: int, question_id: int) -> HttpResponse:
        """Take a question out."""

        def drop(actor: Any) -> None:
            questions.drop_question(version_id=version_id, question_id=question_id, actor=actor)

        return self._do(request, version_id, drop, gettext("Spørgsmålet er slettet."), "#questions")

    def _do(
        self, request: HttpRequest, version_id: int, write: Callable[[Any], Any], done: str, anchor: str = ""
    ) -> HttpResponse:
        """Run a service, say what came of it, and go to the version's page: the new one's, where there is one."""
        try:
            made = write(request.user)
        except BadQuestionnaireFile as bad:
            self.message_user(request, str(bad.message), messages.ERROR)
            anchor = "#faults"
        except DomainError as refused:
            self.message_user(request, str(refused.message), messages.ERROR)
        else:
            self.message_user(request, done, messages.SUCCESS)
            if isinstance(made, QuestionnaireVersion):
                version_id = made.pk
        return self._to(version_id, anchor)

    def _to(self, version_id: int, anchor: str = "") -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:surveys_questionnaireversion_change", args=[version_id]) + anchor)

    def _version(self, request: HttpRequest, version_id: int) -> QuestionnaireVersion:
        version = self.get_object(request, str(version_id))
        if not isinstance(version, QuestionnaireVersion):
            raise NotFound
        return version


def _language() -> str:
    return "en" if get_language() == "en" else "da"
