"""The probe's organisation and API client (:mod:`vdx.lib.probe`), and forgetting what was written down of it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from vdx.accounts.enums import ApiRole
from vdx.accounts.models import ApiClient, AuditEntry, Organisation
from vdx.accounts.services.api_clients import secret_digest
from vdx.accounts.services.organisations import create_organisation
from vdx.accounts.services.trail import audit
from vdx.lib import probe

_KEPT = ("accounts.Organisation", "accounts.ApiClient")


@transaction.atomic
def keep_probe_client(*, now: datetime) -> tuple[Organisation, bool]:
    """Have the probe's organisation and its client there, with the secret of today's settings.

    Safe to do again and at the same time as another. Tells whether anything had to be changed.
    """
    organisation = Organisation.objects.select_for_update().filter(code=probe.ORGANISATION).first()
    changed = organisation is None
    if organisation is None:
        organisation = create_organisation(
            code=probe.ORGANISATION,
            name="VDX: hubbens egen måling",
            kind="",
            parent=None,
            actor=None,
            actor_kind="system",
            is_test=True,
        )
    wanted = {
        "organisation": organisation,
        "email": probe.EMAIL,
        "roles": [ApiRole.USER.value],
        "secret_digest": secret_digest(probe.client_secret()),
        "revoked_at": None,
    }
    client = ApiClient.objects.select_for_update().filter(client_id=probe.CLIENT_ID).first()
    if client is None or any(getattr(client, name) != value for name, value in wanted.items()):
        changed = True
        client, _ = ApiClient.objects.update_or_create(
            client_id=probe.CLIENT_ID,
            defaults=wanted,
            create_defaults={**wanted, "name": "VDX: hubbens egen måling", "created_at": now},
        )
        audit(
            action="api_client.probe",
            target_type="accounts.ApiClient",
            target_id=client.pk,
            organisation=organisation,
            actor_kind="system",
        )
    return organisation, changed


@transaction.atomic
def forget_probe_trail(*, before: datetime) -> int:
    """Delete what the audit says of the probe's own calls, in which no person took part. Says how many entries."""
    entries = AuditEntry.objects.filter(organisation__code=probe.ORGANISATION, at__lt=before)
    gone, _ = entries.exclude(target_type__in=_KEPT).delete()
    return gone
