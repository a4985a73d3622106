"""Taking in the calls of the past from files."""

from monitoring.services.history.files import BadRow
from monitoring.services.history.take_in import HistoryRefused, Imported, import_history

__all__ = ["BadRow", "HistoryRefused", "Imported", "import_history"]
