"""What all of booking's tests take for granted."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture(autouse=True)
def sms_is_offered(settings: Any) -> None:
    """By the console where no gateway is named, whatever database the tests run on."""
    settings.VDX_EMBEDDED = True
