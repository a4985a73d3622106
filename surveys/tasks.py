"""Background work of surveys. Every task may run twice."""

from __future__ import annotations

import logging

from celery import shared_task

from surveys import services
from vdx.lib import clock

log = logging.getLogger(__name__)

SCHEDULE = {"surveys.sweep": {"task": "surveys.sweep", "schedule": 3600.0}}


@shared_task(name="surveys.sweep")
def sweep() -> None:
    """Forget whom we asked about calls that nobody can answer for any more."""
    gone = services.forget_asked(now=clock.now())
    if gone:
        log.info("deleted %d flags kept long enough", gone)
