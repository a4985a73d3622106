"""Import, evaluation tables and statistics at a million calls."""
