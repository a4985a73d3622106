"""Who may come to the portal's pages, and how."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from vdx.accounts.access import require_roles
from vdx.accounts.enums import Role

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

clinical = require_roles(Role.DOCTOR, Role.SECRETARY)


def posted(view: View[P]) -> View[P]:
    """For what changes something: only by POST. Who comes by an address (a reload, the language switch) is led to the
    page that the form stands on."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.method == "POST":
            return view(request, *args, **kwargs)
        return redirect(reverse("booking:meeting" if kwargs else "booking:day", kwargs=dict(kwargs)))

    return guarded
