"""What a page says of the way from the link to the picture reaches the hub's numbers, and nothing else does."""

from __future__ import annotations

import re
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import LazySettings

from monitoring import services
from monitoring.probe import spool
from monitoring.probe.legs import LEGS, Run, slot_of
from monitoring.services import uptime
from rooms.signals import quality_sampled
from vdx.lib import clock
from vdx.lib.metrics import exposition

pytestmark = pytest.mark.django_db(transaction=True)


def link_to_picture() -> dict[str, str]:
    return dict(re.findall(r"^vdx_link_to_picture_seconds(\S+) (\S+)$", exposition(), flags=re.MULTILINE))


def sample(**measures: object) -> None:
    quality_sampled.tell(room_uuid=uuid4(), seat_key="0123456789ab", measures={"peer": "ba9876543210", **measures})


def test_the_seconds_from_the_link_to_the_picture_are_counted() -> None:
    sample(linkToPictureSeconds=2.4)
    sample(linkToPictureSeconds=7)
    sample(packetsReceived=250)
    # What no browser measures is not believed.
    sample(linkToPictureSeconds=-1)
    sample(linkToPictureSeconds="2.4")
    sample(linkToPictureSeconds=86_400)
    found = link_to_picture()
    assert (found["_count"], found["_sum"]) == ("2", "9.4")
    assert (found['_bucket{le="2.0"}'], found['_bucket{le="3.0"}'], found['_bucket{le="10.0"}']) == ("0", "1", "2")


def test_a_probe_that_nobody_takes_in_is_told_all_the_same(settings: LazySettings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    now = clock.now()
    slot = slot_of(now.timestamp(), 60)
    uptime.keep_runs(runs=[Run(uuid4(), slot, 60, now, dict.fromkeys(LEGS, 10))], now=now)
    assert re.search(r"^vdx_probe_up 1$", exposition(), flags=re.MULTILINE)

    # The worker has gone: the file stays where it is.
    spool.append(services.probe_folder(), Run(uuid4(), slot, 60, clock.now(), {"token": 10}, "booking", "timeout"))
    told = exposition()
    assert re.search(r"^vdx_probe_up 0$", told, flags=re.MULTILINE)
    assert re.search(r'^vdx_probe_leg_up\{leg="booking"\} 0$', told, flags=re.MULTILINE)
