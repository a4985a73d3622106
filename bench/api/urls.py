"""The hub's addresses, and a view that writes or reads one row and does nothing else."""

from __future__ import annotations

from django.urls import include, path
from rest_framework.request import Request
from rest_framework.response import Response

from booking.api.v2.base import View
from booking.models import PoolHistory


class Bare(View):
    """What no view of the API can be faster than."""

    def post(self, request: Request) -> Response:
        """Write one row, and read it."""
        row = PoolHistory.objects.create(
            organisation=self.caller.organisation, desired=request.data["desired"], available=0
        )
        return Response({"id": PoolHistory.objects.get(pk=row.pk).pk})

    def get(self, request: Request) -> Response:
        """Read one row."""
        row = PoolHistory.objects.order_by().first()
        return Response({"id": row.pk if row else None})


urlpatterns = [path("videoapi/v2/bare", Bare.as_view(), name="bare"), path("", include("vdx.urls"))]
