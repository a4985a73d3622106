"""What pages and reports read of monitoring, by use case."""

from monitoring.queries.device_tests import DeviceTestLine, device_test_of, device_tests_of, passes_of, user_has_passed
from monitoring.queries.evaluation import evaluation
from monitoring.queries.organisations import Place
from monitoring.queries.readiness import PracticeLine, practices_readiness
from monitoring.queries.statistics import CauseCount, Report, causes, earliest_month, statistics

__all__ = [
    "CauseCount", "DeviceTestLine", "Place", "PracticeLine", "Report", "causes", "device_test_of", "device_tests_of",
    "earliest_month", "evaluation", "passes_of", "practices_readiness", "statistics", "user_has_passed",
]  # fmt: skip
