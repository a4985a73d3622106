"""Background work: the Celery application, and the timetable that the apps contribute to.

An app that has something to do at intervals says so in its ``tasks.py``::

    SCHEDULE = {"rooms.sweep": {"task": "rooms.sweep", "schedule": 10}}  # seconds

What is due stands in the database; a task only goes and looks (docs/decisions/0003).
"""

from __future__ import annotations

import os
from datetime import timedelta
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from celery import Celery
from celery.beat import Scheduler
from celery.signals import import_modules

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vdx.settings")

app = Celery("vdx")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# In every thread, also those that the web server makes.
app.set_default()


def schedule() -> dict[str, dict[str, Any]]:
    """The timetable: every installed app's ``tasks.SCHEDULE``. Two entries of one name are refused."""
    from django.apps import apps  # noqa: PLC0415  # Celery imports this module before Django is set up

    table: dict[str, dict[str, Any]] = {}
    for config in apps.get_app_configs():
        name = f"{config.name}.tasks"
        if find_spec(name) is None:
            continue
        for entry, value in getattr(import_module(name), "SCHEDULE", {}).items():
            if entry in table:
                raise ValueError(f"two apps name a periodic task {entry}")
            # A run that was not started before the next one is due is of no use any more.
            options = {"expires": max(value["schedule"], 30), **value.get("options", {})}
            table[entry] = {**value, "options": options}
    return table


@import_modules.connect(weak=False, dispatch_uid="vdx.schedule")
def _add_schedule(sender: Celery, **kwargs: Any) -> None:
    # Celery has set Django up by now: its own receiver was connected when the application was made.
    if sender is app:
        app.conf.beat_schedule = schedule()


class StartScheduler(Scheduler):
    """A timetable without a file: everything is due at the start.

    Every periodic task looks in the database for what is to be done and is safe to run once too often, so
    there is nothing to remember, and what runs once a day runs also where the hub is restarted every day.
    """

    def setup_schedule(self) -> None:
        """Take the timetable, and let each entry be overdue."""
        super().setup_schedule()
        for entry in self.schedule.values():
            entry.last_run_at = self.app.now() - timedelta(days=366)
