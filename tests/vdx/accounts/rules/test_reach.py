"""How far an administrator's hand reaches."""

from __future__ import annotations

import pytest

from vdx.accounts.rules.reach import Reach

MEDCOM = Reach(is_medcom=True, organisation_ids=())
ADMINISTRATOR = Reach(is_medcom=False, organisation_ids={1, 2})


@pytest.mark.parametrize(
    ("role", "organisation", "allowed"),
    [
        ("administrator", 1, True),
        ("doctor", 2, True),
        ("secretary", 1, True),
        ("doctor", 3, False),
        ("medcom", 1, False),
        ("researcher", 1, False),
    ],
)
def test_roles_that_may_be_given(role: str, organisation: int, allowed: bool) -> None:
    assert ADMINISTRATOR.may_give(role, organisation) is allowed
    assert MEDCOM.may_give(role, organisation)


@pytest.mark.parametrize(
    ("held", "allowed"),
    [
        ([("doctor", 1)], True),
        ([("doctor", 1), ("administrator", 2)], True),
        ([("doctor", 1), ("doctor", 3)], False),  # also works elsewhere
        ([("doctor", 1), ("researcher", 1)], False),
        ([], False),  # nobody's but MedCom's
    ],
)
def test_accounts_that_may_be_managed(held: list[tuple[str, int]], allowed: bool) -> None:
    assert ADMINISTRATOR.may_manage(iter(held)) is allowed
    assert MEDCOM.may_manage(iter(held))
