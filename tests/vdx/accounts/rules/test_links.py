"""How long a one-time link is good for, and how often its delivery is tried."""

from __future__ import annotations

from datetime import timedelta

import pytest

from vdx.accounts.enums import LinkPurpose
from vdx.accounts.rules import links


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 30), (2, 60), (7, 1920), (8, 3600), (500, 3600)])
def test_the_delay_grows_up_to_an_hour(attempts: int, seconds: int) -> None:
    assert links.retry_delay(attempts) == timedelta(seconds=seconds)


@pytest.mark.parametrize(("attempts", "over"), [(0, False), (7, False), (8, True), (9, True)])
def test_given_up_after_eight(attempts: int, over: bool) -> None:
    assert links.is_given_up(attempts) is over


def test_every_purpose_has_a_term() -> None:
    assert set(links.GOOD_FOR) == set(LinkPurpose.values)
    assert links.good_for("invitation") == timedelta(days=7)
    assert links.good_for("password") == timedelta(hours=1)
