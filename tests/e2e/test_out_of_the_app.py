"""Out of an app's web view and into the browser: the same seat, the same device, nobody lets in twice."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.conftest import PICTURES
from tests.e2e.people import PHONE, Hub, Someone, flowing, host, knock, let_in, window

pytestmark = [pytest.mark.e2e, pytest.mark.alone]
SHOTS = PICTURES / "out-of-the-app"
APP = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 MinLaege/5.2"


def link_out(app: Someone) -> str:
    """Press the button in the app; the link that it shows."""
    app.page.get_by_role("button", name="Åbn i browseren").filter(visible=True).click()
    expect(app.page.get_by_role("heading", name="Gå videre i browseren")).to_be_visible()
    link = app.page.get_by_role("link", name="Åbn i browseren")
    assert (link.get_attribute("target"), link.get_attribute("rel")) == ("_blank", "noopener")
    app.page.get_by_role("button", name="Kopiér linket").click()
    expect(app.page.get_by_role("button", name="Linket er kopieret")).to_be_visible()
    address = link.get_attribute("href") or ""
    assert app.page.locator("#move-address").input_value() == address
    return address


def record_of(hub: Hub, code: str) -> dict[str, object]:
    """Devices of the call record, and their kinds."""
    found: dict[str, object] = json.loads(
        hub.server.shell(f"""
import json
from monitoring.models import CallRecord
from rooms.models import Room, Seat
room = Room.objects.get(short_id={code!r})
call = CallRecord.objects.get(room_uuid=room.uuid)
print(json.dumps(dict(devices=call.device_count, kinds=sorted(room.seats.values_list("device_kind", flat=True)))))
""")
    )
    return found


def test_the_call_goes_on_in_the_browser(browser: Browser, service: Hub) -> None:
    code = service.room()
    shots = SHOTS / service.name
    with (
        window(browser, service.url(0), shots) as doctor,
        window(browser, service.url(0), shots, size=PHONE, agent=APP) as app,
        window(browser, service.url(1), shots, size=PHONE) as patient,
    ):
        host(doctor, service, code)
        knock(app, code, "Grethe Sand")
        app.seen("1-waiting-in-the-app")
        let_in(doctor, "Grethe Sand")
        flowing(doctor, app)
        app.picture("2-call-in-the-app")
        address = link_out(app)
        app.seen("3-the-link")
        asked: list[str] = []
        patient.page.on("request", lambda request: asked.append(request.url))
        patient.page.goto(address.replace(service.url(0), service.url(1)))
        expect(patient.page.locator("#screen-call")).to_be_visible()
        flowing(doctor, patient)
        expect(app.page.get_by_role("heading", name="Samtalen er flyttet til et andet vindue")).to_be_visible()
        assert patient.page.url == f"{service.url(1)}/m/{code}"
        secret = address.partition("#flyt=")[2]
        assert secret
        assert [url for url in asked if secret in url.partition("#")[0]] == []
        # Known by the same name, without being asked for it, and let in once.
        expect(patient.page.locator("#name-dialog")).to_be_hidden()
        expect(doctor.page.locator("#people li")).to_have_count(2)
        expect(doctor.page.locator("#people")).to_contain_text("Grethe Sand")
        expect(doctor.page.locator("#knocks li")).to_have_count(0)
        expect(patient.page.get_by_role("button", name="Åbn i browseren")).to_have_count(0)
        patient.picture("4-call-in-the-browser")
        # The app has nothing left, and the link has been used.
        app.page.get_by_role("button", name="Brug dette vindue i stedet").click()
        expect(app.page.get_by_label("Dit navn").first).to_be_visible()
        app.page.goto("about:blank")
        app.page.goto(address)
        expect(app.page.locator("#knock-error")).to_contain_text("Linket virker ikke længere")
        app.seen("5-a-used-link")
        doctor.page.get_by_role("button", name="Afslut for alle").click()
        doctor.page.get_by_role("button", name="Ja, afslut for alle").click()
        expect(patient.page.get_by_role("main")).to_contain_text("Samtalen er slut.")
    assert record_of(service, code) == {"devices": 2, "kinds": ["app", "browser"]}


def test_a_link_put_into_a_page_that_was_open_is_taken(browser: Browser, embedded: Hub) -> None:
    code = embedded.room()
    with (
        window(browser, embedded.url(), SHOTS, size=PHONE, agent=APP) as app,
        window(browser, embedded.url(), SHOTS, size=PHONE) as patient,
    ):
        knock(app, code, "Grethe Sand")
        address = link_out(app)
        patient.page.goto(f"{patient.home}/m/{code}")
        expect(patient.page.get_by_label("Dit navn").first).to_be_visible()
        patient.page.evaluate("address => { location.href = address }", address)
        expect(patient.page.get_by_role("heading", name="Lægen kan se, at du er her")).to_be_visible()
        assert patient.page.url == f"{patient.home}/m/{code}"
        expect(patient.page.locator("#name-dialog")).to_be_hidden()
