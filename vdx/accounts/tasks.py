"""Background work of the accounts app: fetch, call, log."""

from __future__ import annotations

import logging
from datetime import timedelta

from celery import shared_task
from django.conf import settings

from vdx.accounts import callers, services
from vdx.lib import clock

log = logging.getLogger(__name__)

SCHEDULE = {
    "accounts.deliver_links": {"task": "accounts.deliver_links", "schedule": 5.0},
    "accounts.forget": {"task": "accounts.forget", "schedule": 24 * 3600.0},
    "accounts.rotate_api_keys": {"task": "accounts.rotate_api_keys", "schedule": 24 * 3600.0},
}


@shared_task(name="accounts.deliver_links")
def deliver_links() -> None:
    """Mail the one-time links that are due."""
    for link_id in services.due_links(now=clock.now()):
        if services.deliver_link(link_id=link_id, now=clock.now()):
            log.info("one-time link %d: sent", link_id)


@shared_task(name="accounts.forget")
def forget() -> None:
    """Delete what docs/data.md says is no longer kept."""
    gone = services.forget(now=clock.now())
    log.info("forgotten: %s", ", ".join(f"{count} {name}" for name, count in gone.items()))


@shared_task(name="accounts.rotate_api_keys")
def rotate_api_keys() -> None:
    """Replace the key of the hub's own tokens when it has served its time."""
    if callers.keyring().rotate(now=clock.now(), after=timedelta(days=settings.VDX_API_KEY_DAYS)):
        log.info("a new key for the API's tokens was drawn")
