"""The ways between the pages of how it went: who is shown which."""

from __future__ import annotations

from typing import Any

from django import template

from vdx.accounts.enums import OrganisationKind, Role

register = template.Library()


@register.inclusion_tag("monitoring/_nav.html", takes_context=True)
def monitoring_nav(context: dict[str, Any], here: str) -> dict[str, Any]:
    """Links to the pages that the person who is logged in may see; ``here`` names the one that is shown.

    Takes the roles that the page's head has asked for already: no query of its own. What the links lead to is
    guarded by each page itself.
    """
    roles = list(context["shell"]["roles"])
    administered = [held for held in roles if held.role == Role.ADMINISTRATOR]
    return {
        "here": here,
        "medcom": any(held.role == Role.MEDCOM for held in roles),
        "region": any(held.organisation.kind == OrganisationKind.REGION for held in administered),
        "administrator": bool(administered),
    }
