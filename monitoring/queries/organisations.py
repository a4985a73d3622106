"""Organisations, as the statistics show and count them."""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps

from monitoring.rules.statistics import Node
from vdx.accounts.enums import PRACTICE_KINDS, OrganisationKind


@dataclass(frozen=True)
class Place:
    """A practice or region as it is shown."""

    pk: int
    code: str
    name: str
    is_region: bool
    kind: str = ""
    # There for testing only; what lies below it is so too (rules/statistics.py).
    is_test: bool = False


def organisations() -> tuple[dict[int, Place], dict[int, Node]]:
    """Every organisation as it is shown and as it is counted. One query."""
    rows = list(
        apps.get_model("accounts.Organisation").objects.values(
            "pk", "parent_id", "kind", "code", "name", "is_test", "pilot_from", "pilot_until"
        )
    )
    places = {
        row["pk"]: Place(
            row["pk"], row["code"], row["name"], row["kind"] == OrganisationKind.REGION, row["kind"], row["is_test"]
        )
        for row in rows
    }
    nodes = {
        row["pk"]: Node(
            row["pk"],
            row["parent_id"],
            row["kind"] in PRACTICE_KINDS,
            row["is_test"],
            row["pilot_from"],
            row["pilot_until"],
        )
        for row in rows
    }
    return places, nodes
