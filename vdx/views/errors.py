"""Refusals and errors as pages, or as JSON for a program that asks for it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from vdx.lib.errors import DomainError, Throttled


def wants_json(request: HttpRequest) -> bool:
    """Whether the caller would rather have JSON than a page."""
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def refusal(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The answer to a refusal from the core: ``templates/errors/<status>.html`` or ``{"error", "message"}``."""
    response = _answer(request, error.status, error.code, str(error.message), getattr(error, "retry_after", None))
    if isinstance(error, Throttled):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Something that no browser of ours sends."""
    return _answer(request, 400, "bad_request", _("Det kunne ikke lade sig gøre. Gå tilbage, og prøv igen."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's own refusal of access."""
    return _answer(request, 403, "not_allowed", _("Det har du ikke adgang til."))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from an old page or from somebody else's."""
    return _answer(
        request, 403, "csrf", _("Siden har været åben for længe. Gå tilbage, hent siden igen, og prøv en gang til.")
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No such page. The address is not repeated: it may hold a code."""
    return _answer(request, 404, "not_found", _("Siden findes ikke."))


def server_error(request: HttpRequest) -> HttpResponse:
    """Something went wrong that we did not foresee. Rendered without the request: its parts may be what failed."""
    message = _("Der skete en fejl hos os. Prøv igen om et øjeblik.")
    if wants_json(request):
        return JsonResponse({"error": "server_error", "message": message}, status=500)
    return HttpResponse(render_to_string("errors/500.html", {"message": message, "code": "server_error"}), status=500)


def _answer(request: HttpRequest, status: int, code: str, message: str, retry_after: int | None = None) -> HttpResponse:
    if wants_json(request):
        body: dict[str, Any] = {"error": code, "message": message}
        return JsonResponse(body, status=status)
    context = {"message": message, "code": code, "status": status, "retry_after": retry_after}
    return HttpResponse(render_to_string(f"errors/{status}.html", context, request=request), status=status)
