"""The organisation service, version 2."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from booking.api.organisations import access, bodies, queries
from booking.api.v2.bodies import OutOfLimits, checked, read
from vdx.accounts import callers
from vdx.accounts import queries as accounts_queries
from vdx.accounts import services as accounts
from vdx.accounts.callers import Caller, Token
from vdx.accounts.enums import ApiRole
from vdx.lib import clock, rate
from vdx.lib.errors import DomainError, InvalidInput, NotFound
from vdx.lib.rest.fields import written
from vdx.lib.rest.refusals import Unreadable
from vdx.lib.rest.view import ApiView

_COLUMNS = {
    "poolSize": "pool_size",
    "smsSenderName": "sms_sender_name",
    "smsCallbackUrl": "sms_callback_url",
    "deviceWebhookEndpoint": "device_webhook_endpoint",
}


class View(ApiView):
    """Everything here is for administrators."""

    caller: Caller
    renderer_classes = (JSONRenderer,)

    def identify(self, request: Request) -> Token:
        """The token, counted."""
        token = callers.token_of(request.headers.get("Authorization", ""))
        callers.check_origin(token, request.headers.get("Origin", ""), request.get_host())
        rate.count("api", token.claims.client, limit=settings.VDX_API_RATE)
        return token

    def admit(self, claims: Token) -> Caller:
        """The caller."""
        return callers.admit(claims)

    def require_admin(self) -> None:
        """Go on only as an administrator. Raises ``OutOfReach``."""
        if not self.caller.has(ApiRole.ADMIN):
            raise access.OutOfReach(403)

    def short_body(self, request: Request, status: int) -> dict[str, Any]:
        """The service's one kind of refusal."""
        return self._said(request, status, HTTPStatus(status).phrase)

    def refusal_body(self, request: Request, error: DomainError) -> tuple[int, dict[str, Any]]:
        """The same, with what was wrong."""
        if isinstance(error, OutOfLimits):
            return 400, self._said(request, 400, f"{error.field}: {error.message}")
        if isinstance(error, InvalidInput):
            return 400, self._said(request, 400, str(error.message))
        status = 404 if isinstance(error, NotFound) else error.status
        return status, self.short_body(request, status)

    def _said(self, request: Request, status: int, text: str) -> dict[str, Any]:
        return {
            "error": text,
            "path": request.path,
            "status": status,
            "status_text": HTTPStatus(status).phrase,
            "timestamp": written(clock.now()),
        }


class Taken(InvalidInput):
    """Another organisation has the code or the key."""

    code = "organisation_taken"

    def __init__(self) -> None:
        super().__init__("The code or the key is in use")


class ParentUnknown(InvalidInput):
    """There is no such parent."""

    code = "parent_unknown"

    def __init__(self) -> None:
        super().__init__("The parent organisation is unknown")


class Organisations(View):
    """One organisation, named after the question mark."""

    def get(self, request: Request) -> Response:
        """Read it."""
        self.require_admin()
        return Response(queries.organisation_json(access.organisation(self.caller, _asked(request))))

    def post(self, request: Request) -> Response:
        """Make one below a parent."""
        return _create(self, request, request.query_params.get("parent_code"))


class OneOrganisation(View):
    """One organisation, named in the address; a code may hold slashes."""

    def get(self, request: Request, code: str) -> Response:
        """Read it."""
        self.require_admin()
        return Response(queries.organisation_json(access.organisation(self.caller, code)))

    def put(self, request: Request, code: str) -> Response:
        """Replace what may be replaced."""
        body = read(bodies.UpdateBody, request)
        self.require_admin()
        found = access.organisation(self.caller, code)
        try:
            with transaction.atomic():
                changed = accounts.update_organisation(
                    organisation=found, actor=None, actor_kind="api", **_columns(body)
                )
        except IntegrityError:
            raise Taken from None
        return Response(queries.organisation_json(changed))

    def post(self, request: Request, code: str) -> Response:
        """Make one below it."""
        return _create(self, request, code)


class Descendants(View):
    """The codes of an organisation and everything below it."""

    def get(self, request: Request, code: str) -> Response:
        """A flat list."""
        self.require_admin()
        found = access.organisation(self.caller, code)
        return Response([{"code": each.code} for each in accounts_queries.below(found)])


class Path(View):
    """The way from the root to a node."""

    def get(self, request: Request, code: str | None = None) -> Response:
        """Nested."""
        self.require_admin()
        code, group = (code, None) if code is not None else _keys(request)
        return Response(queries.path_json(access.node(self.caller, code=code, group=group)))


class Children(View):
    """A node and everything below it."""

    def get(self, request: Request) -> Response:
        """Nested."""
        self.require_admin()
        code, group = _keys(request)
        return Response(queries.children_json(access.node(self.caller, code=code, group=group)))


class ForApiKey(View):
    """The way to whom a key belongs to."""

    def post(self, request: Request) -> Response:
        """Nested."""
        body = read(bodies.ApiKeyBody, request)
        self.require_admin()
        return Response(queries.path_json(access.by_history_key(self.caller, body["api_key"])))


class ByUri(View):
    """Whose addresses these are."""

    def post(self, request: Request) -> Response:
        """One entry for each that is known."""
        body = checked(bodies.UrisBody, {"uris": request.data})
        self.require_admin()
        return Response(queries.owners_json(body["uris"], clock.now()))


class Unknown(View):
    """No such address; who has no token is not told even that."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """The token first."""
        self.identify(request)
        raise NotFound


def _create(view: View, request: Request, parent_code: str | None) -> Response:
    body = read(bodies.CreateBody, request)
    view.require_admin()
    if not parent_code:
        raise ParentUnknown
    try:
        parent = access.organisation(view.caller, parent_code)
    except NotFound:
        raise ParentUnknown from None
    if accounts_queries.code_taken(body["code"]):
        raise Taken
    try:
        with transaction.atomic():
            made = accounts.create_organisation(
                code=body["code"],
                name=body.get("name") or body["code"][:100],
                kind="",
                parent=parent,
                actor=None,
                actor_kind="api",
                **_columns(body),
            )
    except IntegrityError:
        raise Taken from None
    return Response(queries.organisation_json(made))


def _columns(body: dict[str, Any]) -> dict[str, Any]:
    columns = {column: body.get(name) for name, column in _COLUMNS.items()}
    key = body.get("historyApiKey")
    return {
        **columns,
        "allow_custom_uri_without_domain": bool(body.get("allowCustomUriWithoutDomain")),
        "history_key_digest": accounts.history_key_digest(key) if key else None,
    }


def _asked(request: Request) -> str:
    code = request.query_params.get("organisationCode")
    if not code:
        raise Unreadable
    return str(code)


def _keys(request: Request) -> tuple[str | None, int | None]:
    code, group = request.query_params.get("organisationCode"), request.query_params.get("groupId")
    if group is not None and not (group.isascii() and group.isdigit() and len(group) < 19):
        raise Unreadable
    return code, None if group is None else int(group)
