"""The contract as a page to read and try, with files of our own server alone."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET


@require_GET
def docs(request: HttpRequest) -> HttpResponse:
    """The page."""
    return render(request, "booking/api_docs.html")
