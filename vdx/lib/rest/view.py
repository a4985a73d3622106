"""The view that the hub's APIs build on. It holds the order in which a request is looked at (contract, section 1):

token, rate, method and media types, who calls; then the handler: body, role, rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest
from django.utils import translation
from rest_framework.exceptions import APIException, MethodNotAllowed, ParseError, UnsupportedMediaType
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import BaseParser, JSONParser
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from vdx.lib import clock
from vdx.lib.errors import DomainError, Throttled
from vdx.lib.rest.fields import written
from vdx.lib.rest.refusals import Refused, Unreadable

JSON = "application/json"
_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})


class HalRenderer(JSONRenderer):
    """The same plain JSON under the name that the contract's clients ask for."""

    media_type = "application/hal+json"
    format = "hal"


class ApiView(APIView):
    """Subclasses say who calls (:meth:`identify`, :meth:`admit`) and how a refusal reads (:meth:`refusal_body`)."""

    authentication_classes: Sequence[Any] = ()
    permission_classes: Sequence[Any] = ()
    throttle_classes: Sequence[Any] = ()
    parser_classes: Sequence[type[BaseParser]] = (JSONParser,)
    renderer_classes: Sequence[type[BaseRenderer]] = (HalRenderer, JSONRenderer)
    http_method_names: list[str] = ["get", "head", "post", "put", "patch", "delete"]
    # What the handlers are given: set by `initial`.
    caller: Any
    format_kwarg: str | None = None

    def identify(self, request: Request) -> Any:
        """What the token says. Raises ``NoToken``, and ``Throttled`` for who asks too often."""
        raise NotImplementedError

    def admit(self, claims: Any) -> Any:
        """The caller. Raises ``NotKnown``."""
        raise NotImplementedError

    def refusal_body(self, request: Request, error: DomainError) -> tuple[int, dict[str, Any]]:
        """Status and body of a refusal by one of the hub's rules."""
        raise NotImplementedError

    def unforeseen_body(self, request: Request, error: Exception) -> dict[str, Any]:
        """Body of a 500."""
        return self.short_body(request, 500)

    def short_body(self, request: Request, status: int) -> dict[str, Any]:
        """The framework's own body: for what is refused before any rule is asked."""
        return {
            "timestamp": written(clock.now()),
            "status": status,
            "error": HTTPStatus(status).phrase,
            "path": request.path,
        }

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """In the contract's language, whatever the caller's cookies say."""
        with translation.override("en"):
            response = super().dispatch(request, *args, **kwargs)
            response.headers["Content-Language"] = "en"
            return response

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Everything that comes before the handler."""
        claims = self.identify(request)
        if request.method is None or request.method not in self.allowed_methods:
            raise MethodNotAllowed(request.method or "")
        request.accepted_renderer, request.accepted_media_type = self.perform_content_negotiation(request)
        if request.method in _WITH_BODY:
            kind = (request.content_type or "").split(";")[0].strip().lower()
            if kind != JSON:
                raise UnsupportedMediaType(kind)
        self.caller = self.admit(claims)

    @property
    def allowed_methods(self) -> list[str]:
        """The methods that have a handler here."""
        return [name.upper() for name in self.http_method_names if hasattr(self, name)]

    def handle_exception(self, exc: Exception) -> Response:
        """Every way to fail, as an answer."""
        request = self.request
        _settle(request, self.get_renderers())
        response = self._refusal(request, exc)
        response["Vary"] = "Accept"
        response.exception = True
        return response

    def _refusal(self, request: Request, error: Exception) -> Response:
        if isinstance(error, Refused):
            body = None if error.empty else self.short_body(request, error.status)
            return Response(body, status=error.status, headers=dict(error.headers))
        if isinstance(error, Throttled):
            return Response(self.short_body(request, 429), status=429, headers={"Retry-After": str(error.retry_after)})
        if isinstance(error, DomainError):
            status, body = self.refusal_body(request, error)
            return Response(body, status=status)
        if isinstance(error, ParseError):
            return self._refusal(request, Unreadable())
        if isinstance(error, MethodNotAllowed):
            headers = {"Allow": ", ".join(self.allowed_methods)}
            return Response(self.short_body(request, 405), status=405, headers=headers)
        if isinstance(error, APIException):
            return Response(self.short_body(request, error.status_code), status=error.status_code)
        if isinstance(error, Http404):
            return Response(self.short_body(request, 404), status=404)
        # Reported as every unforeseen error is (vdx.logs), and answered as the API answers.
        got_request_exception.send(sender=type(self), request=request._request)
        return Response(self.unforeseen_body(request, error), status=500)


def _settle(request: Request, renderers: Sequence[BaseRenderer]) -> None:
    """Choose how to write a refusal, also to who asked for a type that there is not."""
    if getattr(request, "accepted_renderer", None) is None:
        try:
            found = DefaultContentNegotiation().select_renderer(request, renderers)
        except (APIException, Http404):
            found = (renderers[-1], renderers[-1].media_type)
        request.accepted_renderer, request.accepted_media_type = found
