"""A check of our own: what fits the schema is refused by the contract's rules alone, never as unreadable."""

from __future__ import annotations

from typing import Any

import schemathesis
from schemathesis.generation import GenerationMode


@schemathesis.check
def only_rules_refuse_what_fits(ctx: Any, response: Any, case: Any) -> None:
    """A 400 to what fits has a code, and not that of input which does not fit; a 406 has one too."""
    if (
        case.meta is None
        or case.meta.generation.mode != GenerationMode.POSITIVE
        or response.status_code not in {400, 406}
    ):
        return
    body = response.json()
    code = body.get("detailed_error_code")
    if code == "10" and "civil registration number" in body["detailed_error"]:
        return
    if code in {None, "10"}:
        raise AssertionError(f"what fits the schema was refused as unreadable: {body}")
