"""Background work of media. May run twice."""

from __future__ import annotations

from celery import shared_task

from media import placement
from vdx.lib import clock

SCHEDULE = {"media.sweep": {"task": "media.sweep", "schedule": 3600.0}}


@shared_task(name="media.sweep")
def sweep() -> None:
    """Forget which server had rooms that are long over."""
    placement.forget_old(now=clock.now())
