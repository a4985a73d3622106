"""Portal links from templates (contract, section 10.2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from booking.rules.portal_link import Facts, portal_link

FACTS = Facts(
    short_link="https://video.link/abc",
    uri_with_domain="1234@test.dk",
    uri_domain="test.dk",
    guest_pin=2001,
    host_pin=1001,
    start=datetime(2025, 10, 2, 13, tzinfo=UTC),
    return_url=None,
    microphone="muted",
    call_type=None,
)
TEMPLATE = (
    "https://portal.vconf.dk/?conference=__uri-with-domain__&pin=__pin__&start_dato=__start-date__"
    "&muteMicrophone=__microphone__&returnURL=__return-url__&call=__call-type__&domain=__uri-domain__&join=1"
)


def test_the_contracts_example():
    link = portal_link(TEMPLATE.replace("&domain=__uri-domain__", ""), FACTS)
    assert link == (
        "https://portal.vconf.dk/?conference=1234@test.dk&pin=2001&start_dato=2025-10-02T13:00:00"
        "&muteMicrophone=muted&join=1"
    )


@pytest.mark.parametrize(
    ("changes", "part", "there"),
    [
        ({"guest_pin": None}, "pin=1001", True),
        ({"guest_pin": None, "host_pin": None}, "&pin=&", True),
        ({"microphone": "on"}, "muteMicrophone", False),
        ({"microphone": None}, "muteMicrophone", False),
        ({"microphone": "off"}, "muteMicrophone=off", True),
        ({"return_url": "https://tilbage.dk/?a=b"}, "returnURL=https://tilbage.dk/?a=b", True),
        ({"call_type": "video"}, "call=video", True),
        ({"uri_domain": None}, "domain", False),
    ],
)
def test_what_is_absent_is_left_out_but_for_the_pin(changes, part, there):
    assert (part in portal_link(TEMPLATE, replace(FACTS, **changes))) is there


@pytest.mark.parametrize(
    ("template", "link"),
    [
        ("", "https://video.link/abc"),
        ("https://x.dk/__uri-domain__/a", "https://x.dk/test.dk/a"),
        ("https://x.dk/a#__pin__/__call-type__", "https://x.dk/a#2001/"),
        ("https://x.dk/?a=x__pin__&b=c", "https://x.dk/?a=x__pin__&b=c"),
        ("https://x.dk/?a=1&a=2", "https://x.dk/?a=1"),
        ("https://x.dk/?a=%pin%", "https://x.dk/?a=%pin%"),
        ("https://x.dk/?call=__call-type__", "https://x.dk/"),
    ],
)
def test_templates(template, link):
    assert portal_link(template, FACTS) == link
