"""Booking's numbers. Which members record systems send is counted in :mod:`booking.api.v2.usage`."""

from __future__ import annotations

from datetime import timedelta

from booking import queries
from vdx.lib import clock
from vdx.lib.metrics import Gauge

_DAY = timedelta(days=1)

Gauge(
    "vdx_booking_waiting_to_go_out",
    "Links that wait to be sent, by way, and messages that wait for record systems (webhook).",
    lambda: {(way,): number for way, number in queries.waiting_to_go_out(clock.now()).items()},
    ("way",),
)
Gauge(
    "vdx_deliveries_last_day",
    "How links of the last 24 hours fared, by way (sms, email), and messages for record systems (webhook).",
    lambda: queries.delivery_results(clock.now() - _DAY),
    ("way", "result"),
)
Gauge(
    "vdx_booking_pool_rooms",
    "Rooms of all pools: as many as are wished for, and as many as are free.",
    lambda: {(which,): number for which, number in queries.pool_totals(clock.now()).items()},
    ("which",),
)
