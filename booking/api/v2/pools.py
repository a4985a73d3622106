"""Pools, and what the API says of itself."""

from __future__ import annotations

from django.conf import settings
from rest_framework.request import Request
from rest_framework.response import Response

from booking.api import queries
from booking.api.v2 import schema
from booking.api.v2.base import ANYBODY, View


class Pools(View):
    """Every pool that the caller may see, with its free rooms."""

    @schema.described("List pools", schema.PoolInfo(many=True))
    def get(self, request: Request) -> Response:
        """One entry an organisation."""
        self.require(*ANYBODY)
        write = self.writer(request)
        return Response([write.pool(pool) for pool in queries.pools(self.caller, write.now)])


class Info(View):
    """Which version answers."""

    @schema.described("Which version answers", schema.Info)
    def get(self, request: Request) -> Response:
        """Name and version, under the keys that clients look for."""
        self.require(*ANYBODY)
        build = {"name": "open-vdx", "version": settings.VDX_VERSION}
        info = [{"key": "git", "value": build}, {"key": "build", "value": build}]
        return Response({"info": info})
