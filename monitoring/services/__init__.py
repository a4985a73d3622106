"""Every write of monitoring, by use case."""

from monitoring.services.device_test import forget_device_tests, record_device_test
from monitoring.services.download import note_download
from monitoring.services.forget import forget_details, forget_samples
from monitoring.services.record import record_call, record_missing
from monitoring.services.sample import add_sample

__all__ = [
    "add_sample", "forget_details", "forget_device_tests", "forget_samples", "note_download", "record_call",
    "record_device_test", "record_missing",
]  # fmt: skip
