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
    """Close the answers of earlier days, and forget whom we asked about calls that nobody can answer for any more."""
    now = clock.now()
    today = clock.local_date(now)
    partly = services.close_day(today=today)
    services.settle_days(today=today)
    over = services.close_invitations(today=today)
    if partly or over:
        log.info("closed %d responses and %d invitations", partly, over)
    gone = services.forget_asked(now=now) + services.forget_invited(now=now)
    if gone:
        log.info("forgot %d calls that were asked about", gone)
