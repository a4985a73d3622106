"""The organisations of the past."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.apps import apps

from monitoring.rules.history import ORGANISATION_COLUMNS, OrganisationRow, Reason, organisation_row
from monitoring.rules.regions import REGIONS, code_of, region_name, short_name
from monitoring.services.history.files import Bad, Told, read
from vdx.accounts import services as accounts_services
from vdx.accounts.enums import OrganisationKind

if TYPE_CHECKING:
    from vdx.accounts.models import Organisation

Rows = list[tuple[int, OrganisationRow]]


def read_organisations(path: Path, bad: Bad, told: Told) -> tuple[Rows, set[str]]:
    """The good rows, and the codes of all of them; a code that stands there twice is bad the second time."""
    seen: set[str] = set()
    unread: set[str] = set()
    rows = []
    for line, row in read(path, ORGANISATION_COLUMNS, organisation_row, bad, unread=unread, told=told):
        if row.code in seen:
            bad.add(path, line, Reason.TWICE, "code", row.code)
            continue
        seen.add(row.code)
        rows.append((line, row))
    return rows, seen | unread


def known_codes() -> dict[str, int]:
    """Every organisation by its code."""
    return dict(apps.get_model("accounts.Organisation").objects.values_list("code", "pk"))


def take_in_organisations(path: Path, rows: Rows, bad: Bad) -> int:
    """Make those that are not there; say how many were.

    One that is there must be of the same kind, with the same pilot dates, test or not: what the hub knows of it is not
    written over. Its name and its regions by date are the hub's own.
    """
    model = apps.get_model("accounts.Organisation")
    there = {organisation.code: organisation for organisation in model.objects.all()}
    regions: dict[str, Organisation] = {}
    for organisation in there.values():
        if organisation.kind == OrganisationKind.REGION:
            short = region_name(organisation.code, organisation.name)
            for name in (organisation.code, organisation.name, short_name(organisation.name), short):
                regions.setdefault(name.casefold(), organisation)
    made = 0
    for line, row in rows:
        known = there.get(row.code)
        if known is not None:
            same = (known.kind, known.pilot_from, known.pilot_until, known.is_test)
            wanted = (row.kind, row.pilot_from, row.pilot_until, row.is_test)
            columns = zip(("kind", "pilot_from", "pilot_until", "test"), same, wanted, strict=True)
            for column in (name for name, old, new in columns if old != new):
                bad.add(path, line, Reason.DIFFERENT, column)
            continue
        parent = None
        if row.region:
            short = region_name(row.region, row.region)
            parent = regions.get(row.region.casefold()) or regions.get(short.casefold())
            if parent is None and short in REGIONS:
                parent = regions[short.casefold()] = _region(short)
            if parent is None:
                bad.add(path, line, Reason.REGION, row.region)
                continue
        accounts_services.create_organisation(
            code=row.code,
            name=row.name,
            kind=row.kind,
            parent=parent,
            actor=None,
            actor_kind="system",
            pilot_from=row.pilot_from,
            pilot_until=row.pilot_until,
            is_test=row.is_test,
        )
        made += 1
    return made


def _region(name: str) -> Organisation:
    return accounts_services.create_organisation(
        code=code_of(name),
        name=f"Region {name}",
        kind=OrganisationKind.REGION,
        parent=None,
        actor=None,
        actor_kind="system",
    )
