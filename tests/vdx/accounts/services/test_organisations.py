"""Organisations: made, changed, moved."""

from __future__ import annotations

import pytest

from tests.factories.accounts import OrganisationFactory, member
from vdx.accounts import services
from vdx.accounts.enums import OrganisationKind, Role
from vdx.accounts.errors import TreeLoop
from vdx.accounts.models import AuditEntry, Organisation
from vdx.lib.errors import InvalidInput, NotAllowed

pytestmark = [pytest.mark.django_db, pytest.mark.service]


def test_the_code_may_be_long_and_hold_a_slash_and_the_kind_be_unknown() -> None:
    code = "a/" + "b" * 248
    organisation = services.create_organisation(code=code, name="Navn", kind="", parent=None, actor=None)
    assert Organisation.objects.get(code=code) == organisation
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.organisation, entry.actor_kind) == ("organisation.create", organisation, "system")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"code": ""}, "code"),
        ({"code": "x" * 251}, "code"),
        ({"name": ""}, "name"),
        ({"kind": "circus"}, "kind"),
        ({"ydernummer": "12a"}, "ydernummer"),
    ],
)
def test_what_cannot_be_used_is_refused(fields: dict[str, str], field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        services.create_organisation(**{"code": "x", "name": "X", "kind": "", "parent": None, "actor": None} | fields)
    assert refusal.value.field == field
    assert not Organisation.objects.exists()


def test_a_code_is_given_once() -> None:
    OrganisationFactory.create(code="taget")
    with pytest.raises(InvalidInput):
        services.create_organisation(code="taget", name="X", kind="", parent=None, actor=None)


def test_an_organisation_cannot_stand_below_itself() -> None:
    above = OrganisationFactory.create()
    below = OrganisationFactory.create(parent=OrganisationFactory.create(parent=above))
    for parent in (above, below):
        with pytest.raises(TreeLoop):
            services.update_organisation(organisation=above, parent=parent, actor=None)
    above.refresh_from_db()
    assert above.parent is None


def test_only_medcom_writes() -> None:
    organisation = OrganisationFactory.create()
    administrator = member(Role.ADMINISTRATOR, organisation)
    region = OrganisationFactory.create(kind=OrganisationKind.REGION)
    with pytest.raises(NotAllowed):
        services.create_organisation(code="x", name="X", kind="", parent=organisation, actor=administrator)
    with pytest.raises(NotAllowed):
        services.update_organisation(organisation=organisation, name="X", actor=administrator)
    with pytest.raises(NotAllowed):
        services.set_region_period(
            organisation=organisation, region=region, valid_from=None, valid_until=None, actor=administrator
        )
    with pytest.raises(NotAllowed):
        services.create_user(email="x@example.dk", name="X", actor=administrator)


def test_a_name_tag_is_kept_as_it_was_written() -> None:
    practice = OrganisationFactory.create()
    tag = services.meeting_user(organisation=practice, email="Dr.Ø@Example.dk")
    assert tag.email == "Dr.Ø@Example.dk"
    assert services.meeting_user(organisation=practice, email="dr.Ø@EXAMPLE.dk") == tag
    assert services.meeting_user(organisation=OrganisationFactory.create(), email=tag.email) != tag
