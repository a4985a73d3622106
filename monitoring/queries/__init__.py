"""What pages and reports read of monitoring, by use case."""

from monitoring.queries.capacity import MonthLoad, capacity_forecast, day_peaks, month_loads, standing_alarm
from monitoring.queries.device_tests import DeviceTestLine, device_test_of, device_tests_of, passes_of, user_has_passed
from monitoring.queries.evaluation import evaluation
from monitoring.queries.fees import CostLine, costs, honoraria, rates
from monitoring.queries.months import (
    MonthScope,
    QualitySum,
    WordSum,
    month_cells,
    month_quality,
    month_scope,
    month_words,
)
from monitoring.queries.organisations import Place
from monitoring.queries.readiness import PracticeLine, practices_readiness
from monitoring.queries.statistics import CauseCount, Report, causes, earliest_month, statistics
from monitoring.queries.uptime import first_probe_day, newest_found, newest_run, service_state, uptime_by_month

__all__ = [
    "CauseCount", "CostLine", "DeviceTestLine", "MonthLoad", "MonthScope", "Place", "PracticeLine",
    "QualitySum", "Report", "WordSum", "capacity_forecast", "causes", "costs", "day_peaks", "device_test_of",
    "device_tests_of", "earliest_month", "evaluation", "first_probe_day", "honoraria", "month_cells", "month_loads",
    "month_quality", "month_scope", "month_words", "newest_found", "newest_run", "passes_of", "practices_readiness",
    "rates", "service_state", "standing_alarm", "statistics", "uptime_by_month", "user_has_passed",
]  # fmt: skip
