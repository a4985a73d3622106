"""Every link that the API hands out, opened by a stranger: a guest at most, who is asked for the pin."""

from __future__ import annotations

import re

import pytest

from tests.booking.api.conftest import moment
from tests.support.calls import call


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
