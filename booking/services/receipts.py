"""What the gateway says later of a text message: that it reached the telephone, or that it never will."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from booking.enums import DeliveryCause, DeliveryState, DeliveryWay
from booking.models import Delivery
from booking.services.deliver import tell_given_up

# A gateway may be quicker with its receipt than the hub with writing down that it took the message.
_OPEN = (DeliveryState.QUEUED, DeliveryState.SENT)


@transaction.atomic
def note_receipt(*, key: UUID, arrived: bool, now: datetime) -> bool:
    """Note that the message of this key has arrived, or will not. Says whether that was news.

    One that was never tried, has been settled already, or is not known is left as it is.
    """
    delivery = (
        Delivery.objects.select_for_update(of=("self",))
        .select_related("meeting")
        .filter(key=key, way=DeliveryWay.SMS, state__in=_OPEN, tries__gt=0)
        .first()
    )
    if delivery is None:
        return False
    delivery.state = DeliveryState.DELIVERED if arrived else DeliveryState.FAILED
    delivery.cause = "" if arrived else DeliveryCause.UNDELIVERED
    delivery.address, delivery.due_at, delivery.finished_at = "", None, now
    delivery.save(update_fields=["state", "cause", "address", "due_at", "finished_at"])
    if not arrived:
        tell_given_up(delivery, DeliveryCause.UNDELIVERED)
    return True
