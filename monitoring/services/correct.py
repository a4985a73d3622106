"""Correcting the fact of a call, where it was written down wrong: by a person, with a trace."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from monitoring.models import CallRecord
from monitoring.rules.corrections import may_be_corrected
from monitoring.services.capacity import forget_peaks
from monitoring.services.months import mark_months
from vdx.accounts import services as accounts_services
from vdx.lib.clock import local_date
from vdx.lib.errors import Conflict, InvalidInput, NotFound

if TYPE_CHECKING:
    from vdx.accounts.models import User


@transaction.atomic
def correct_call(
    *, call_id: int, organisation_id: int, booked: bool, instant: bool, is_test: bool, actor: User, now: datetime
) -> CallRecord:
    """Say whose call it was, whether it was booked (and to start at once), and whether somebody only tried the hub.

    Nothing that was measured can be changed: who was there, and when. What was and what is now stand in the audit; the
    months and days that the call counts in are counted anew. The same again changes and writes nothing.

    Raises :class:`~vdx.lib.errors.NotFound`, :class:`~vdx.lib.errors.Conflict` while the hub itself may still write
    the record, and :class:`~vdx.lib.errors.InvalidInput` for a call to start at once that was not booked.
    """
    call = CallRecord.objects.select_for_update().filter(pk=call_id).first()
    if call is None:
        raise NotFound
    if not may_be_corrected(is_final=call.is_final, recorded_at=call.recorded_at, now=now):
        raise Conflict(_("Samtalen tælles stadig op. Vent en time, og ret den så."))
    if instant and not booked:
        raise InvalidInput(_("Et straks-møde er altid booket. Sæt hak ved begge, eller fjern hakket ved straks-møde."))
    wanted = {"organisation_id": organisation_id, "booked": booked, "instant": instant, "is_test": is_test}
    changed = {name: [getattr(call, name), value] for name, value in wanted.items() if getattr(call, name) != value}
    if not changed:
        return call
    moment = call.started_at or call.starts_at
    mark_months([(call.organisation_id, moment), (organisation_id, moment)])
    for name, (_old, value) in changed.items():
        setattr(call, name, value)
    call.save(update_fields=list(changed))
    if call.started_at is not None and call.ended_at is not None:
        forget_peaks(first=local_date(call.started_at), last=local_date(call.ended_at))
    accounts_services.audit(
        action="call.corrected", target_type=call._meta.label, target_id=call.pk, actor=actor, detail=changed
    )
    return call
