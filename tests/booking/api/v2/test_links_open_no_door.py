"""Every link that the API hands out, opened by a stranger: a guest at most, who is asked for the pin."""

from __future__ import annotations

import re

import pytest

from tests.booking.api.conftest import ORGANISATIONS, moment
from tests.support.calls import Client, call
from tests.support.identity import IdentityProvider
from tests.support.servers import HubServer


def strings(value):
    if isinstance(value, dict):
        for each in value.values():
            yield from strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from strings(each)
    elif isinstance(value, str) and re.match(r"https?://", value):
        yield value


@pytest.mark.parametrize("pins", [{}, {"guestPin": 4321, "hostPin": 8765432}])
def test_no_link_makes_a_stranger_host(world, admin, body, pins):
    made = admin.post("meetings", body(startTime=moment(minutes=1), endTime=moment(minutes=30), **pins)).json()
    room = admin.get(f"scheduling-info/{made['uuid']}").json()
    links = {link.replace("https://localhost", "http://localhost", 1) for link in strings([made, room])}
    assert made["shortLink"] in links
    for link in links:
        assert "4321" not in link.replace(made["shortId"], "").replace(made["uuid"], "")
        assert "8765432" not in link
        for suffix in ("", "?pin=8765432", "?pin=4321&role=host"):
            answer = call(link + suffix)
            if "/videoapi/" in link:
                assert answer.status == 401
            else:
                assert answer.status in (200, 302)
                assert "vdx_seat" not in answer.headers.get("set-cookie", "")
    seats = f"from rooms.models import Seat\nanswer = Seat.objects.filter(room__uuid='{made['uuid']}').count()"
    assert world.run(seats) == 0


@pytest.mark.parametrize("kept", ["guestPin", "hostPin"])
def test_a_template_that_puts_a_pin_into_the_link_opens_no_door_either(kept):
    with IdentityProvider() as idp:
        settings = {
            "VDX_API_ISSUER": idp.issuer,
            "VDX_PORTAL_LINK_TEMPLATE": "https://localhost/?pin=__pin__&start=__start-date__",
        }
        with HubServer.embedded(environment=settings) as hub:
            hub.shell(ORGANISATIONS)
            client = Client(hub.url, idp.token("home", "eva@klak.dk", ("meeting-admin",)))
            times = {"startTime": moment(minutes=1), "endTime": moment(minutes=30)}
            made = client.post("meetings", {"subject": "Møde", **times, kept: 8765432}).json()
            room = client.get(f"scheduling-info/{made['uuid']}").json()
            pin = room["portalLink"].partition("?pin=")[2].partition("&")[0]
            assert pin == "8765432"
            # The same query at the room's own address, and where the template leads.
            for page in (
                room["portalLink"].replace("https://localhost", hub.url),
                f"{hub.url}/m/{made['shortId']}?pin={pin}",
            ):
                answer = call(page)
                assert answer.status == 200
                assert "vdx_seat" not in answer.headers.get("set-cookie", "")
            assert "0" in hub.shell("from rooms.models import Seat\nprint(Seat.objects.count())").split()
