"""The hub itself as a Django app: its system checks and its report of unforeseen errors."""

from __future__ import annotations

from django.apps import AppConfig
from django.core.signals import got_request_exception


class VdxConfig(AppConfig):
    """Hooks up what belongs to the whole hub."""

    name = "vdx"
    verbose_name = "VDX"

    def ready(self) -> None:
        """Register the checks and the numbers, and log unforeseen errors by the route's name rather than the path."""
        from vdx import celery, checks, metrics  # noqa: F401  # they register themselves
        from vdx.logs import log_request_exception

        got_request_exception.connect(log_request_exception, dispatch_uid="vdx.log_request_exception")
