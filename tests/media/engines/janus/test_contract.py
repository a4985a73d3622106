"""What every engine promises, promised by this one too: with a real Janus."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import timedelta

import pytest

from media.engine import Engine, IceServer
from media.engines.janus.engine import JanusEngine
from tests.media import test_engine_contract as contract
from tests.support.janus import Janus

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def engine(make_engine: Callable[..., JanusEngine], lasting_janus: Janus) -> Engine:
    return make_engine(
        lasting_janus,
        servers=lambda seat, now: ((IceServer(("turn:a",), f"1:{seat}", "x"),), now + timedelta(minutes=10)),
    )


# Every test of the contract that asks for an engine is a test of this module, with the engine above.
globals().update(
    {
        name: test
        for name, test in vars(contract).items()
        if name.startswith("test_") and "engine" in inspect.signature(test).parameters
    }
)


def test_the_contract_is_not_empty() -> None:
    assert len([name for name in globals() if name.startswith("test_")]) > 4
