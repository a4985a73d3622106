"""Who is named in a room or group, as its page shows it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from rooms import fixed_queries
from rooms.fixed_forms import AddGroupForm, ColleagueForm
from rooms.models_fixed import FixedRoom, RoomGroup
from vdx.lib.errors import DomainError

# More suggestions than this help nobody: whoever looks for somebody types the e-mail.
MOST_SUGGESTED = 200


def people_context(holder: FixedRoom | RoomGroup) -> dict[str, Any]:
    """The people, who might be added, and the forms for that. The number of queries is the same for any number."""
    context: dict[str, Any] = {
        "people": fixed_queries.named_in(holder),
        "suggested": list(fixed_queries.colleagues_to_add(holder).values_list("email", "name")[: MOST_SUGGESTED + 1]),
        "person_form": ColleagueForm(auto_id="person_%s"),
    }
    if len(context["suggested"]) > MOST_SUGGESTED:
        context["suggested"] = []
    if isinstance(holder, FixedRoom):
        context["group_form"] = AddGroupForm(groups=fixed_queries.groups_for(holder), auto_id="group_%s")
    return context


def refused(
    request: HttpRequest, template: str, form: forms.BaseForm, error: DomainError, context: dict[str, Any]
) -> HttpResponse:
    """The page once more, with what was typed and why it was refused."""
    form.add_error(error.field if error.field in form.fields else None, str(error.message))
    return render(request, template, {**context, "form": form}, status=error.status)
