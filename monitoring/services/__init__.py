"""Every write of monitoring, by use case."""

from monitoring.services.capacity import (
    count_peaks,
    forget_capacity_mails,
    forget_peaks,
    send_capacity_mails,
    watch_capacity,
)
from monitoring.services.correct import correct_call
from monitoring.services.device_test import forget_device_tests, record_device_test
from monitoring.services.download import (
    note_capacity_download,
    note_download,
    note_readiness_download,
    note_uptime_download,
)
from monitoring.services.fees import drop_money, save_money
from monitoring.services.forget import forget_details, forget_samples
from monitoring.services.history import BadRow, HistoryRefused, Imported, import_history
from monitoring.services.months import count_all, count_marked
from monitoring.services.record import judge_again, record_call, record_missing
from monitoring.services.sample import add_sample
from monitoring.services.trouble import add_trouble
from monitoring.services.uptime import forget_probe, prepare_probe, probe_folder, take_in_probes

__all__ = [
    "BadRow", "HistoryRefused", "Imported", "add_sample", "add_trouble", "correct_call", "count_all", "count_marked",
    "count_peaks", "drop_money", "forget_capacity_mails", "forget_details", "forget_device_tests", "forget_peaks",
    "forget_probe", "forget_samples", "import_history", "judge_again", "note_capacity_download", "note_download",
    "note_readiness_download", "note_uptime_download", "prepare_probe", "probe_folder", "record_call",
    "record_device_test", "record_missing", "save_money", "send_capacity_mails", "take_in_probes", "watch_capacity",
]  # fmt: skip
