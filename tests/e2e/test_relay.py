"""Real Chromium on the relay's worker, without the hub: what people see and hear, as the browser measures it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.relay_stage import Stage

pytestmark = pytest.mark.e2e


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with Stage(tmp_path).running() as made:
        yield made


def enter(browser: Browser, stage: Stage, seat: str) -> Page:
    page = browser.new_page()
    page.goto(stage.page(seat))
    return page


def measure(page: Page) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = page.evaluate("measure()")
    return found


def until(condition: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come to pass in time"
        time.sleep(0.1)


def sees(page: Page, seat: str) -> bool:
    return measure(page).get(f"{seat}.camera/video", {}).get("frames", 0) > 3


def hears(page: Page, seat: str) -> bool:
    return measure(page).get(f"{seat}.camera/audio", {}).get("energy", 0) > 0.001


def test_two_devices_see_and_hear_each_other(browser: Browser, stage: Stage) -> None:
    stage.start_worker()
    anna, bent = enter(browser, stage, "anna"), enter(browser, stage, "bent")
    until(lambda: sees(anna, "bent") and sees(bent, "anna"))
    until(lambda: hears(anna, "bent") and hears(bent, "anna"))
    before = measure(anna)["bent.camera/video"]["frames"]
    until(lambda: measure(anna)["bent.camera/video"]["frames"] > before + 40)
    assert measure(anna)["bent.camera/video"]["width"] == 640
    assert not anna.evaluate("relay.log")


def test_a_killed_worker_is_replaced_and_the_call_goes_on(browser: Browser, stage: Stage) -> None:
    stage.start_worker()
    anna, bent = enter(browser, stage, "anna"), enter(browser, stage, "bent")
    until(lambda: sees(anna, "bent") and sees(bent, "anna"))
    epoch = anna.evaluate("relay.epoch")
    stage.kill_worker()
    stage.start_worker()
    until(lambda: anna.evaluate("relay.epoch") > epoch and sees(anna, "bent") and sees(bent, "anna"))
    assert not anna.evaluate("relay.log")
