"""The page where researchers take answers away as a ZIP."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_GET, require_POST

from surveys.export_forms import ExportForm
from surveys.queries import dataset as datasets
from surveys.queries import export as queries
from surveys.rules.privacy import K
from surveys.services import export as services
from vdx.accounts.access import require_roles
from vdx.accounts.enums import Role
from vdx.lib import clock
from vdx.lib.stream import streamed


@require_GET
@require_roles(Role.RESEARCHER)
def export(request: HttpRequest) -> HttpResponse:
    """What may be chosen, and what the ZIP would hold."""
    form = _form(request.GET.dict())
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        version = form.version
        chosen = queries.settled(version, form.chosen, clock.local_date(clock.now()))
        count = queries.count_postcards(chosen) if version is None else queries.count_responses(version, chosen)
        dataset = datasets.postcards_dataset() if version is None else datasets.responses_dataset(version)
        context |= {
            "count": count if count >= K else 0,
            "few": K,
            "columns": [(field.name, field.label[_language()]) for field in dataset.fields],
            "is_postcards": version is None,
            "with_texts": form.cleaned_data["fritekst"] and bool(dataset.texts),
            "taken": [(name, value) for name, value in form.data.items() if name in form.fields and value],
        }
    return render(request, "surveys/export.html", context, status=400 if form.errors else 200)


@require_POST
@require_roles(Role.RESEARCHER)
def export_zip(request: HttpRequest) -> HttpResponseBase:
    """The ZIP, packed while it is sent."""
    user: Any = request.user
    form = _form(request.POST.dict())
    if not form.is_valid():
        return render(request, "surveys/export.html", {"form": form}, status=400)
    version, now = form.version, clock.now()
    try:
        if version is None:
            taken = services.export_postcards(
                actor=user, dataset=datasets.postcards_dataset(), chosen=form.chosen, language=form.language, now=now
            )
        else:
            taken = services.export_responses(
                actor=user,
                version=version,
                dataset=datasets.responses_dataset(version),
                chosen=form.chosen,
                with_texts=form.cleaned_data["fritekst"],
                language=form.language,
                now=now,
            )
    except services.TooNarrow as refused:
        form.add_error(None, str(refused.message))
        return render(request, "surveys/export.html", {"form": form}, status=409)
    return streamed(request, taken.pieces(), content_type="application/zip", name=f"{taken.name}.zip")


def _language() -> str:
    """Of the page; the questions are there in both."""
    return "en" if translation.get_language() == "en" else "da"


def _form(chosen: dict[str, str]) -> ExportForm:
    return ExportForm(
        chosen,
        versions=queries.exportable(),
        regions=datasets.region_names(),
        earliest=queries.earliest_answer(),
        today=clock.local_date(clock.now()),
    )
