"""A figure as a file: lines for a program, a picture for a page or a report."""

from __future__ import annotations

import csv
from dataclasses import replace
from typing import Any

from csp.decorators import csp as policy
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from surveys.figures import Figure
from vdx.lib import charts
from vdx.lib.charts import Width
from vdx.lib.errors import InvalidInput, NotFound

# The formats that figures are taken away in.
FORMATS = ("csv", "svg", "png")
# An SVG that is opened by itself is a page of its own. It may bring its own colours, and do nothing at all.
PICTURE_POLICY: dict[str, Any] = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "sandbox": [True],
}
CANNOT: str | Promise = _("Valget kan ikke bruges. Gå tilbage, og vælg igen.")


def picture(request: HttpRequest, figure: Figure) -> HttpResponseBase:
    """The chart in a page, as wide as the page asks for; what stands around it there is left out."""
    chart = replace(figure.chart, title="", note="")
    width = Width.NARROW if request.GET.get("bredde") == "smal" else Width.WIDE
    return _harmless(request, HttpResponse(charts.svg(chart, width=width), content_type="image/svg+xml"))


def attachment(request: HttpRequest, figure: Figure, *, name: str, kind: str) -> HttpResponseBase:
    """The figure as a file to keep, with title and source. Raises NotFound for other formats."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    if kind == "csv":
        response = HttpResponse(content_type="text/csv; charset=utf-8", headers=headers)
        csv.writer(response).writerows(figure.lines)
    elif kind == "svg":
        response = HttpResponse(charts.svg(figure.chart), content_type="image/svg+xml", headers=headers)
    elif kind == "png":
        response = HttpResponse(charts.png(figure.chart), content_type="image/png", headers=headers)
    else:
        raise NotFound
    return _harmless(request, response)


def _harmless(request: HttpRequest, response: HttpResponse) -> HttpResponseBase:
    return policy(PICTURE_POLICY)(lambda _request: response)(request)


def refused(valid: bool) -> None:
    """A file is made of what was chosen, or not at all."""
    if not valid:
        raise InvalidInput(CANNOT)
