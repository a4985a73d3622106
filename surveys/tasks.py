"""Background work of surveys. Every task may run twice."""

from __future__ import annotations

import logging

from celery import shared_task

from surveys import services
from vdx.lib import clock

log = logging.getLogger(__name__)

SCHEDULE = {"surveys.daily": {"task": "surveys.daily", "schedule": 24 * 3600}}


@shared_task(name="surveys.daily")
def daily() -> None:
    """Forget whom we asked a week ago."""
    gone = services.forget_asked(today=clock.local_date(clock.now()))
    if gone:
        log.info("deleted %d flags kept long enough", gone)
