"""Every write of monitoring, by use case."""

from monitoring.services.device_test import forget_device_tests, record_device_test
from monitoring.services.download import note_download, note_readiness_download
from monitoring.services.forget import forget_details, forget_samples
from monitoring.services.record import judge_again, record_call, record_missing
from monitoring.services.sample import add_sample
from monitoring.services.trouble import add_trouble

__all__ = [
    "add_sample", "add_trouble", "forget_details", "forget_device_tests", "forget_samples", "judge_again",
    "note_download", "note_readiness_download", "record_call", "record_device_test", "record_missing",
]  # fmt: skip
