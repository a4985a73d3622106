"""Every write of monitoring, by use case."""

from monitoring.services.download import note_download
from monitoring.services.forget import forget_details, forget_samples
from monitoring.services.record import record_call, record_missing
from monitoring.services.sample import add_sample

__all__ = ["add_sample", "forget_details", "forget_samples", "note_download", "record_call", "record_missing"]
