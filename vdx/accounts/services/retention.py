"""Forgetting what is no longer needed (docs/data.md)."""

from __future__ import annotations

from datetime import datetime

from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db.models import Q

from vdx.accounts.models import AuditEntry, OneTimeLink
from vdx.accounts.rules import retention


def forget(*, now: datetime) -> dict[str, int]:
    """Delete old links, audit entries, notes of the admin and sessions that have ended; tells how many of each."""
    links = Q(expires_at__lt=retention.links_from(now), send_after__isnull=True) | Q(
        used_at__lt=retention.links_from(now)
    )
    old = {
        "links": OneTimeLink.objects.filter(links),
        "audit": AuditEntry.objects.filter(at__lt=retention.audit_from(now)),
        "admin": LogEntry.objects.filter(action_time__lt=retention.audit_from(now)),
        "sessions": Session.objects.filter(expire_date__lt=now),
    }
    return {name: rows.delete()[0] for name, rows in old.items()}
