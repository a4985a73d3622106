"""Monitoring's numbers for Prometheus."""

from __future__ import annotations

from vdx.lib.metrics import Timing

_LINK_TO_PICTURE = Timing(
    "vdx_link_to_picture_seconds",
    "How long guests' browsers and the hub took from the link to the first picture; nobody's own waiting is in it.",
    (0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 10.0, 20.0, 60.0),
)


def note_link_to_picture(seconds: float) -> None:
    """One more guest has seen the first picture."""
    _LINK_TO_PICTURE.note(seconds)
