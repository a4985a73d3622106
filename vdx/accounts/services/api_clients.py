"""Programs that call the API with a token of the hub's own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vdx.accounts.enums import ApiRole
from vdx.accounts.errors import BadClient
from vdx.accounts.models import ApiClient, Organisation
from vdx.accounts.rules import callers as rules
from vdx.accounts.services.guard import check_medcom
from vdx.accounts.services.trail import audit
from vdx.lib import ids

if TYPE_CHECKING:
    from vdx.accounts.models import User


@transaction.atomic
def create_api_client(
    *,
    name: str,
    organisation: Organisation | None,
    email: str,
    roles: Sequence[str],
    allowed_origins: Sequence[str],
    actor: User | None,
    now: datetime,
) -> tuple[ApiClient, str]:
    """A new client and its secret, which nobody can read again. Raises :class:`BadClient`, NotAllowed."""
    check_medcom(actor)
    check_api_client(organisation, email, roles, allowed_origins)
    secret = ids.token()
    client = ApiClient.objects.create(
        client_id=f"vdx-{ids.short_id()}",
        name=name,
        organisation=organisation,
        email=email,
        roles=list(roles),
        allowed_origins=list(allowed_origins),
        secret_digest=secret_digest(secret),
        created_at=now,
    )
    _write_down("api_client.created", client, actor)
    return client, secret


@transaction.atomic
def update_api_client(
    *,
    client: ApiClient,
    name: str,
    email: str,
    roles: Sequence[str],
    allowed_origins: Sequence[str],
    actor: User | None,
) -> ApiClient:
    """Change what a client may do and as whom; tokens that are out follow at once. Its organisation stays.

    Raises :class:`BadClient`, NotAllowed.
    """
    check_medcom(actor)
    row = ApiClient.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=client.pk)
    check_api_client(row.organisation, email, roles, allowed_origins)
    row.name, row.email, row.roles, row.allowed_origins = name, email, list(roles), list(allowed_origins)
    row.save()
    _write_down("api_client.changed", row, actor)
    return row


@transaction.atomic
def renew_api_client_secret(*, client: ApiClient, actor: User | None) -> str:
    """A new secret in the old one's place. Raises NotAllowed."""
    check_medcom(actor)
    secret = ids.token()
    ApiClient.objects.filter(pk=client.pk).update(secret_digest=secret_digest(secret))
    _write_down("api_client.secret_renewed", client, actor)
    return secret


@transaction.atomic
def revoke_api_client(*, client: ApiClient, actor: User | None, now: datetime) -> None:
    """Shut a client out for good; tokens that are out stop at once. Safe to do twice. Raises NotAllowed."""
    check_medcom(actor)
    if ApiClient.objects.filter(pk=client.pk, revoked_at__isnull=True).update(revoked_at=now):
        _write_down("api_client.revoked", client, actor)


def secret_digest(secret: str) -> str:
    """What is kept in place of a client's secret."""
    return ids.digest("api-client", secret)


def check_api_client(
    organisation: Organisation | None, email: str, roles: Sequence[str], origins: Sequence[str]
) -> None:
    """Raise :class:`BadClient` for what a client cannot be."""
    if not roles or not set(roles) <= set(ApiRole.values):
        raise BadClient(_("Vælg mindst én rolle."), field="roles")
    code = organisation.code if organisation is not None else ""
    if not rules.says_enough(roles, organisation=code, email=email, provisioner=ApiRole.PROVISIONER):
        raise BadClient(_("Rollerne kræver både organisation og e-mail."), field="organisation")
    for origin in origins:
        parts = urlsplit(origin)
        if parts.scheme not in {"https", "http"} or not parts.netloc or origin != f"{parts.scheme}://{parts.netloc}":
            raise BadClient(_("En hjemmeside skrives som https://journal.example.dk"), field="allowed_origins")


def _write_down(action: str, client: ApiClient, actor: User | None) -> None:
    audit(
        action=action,
        target_type="accounts.ApiClient",
        target_id=client.pk,
        organisation=client.organisation,
        actor=actor,
    )
