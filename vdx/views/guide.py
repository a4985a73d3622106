"""Pages for everybody about the use of the hub: the help, and how accessible it is."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """All of the help, for patients first and then for doctors; made to be printed."""
    return render(request, "help/help.html")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement, with the points of the European model (Commission decision (EU) 2018/1523)."""
    return render(
        request,
        "help/accessibility.html",
        {
            "address": settings.VDX_PUBLIC_URL,
            "operator": settings.VDX_OPERATOR_NAME,
            "email": settings.VDX_OPERATOR_EMAIL,
            "phone": settings.VDX_OPERATOR_PHONE,
            "reviewed": date.fromisoformat(reviewed) if (reviewed := settings.VDX_ACCESSIBILITY_DATE) else None,
        },
    )
