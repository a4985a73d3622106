"""The timetable: gathered from the apps, and due at the start."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from celery import current_app

from vdx import celery, tasks


def test_every_apps_timetable_is_gathered() -> None:
    table = celery.schedule()
    assert table["vdx.heartbeat"] == {"task": "vdx.heartbeat", "schedule": 10, "options": {"expires": 30}}


def test_every_entry_names_a_task_that_exists() -> None:
    celery.app.loader.import_default_modules()
    assert {entry["task"] for entry in celery.schedule().values()} <= set(celery.app.tasks)


def test_two_entries_of_one_name_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from rooms import tasks as rooms_tasks

    monkeypatch.setattr(rooms_tasks, "SCHEDULE", tasks.SCHEDULE)
    with pytest.raises(ValueError, match=r"vdx\.heartbeat"):
        celery.schedule()


def test_everything_is_due_at_the_start() -> None:
    app = celery.app
    scheduler = celery.StartScheduler(app, lazy=True)
    app.conf.beat_schedule = {"daily": {"task": "vdx.heartbeat", "schedule": timedelta(days=1)}}
    try:
        scheduler.setup_schedule()
        assert scheduler.schedule["daily"].is_due().is_due
    finally:
        app.conf.beat_schedule = celery.schedule()


def test_tasks_are_sent_by_our_application_from_every_thread() -> None:
    seen = []
    thread = threading.Thread(target=lambda: seen.append(current_app.main))
    thread.start()
    thread.join()
    assert seen == ["vdx"]
