"""The addresses of version 1: the handlers of version 2, with another way to say who calls and other bodies."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response

from booking.api.v1.clothes import CODES, dressed, undressed
from booking.api.v2 import meetings, pools, scheduling_info, templates
from booking.api.v2.base import View, uuid_in
from vdx.accounts import callers
from vdx.accounts.callers import Token
from vdx.accounts.enums import ApiRole
from vdx.lib import rate
from vdx.lib.errors import DomainError
from vdx.lib.rest.refusals import NotKnown, Unreadable

_TIMES = ("startTime", "endTime")
_BOUNDS = ("from-start-time", "to-start-time", "to-end-time")


class V1(View):
    """Goes before a view of version 2."""

    # The name of its lists, and whether a single meeting leads to its room.
    embedded = ""
    leads_to_room = False

    def identify(self, request: Request) -> Token:
        """Who calls, as the proxy in front says."""
        if not settings.VDX_API_V1_PROXIES:
            raise Http404
        token = callers.session_of(
            request.headers.get(settings.VDX_API_V1_HEADER, ""),
            request.headers.get("X-VDX-Proxy-Secret", ""),
            str(request.META.get("REMOTE_ADDR", "")),
        )
        rate.count("api", token.claims.client, limit=settings.VDX_API_RATE)
        return token

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Times in this version's way become version 2's."""
        super().initial(request, *args, **kwargs)
        query = request._request.GET.copy()
        for name in _BOUNDS:
            if name in query:
                query[name] = undressed(query[name])
        request._request.GET = query  # type: ignore[assignment]
        if request.method in {"POST", "PUT", "PATCH"} and isinstance(request.data, dict):
            for name in _TIMES:
                if name in request.data:
                    request.data[name] = undressed(request.data[name])

    def require(self, *roles: ApiRole) -> None:
        """A role that is missing is 401 here."""
        if not self.caller.has(*roles):
            raise NotKnown(401)

    def refusal_body(self, request: Request, error: DomainError) -> tuple[int, dict[str, Any]]:
        """A rule's refusal has this version's number; everything else the framework's body."""
        status, body = super().refusal_body(request, error)
        number = CODES.get(int(body["detailed_error_code"]))
        if status not in {400, 406} or number is None:
            return status, self.short_body(request, status)
        text = body["detailed_error"]
        return status, {
            **self.short_body(request, status),
            "message": text,
            "path": request.path,
            "errorCode": number,
            "errorText": text,
        }

    def unforeseen_body(self, request: Request, error: Exception) -> dict[str, Any]:
        """The framework's body."""
        return self.short_body(request, 500)

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Dress the answer."""
        if isinstance(response, Response) and response.status_code < 400:
            if response.status_code == 204:
                response.status_code = 200
            elif isinstance(response.data, list):
                response.data = self._listed(request, dressed(response.data))
            else:
                response.data = dressed(response.data)
                if not self.leads_to_room and "shortId" in response.data:
                    del response.data["_links"]["scheduling-info"]
        return super().finalize_response(request, response, *args, **kwargs)

    def _listed(self, request: Any, rows: list[dict[str, Any]]) -> dict[str, Any]:
        links = {"self": {"href": f"https://{request.get_host()}{request.get_full_path()}"}}
        return {"_embedded": {self.embedded: rows}, "_links": links} if rows else {"_links": links}


class Meetings(V1, meetings.Meetings):
    """Meetings; one that is looked for by its short id comes alone."""

    embedded = "meetingDtoList"

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        """The one of a short id is no list."""
        if request.method == "GET" and "short-id" in request.GET and isinstance(response.data, list):
            [response.data] = response.data
            self.leads_to_room = True
        return super().finalize_response(request, response, *args, **kwargs)


class OneMeeting(V1, meetings.OneMeeting):
    """A meeting. Whatever stands in the address: what is no UUID is not found."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Look at the address first."""
        super().initial(request, *args, **kwargs)
        try:
            uuid_in(kwargs["uuid"])
        except Unreadable:
            raise Http404 from None


class ByUriWithDomain(V1, meetings.ByUriWithDomain):
    """A meeting by the whole address."""

    leads_to_room = True


class ByUriWithoutDomain(V1, meetings.ByUriWithoutDomain):
    """A meeting by the number."""

    leads_to_room = True


class SchedulingInfos(V1, scheduling_info.SchedulingInfos):
    """Rooms."""

    embedded = "schedulingInfoDtoList"


class OneSchedulingInfo(V1, scheduling_info.OneSchedulingInfo):
    """A room."""


class ToProvision(V1, scheduling_info.ToProvision):
    """Rooms to make ready."""

    embedded = "schedulingInfoDtoList"


class ToDeprovision(V1, scheduling_info.ToDeprovision):
    """Rooms to take down."""

    embedded = "schedulingInfoDtoList"


class Reserve(V1, scheduling_info.Reserve):
    """A room held back."""


class Reserved(V1, scheduling_info.Reserved):
    """A room that is held back."""


class Templates(V1, templates.Templates):
    """Templates."""

    embedded = "schedulingTemplateDtoList"


class OneTemplate(V1, templates.OneTemplate):
    """A template."""


class Pools(V1, pools.Pools):
    """Pools."""

    embedded = "poolInfoDtoList"

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        """The organisation is written with a z here."""
        if isinstance(response.data, list):
            response.data = [
                {"organizationId" if name == "organisationId" else name: value for name, value in row.items()}
                for row in response.data
            ]
        return super().finalize_response(request, response, *args, **kwargs)


class Info(V1, pools.Info):
    """The raw map."""

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        """By key."""
        if response.status_code == 200:
            response.data = {entry["key"]: entry["value"] for entry in response.data["info"]}
        return super().finalize_response(request, response, *args, **kwargs)


class Unknown(V1):
    """No such address."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Who calls first."""
        self.identify(request)
        raise Http404
