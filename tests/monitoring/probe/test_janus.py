"""The probe where the media server is a real Janus."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from monitoring.probe.legs import LEGS
from tests.support.janus import SECRET, Janus, address
from tests.support.janus import janus as running
from tests.support.servers import HubServer

ENGINES = """
from media.models import MediaRoom
print(*MediaRoom.objects.values_list("engine", flat=True))
"""


@pytest.fixture
def janus() -> Iterator[Janus]:
    with address() as ice_address, running(ice_address) as server:
        yield server


def test_every_leg_comes_through_janus(janus: Janus) -> None:
    settings = {"VDX_MEDIA_ENGINE": "janus", "VDX_JANUS_URLS": janus.url, "VDX_JANUS_SECRET": SECRET}
    with HubServer.embedded(environment=settings) as hub:
        hub.manage("prepare_probe")
        told = hub.module("monitoring.probe")
        engines = hub.shell(
            "from media.models import MediaRoom\nprint(*MediaRoom.objects.values_list('engine', flat=True))"
        )
    assert re.findall(r"^(\w+) +\d+ ms$", told, flags=re.MULTILINE) == list(LEGS)
    assert engines.split() == ["janus"]
