"""A test's own pages, in the hub's frame: ``@pytest.mark.urls("tests.support.pages")``."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext

from vdx.lib import errors
from vdx.urls import handler400, handler403, handler404, handler500, urlpatterns  # noqa: F401  # Django reads them

REFUSALS = {
    "invalid": errors.InvalidInput,
    "forbidden": errors.NotAllowed,
    "missing": errors.NotFound,
    "conflict": errors.Conflict,
    "gone": errors.Gone,
    "throttled": lambda: errors.Throttled(7),
}


def refuse(request: HttpRequest, kind: str) -> HttpResponse:
    """Raise the refusal that the address names."""
    raise REFUSALS[kind]()


def hello(request: HttpRequest) -> HttpResponse:
    """A page that says its language, address and scheme."""
    return HttpResponse(f"{gettext('Dansk')} {request.client_address} {request.scheme}")


def kept(request: HttpRequest) -> HttpResponse:
    """A page that browsers may keep."""
    return HttpResponse("kept", headers={"Cache-Control": "max-age=60"})


def broken(request: HttpRequest) -> HttpResponse:
    """A page with a mistake in it, and a secret in its message."""
    raise RuntimeError("no such room: /m/7k3m9p2qx4rt")


def forbidden(request: HttpRequest) -> HttpResponse:
    """Django's own refusal."""
    raise PermissionDenied


urlpatterns = [
    path("test/refuse/<str:kind>", refuse, name="refuse"),
    path("test/hello", hello, name="hello"),
    path("m/test/hello", hello, name="room-hello"),
    path("portal/test/hello", hello, name="portal-hello"),
    path("admin/test/hello", hello, name="admin-hello"),
    path("test/kept", kept),
    path("test/broken", broken, name="broken"),
    path("test/forbidden", forbidden),
    *urlpatterns,
]
