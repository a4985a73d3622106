"""Answers of the organisation service."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models.functions import Lower

from booking.models import SchedulingTemplate
from rooms import queries as rooms_queries
from vdx.accounts import queries as accounts_queries

if TYPE_CHECKING:
    from vdx.accounts.models import Organisation


def organisation_json(organisation: Organisation) -> dict[str, Any]:
    """``organisation-response``: no keys."""
    return {
        "groupId": organisation.pk,
        "code": organisation.code,
        "name": organisation.name,
        "poolSize": organisation.pool_size or 0,
        "smsSenderName": organisation.sms_sender_name,
        "allowCustomUriWithoutDomain": organisation.allow_custom_uri_without_domain,
        "smsCallbackUrl": organisation.sms_callback_url,
        "deviceWebhookEndpoint": organisation.device_webhook_endpoint,
    }


def path_json(organisation: Organisation) -> dict[str, Any]:
    """The nodes from the root down to this one, each in the one above it."""
    found: dict[str, Any] | None = None
    for each in accounts_queries.ancestors(organisation):
        found = _node(each, [] if found is None else [found])
    return found or _node(organisation, [])


def children_json(organisation: Organisation) -> dict[str, Any]:
    """The node with everything below it."""
    below: dict[int | None, list[Organisation]] = {}
    for each in accounts_queries.below(organisation):
        below.setdefault(each.parent_id, []).append(each)

    def nested(node: Organisation) -> dict[str, Any]:
        return _node(node, [nested(child) for child in below.get(node.pk, [])])

    return nested(organisation)


def owners_json(uris: Sequence[str], now: datetime) -> list[dict[str, Any]]:
    """Whose each address is: of a booked room that is ready, of a fixed room, else by its domain.

    Unknown ones are left out.
    """
    booked = rooms_queries.ready_booked_owners(uris, now)
    fixed = rooms_queries.fixed_owners(uris)
    domains = {uri.partition("@")[2].lower() for uri in uris} - {""}
    owned = (
        SchedulingTemplate.objects.alias(domain=Lower("uri_domain"))
        .filter(organisation__isnull=False, deleted_time__isnull=True, domain__in=domains)
        .select_related("organisation")
    )
    by_domain = {template.uri_domain.lower(): template.organisation for template in owned.order_by("-pk")}
    found = []
    for uri in uris:
        owner = booked.get(uri.lower()) or fixed.get(uri.lower()) or by_domain.get(uri.partition("@")[2].lower())
        if owner is not None:
            found.append(
                {
                    "code": owner.code,
                    "name": owner.name,
                    "groupId": owner.pk,
                    "uri": uri,
                    "booked": uri.lower() in booked,
                    "groupName": owner.name,
                }
            )
    return found


def _node(organisation: Organisation, children: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "code": organisation.code,
        "name": organisation.name,
        "poolSize": organisation.pool_size or 0,
        "children": children,
        "smsSenderName": organisation.sms_sender_name,
        "smsCallbackUrl": organisation.sms_callback_url,
        "groupId": organisation.pk,
        "deviceWebhookEndpoint": organisation.device_webhook_endpoint,
    }
