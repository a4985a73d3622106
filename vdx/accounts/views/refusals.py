"""Refusals said where the person is, so that nothing typed is lost."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vdx.lib.errors import DomainError, Throttled


def wait_sentence(seconds: int) -> str:
    """How long to wait, in words."""
    if seconds < 60:
        wait = ngettext("%(n)d sekund", "%(n)d sekunder", seconds) % {"n": seconds}
    else:
        minutes = -(-seconds // 60)
        wait = ngettext("%(n)d minut", "%(n)d minutter", minutes) % {"n": minutes}
    return _("For mange forsøg. Vent %(wait)s, og prøv så igen.") % {"wait": wait}


def page_with_refusal(
    request: HttpRequest, template: str, form: forms.BaseForm, error: DomainError, context: dict[str, Any]
) -> HttpResponse:
    """The page once more, with what was typed and why it was refused."""
    message = wait_sentence(error.retry_after) if isinstance(error, Throttled) else str(error.message)
    form.add_error(error.field if error.field in form.fields else None, message)
    response = render(request, template, {**context, "form": form}, status=429 if isinstance(error, Throttled) else 200)
    if isinstance(error, Throttled):
        response.headers["Retry-After"] = str(error.retry_after)
    return response
