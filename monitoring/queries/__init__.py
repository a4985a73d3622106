"""What pages and reports read of monitoring, by use case."""

from monitoring.queries.device_tests import DeviceTestLine, device_test_of, device_tests_of, passes_of, user_has_passed
from monitoring.queries.evaluation import evaluation
from monitoring.queries.fees import CostLine, costs, honoraria, rates
from monitoring.queries.months import (
    MonthCell,
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

__all__ = [
    "CauseCount", "CostLine", "DeviceTestLine", "MonthCell", "MonthScope", "Place", "PracticeLine", "QualitySum",
    "Report", "WordSum", "causes", "costs", "device_test_of", "device_tests_of", "earliest_month", "evaluation",
    "honoraria", "month_cells", "month_quality", "month_scope", "month_words", "passes_of", "practices_readiness",
    "rates", "statistics", "user_has_passed",
]  # fmt: skip
