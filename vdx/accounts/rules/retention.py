"""How long the tables of the app are kept. docs/data.md gives the reasons."""

from __future__ import annotations

from datetime import datetime, timedelta

# After a one-time link was used or has expired.
LINKS_KEPT = timedelta(days=30)
# Five years, a leap day among them.
AUDIT_KEPT = timedelta(days=5 * 365 + 1)


def links_from(now: datetime) -> datetime:
    """One-time links that were used, or expired, before this are deleted."""
    return now - LINKS_KEPT


def audit_from(now: datetime) -> datetime:
    """Audit entries from before this are deleted."""
    return now - AUDIT_KEPT
