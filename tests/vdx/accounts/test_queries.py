"""The organisation tree, asked in a fixed number of queries."""

from __future__ import annotations

from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.factories.accounts import MembershipFactory, OrganisationFactory, UserFactory, member
from vdx.accounts import queries
from vdx.accounts.enums import OrganisationKind, Role
from vdx.accounts.models import Organisation, RegionPeriod
from vdx.lib import clock

pytestmark = [pytest.mark.django_db, pytest.mark.service]


@pytest.fixture
def tree() -> dict[str, Organisation]:
    """root > north, south (regions); north > practice > unit."""
    root = OrganisationFactory.create(code="root", kind="")
    north = OrganisationFactory.create(code="north", kind=OrganisationKind.REGION, parent=root)
    south = OrganisationFactory.create(code="south", kind=OrganisationKind.REGION, parent=root)
    practice = OrganisationFactory.create(code="practice", parent=north)
    unit = OrganisationFactory.create(code="practice/unit", kind="", parent=practice)
    return {"root": root, "north": north, "south": south, "practice": practice, "unit": unit}


def test_descendants_with_themselves_in_one_query(
    tree: dict[str, Organisation], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        assert queries.descendant_ids([tree["north"].pk]) == {tree[n].pk for n in ("north", "practice", "unit")}
    with django_assert_num_queries(1):
        assert queries.descendant_ids([tree["root"].pk, tree["unit"].pk]) == {row.pk for row in tree.values()}
    with django_assert_num_queries(0):
        assert queries.descendant_ids([]) == set()


def test_ancestors_from_itself_to_the_root(
    tree: dict[str, Organisation], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        assert queries.ancestors(tree["unit"]) == [tree[n] for n in ("unit", "practice", "north", "root")]
    with django_assert_num_queries(0):
        assert queries.ancestors(tree["root"]) == [tree["root"]]


def test_a_loop_in_the_table_ends(tree: dict[str, Organisation]) -> None:
    Organisation.objects.filter(pk=tree["root"].pk).update(parent=tree["unit"])
    assert queries.descendant_ids([tree["north"].pk]) == {row.pk for row in tree.values()}
    assert len(queries.ancestors(tree["unit"])) <= 51


def test_regions_by_date_in_a_fixed_number_of_queries_however_many(
    tree: dict[str, Organisation], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    RegionPeriod.objects.create(organisation=tree["practice"], region=tree["south"], valid_until=date(2026, 1, 31))
    before, after = date(2026, 1, 31), date(2026, 2, 1)
    with django_assert_num_queries(2):
        assert queries.regions_for_calls([(tree["practice"].pk, before)]) == {
            (tree["practice"].pk, before): tree["south"]
        }
    with django_assert_num_queries(2):
        assert queries.regions_for_calls(
            [(tree["unit"].pk, before), (tree["practice"].pk, after), (tree["root"].pk, after)]
        ) == {
            (tree["unit"].pk, before): tree["south"],
            (tree["practice"].pk, after): tree["north"],
            (tree["root"].pk, after): None,
        }
    assert queries.region_on([tree["practice"].pk], after) == {tree["practice"].pk: tree["north"]}


def test_clinicians_are_active_people_with_an_active_clinical_role() -> None:
    here = OrganisationFactory.create()
    doctor = member(Role.DOCTOR, here, name="Berg")
    secretary = member(Role.SECRETARY, here, name="Alm")
    MembershipFactory.create(user=doctor, organisation=here, role=Role.SECRETARY)
    member(Role.ADMINISTRATOR, here)
    member(Role.DOCTOR)
    member(Role.DOCTOR, here, is_active=False)
    MembershipFactory.create(user=UserFactory.create(), organisation=here, ended_at=clock.now())
    assert queries.clinicians([here.pk]) == [secretary, doctor]
    assert queries.clinicians([here.pk], Role.DOCTOR) == [doctor]
    assert queries.clinicians([]) == []
