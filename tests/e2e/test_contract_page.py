"""The VDX-API's contract as a page: it is there to read, with nothing that the hub's own rules for pages keep out."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.people import Hub

pytestmark = pytest.mark.e2e


def test_the_contract_is_there_to_read_and_try(browser: Browser, embedded: Hub) -> None:
    said: list[str] = []
    asked: list[str] = []
    page = browser.new_page()
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{embedded.url()}/videoapi/v2/docs")
    expect(page.locator(".opblock")).to_have_count(23)
    expect(page.get_by_role("heading", name="VDX-API").first).to_be_visible()
    page.locator(".opblock-post", has_text="/videoapi/v2/meetings").first.click()
    expect(page.get_by_text("schedulingInfoReservationId").first).to_be_visible()
    # A token is typed once and goes along with what is tried.
    page.get_by_role("button", name="Authorize").first.click()
    expect(page.get_by_text("bearer", exact=False).first).to_be_visible()
    assert said == []
    assert {url.partition("/videoapi")[0].partition("/static")[0] for url in asked if not url.startswith("data:")} == {
        embedded.url()
    }
    page.close()
