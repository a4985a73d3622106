"""What every view of the VDX-API has: who calls, with which role, and how a refusal reads."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404
from rest_framework.request import Request

from booking.api.v2.bodies import OutOfLimits
from booking.api.v2.errors import LITERAL
from booking.api.v2.written import Writer
from booking.errors import Absent, CprRefused, Forbidden
from vdx.accounts import callers
from vdx.accounts.callers import Caller, Token
from vdx.accounts.enums import ApiRole
from vdx.lib import clock, rate
from vdx.lib.errors import Conflict, DomainError, Gone, InvalidInput
from vdx.lib.rest.fields import written
from vdx.lib.rest.refusals import RoleMissing, Unreadable
from vdx.lib.rest.view import ApiView

ANYBODY = tuple(ApiRole)
# Every role but the mere provisioner's.
BOOKERS = (ApiRole.USER, ApiRole.PLANNER, ApiRole.ADMIN, ApiRole.PROVISIONER_USER)


class View(ApiView):
    """One address of the VDX-API. Its handlers first read what was sent, and then ask for the role."""

    caller: Caller

    def identify(self, request: Request) -> Token:
        """The token, counted."""
        token = callers.token_of(request.headers.get("Authorization", ""))
        callers.check_origin(token, request.headers.get("Origin", ""), request.get_host())
        rate.count("api", token.claims.client, limit=settings.VDX_API_RATE)
        return token

    def admit(self, claims: Token) -> Caller:
        """The caller."""
        return callers.admit(claims)

    def require(self, *roles: ApiRole) -> None:
        """Go on only with one of the roles. Raises ``RoleMissing``."""
        if not self.caller.has(*roles):
            raise RoleMissing

    def writer(self, request: Request) -> Writer:
        """What writes the answers to this request."""
        return Writer(host=request.get_host(), caller=self.caller, now=clock.now())

    def refusal_body(self, request: Request, error: DomainError) -> tuple[int, dict[str, Any]]:
        """As section 9 of the contract has it."""
        code = getattr(error, "vdx_api", 0)
        if isinstance(error, Absent):
            return self._full(request, 404, f"Resource: {error.resource} in field: {error.key} not found.", 11)
        if isinstance(error, Forbidden):
            return self._full(request, 403, None, 11)
        if isinstance(error, CprRefused):
            return self._full(request, 400, f"{_camel(error.field)}: must not hold a civil registration number", 10)
        if isinstance(error, OutOfLimits):
            return self._full(request, 400, f"{error.field}: {error.message}", 10)
        if code == 10 or (not code and isinstance(error, InvalidInput)):
            return self._full(request, 400, f"{error.field}: {LITERAL.get(error.code, 'cannot be used')}", 10)
        if code:
            status = 400 if isinstance(error, InvalidInput) else 406
            return self._full(request, status, LITERAL[error.code], code)
        if isinstance(error, Conflict | Gone):
            # The room's own refusals: it has gone on since the meeting was looked at.
            return self._full(request, 406, LITERAL["meeting_not_changeable"], 12)
        return self._full(request, error.status, None, 11)

    def unforeseen_body(self, request: Request, error: Exception) -> dict[str, Any]:
        """The exception's name, and nothing that it holds."""
        return self._full(request, 500, f"Unexpected: {type(error).__name__}", 11)[1]

    def _full(self, request: Request, status: int, text: str | None, code: int) -> tuple[int, dict[str, Any]]:
        return status, {
            "error": HTTPStatus(status).phrase,
            "path": request.path,
            "status": status,
            "timestamp": written(clock.now()),
            "detailed_error": text,
            "detailed_error_code": str(code),
        }


class Unknown(View):
    """No such address; who has no token is not told even that."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """The token first."""
        self.identify(request)
        raise Http404


def uuid_in(path: str) -> UUID:
    """The UUID of an address. Raises ``Unreadable``."""
    try:
        if len(path) == 36:
            return UUID(path)
    except ValueError:
        pass
    raise Unreadable


def number_in(path: str) -> int:
    """The id of an address: 64 bits. Raises ``Unreadable``."""
    text = path.removeprefix("-").removeprefix("+")
    if not (text.isascii() and text.isdigit()) or len(text) > 19:
        raise Unreadable
    number = int(path)
    if not -(2**63) <= number < 2**63:
        raise Unreadable
    return number


def _camel(name: str | None) -> str:
    first, *rest = (name or "").split("_")
    return first + "".join(word.title() for word in rest)
