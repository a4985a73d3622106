"""Background work of the hub as a whole."""

from __future__ import annotations

from celery import shared_task
from django.core.cache import cache

HEARTBEAT_KEY = "vdx:worker:heartbeat"
HEARTBEAT_SECONDS = 10
# What the readiness page forgives: a busy worker may miss a few beats.
HEARTBEAT_GOOD_FOR = 60

SCHEDULE = {"vdx.heartbeat": {"task": "vdx.heartbeat", "schedule": HEARTBEAT_SECONDS}}


@shared_task(name="vdx.heartbeat")
def heartbeat() -> None:
    """Show the readiness page that beat and worker are alive."""
    cache.set(HEARTBEAT_KEY, 1, HEARTBEAT_GOOD_FOR)
