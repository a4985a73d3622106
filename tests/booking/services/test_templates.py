"""Which template a room is made from, and how templates are kept."""

from __future__ import annotations

import pytest
from django.utils import timezone

from booking import services
from booking.errors import PoolTemplateExists
from booking.models import SchedulingTemplate
from tests.factories.accounts import OrganisationFactory, member
from tests.factories.booking import book_meeting
from vdx.accounts.enums import Role
from vdx.accounts.models import AuditEntry
from vdx.lib import clock

pytestmark = [pytest.mark.django_db, pytest.mark.service]


@pytest.fixture
def tree():
    """region > practice > unit, with a neighbour."""
    region = OrganisationFactory.create()
    practice = OrganisationFactory.create(parent=region)
    return {
        "region": region,
        "practice": practice,
        "unit": OrganisationFactory.create(parent=practice),
        "neighbour": OrganisationFactory.create(parent=region),
    }


def template(organisation, **fields):
    return SchedulingTemplate.objects.create(organisation=organisation, **fields)


def chosen(organisation, template_id=None):
    return services.template_for(organisation=organisation, template_id=template_id, now=clock.now())


def test_the_one_asked_for_goes_first_if_it_is_the_organisations_own(tree):
    template(tree["unit"], is_default_template=True)
    asked = template(tree["unit"])

    assert chosen(tree["unit"], asked.pk) == asked


@pytest.mark.parametrize("owner", ["practice", "neighbour"])
def test_one_of_another_organisation_is_passed_over_in_silence(tree, owner):
    default = template(tree["unit"], is_default_template=True)
    other = template(tree[owner])

    assert chosen(tree["unit"], other.pk) == default


def test_one_that_is_deleted_or_unknown_is_passed_over_in_silence(tree):
    default = template(tree["unit"], is_default_template=True)
    deleted = template(tree["unit"], deleted_time=timezone.now())

    assert chosen(tree["unit"], deleted.pk) == default
    assert chosen(tree["unit"], 999_999) == default


def test_else_the_nearest_default_above(tree):
    template(tree["region"], is_default_template=True)
    nearest = template(tree["practice"], is_default_template=True)
    template(tree["neighbour"], is_default_template=True)
    template(tree["unit"])

    assert chosen(tree["unit"]) == nearest


def test_else_the_shipped_national_one(tree):
    assert chosen(tree["unit"]) == SchedulingTemplate.objects.get(organisation=None)


def test_else_the_national_one_is_made_anew(tree):
    SchedulingTemplate.objects.all().delete()

    made = chosen(tree["unit"])

    assert (made.organisation, made.vmr_available_before, made.open_after_minutes) == (None, 15, 15)
    assert (made.max_participants, made.end_meeting_on_end_time, made.direct_media) == (6, False, "best_effort")
    assert chosen(tree["unit"]) == made


def test_a_room_copies_its_template():
    practice = OrganisationFactory.create()
    template(
        practice, is_default_template=True, vmr_available_before=5, open_after_minutes=0, max_participants=3,
        host_view="four_mains_zero_pips",
    )  # fmt: skip

    meeting = book_meeting(organisation=practice)

    assert (meeting.start_time - meeting.room.opens_at).total_seconds() == 300
    assert meeting.room.closes_at == meeting.end_time
    assert (meeting.room.max_participants, meeting.room.host_view) == (3, "four_mains_zero_pips")


def test_a_new_default_takes_the_old_ones_place():
    practice = OrganisationFactory.create()
    old = template(practice, is_default_template=True)
    new = SchedulingTemplate(organisation=practice, is_default_template=True)
    medcom = member(Role.MEDCOM)

    services.save_template(template=new, actor=medcom, now=clock.now())

    old.refresh_from_db()
    assert (old.is_default_template, new.is_default_template) == (False, True)
    assert AuditEntry.objects.get(action="template.created").actor == medcom


def test_a_second_pool_template_is_refused_and_the_first_can_be_saved_again():
    practice = OrganisationFactory.create()
    first = template(practice, is_pool_template=True)
    medcom = member(Role.MEDCOM)

    services.save_template(template=first, actor=medcom, now=clock.now())
    with pytest.raises(PoolTemplateExists) as refusal:
        services.save_template(
            template=SchedulingTemplate(organisation=practice, is_pool_template=True), actor=medcom, now=clock.now()
        )

    assert refusal.value.vdx_api == 18


def test_a_deleted_template_is_out_of_use_and_its_rooms_go_on():
    practice = OrganisationFactory.create()
    own = template(practice, is_default_template=True, max_participants=3)
    meeting = book_meeting(organisation=practice)

    services.delete_template(template_id=own.pk, actor=member(Role.MEDCOM), now=clock.now())

    assert chosen(practice).organisation is None
    meeting.room.refresh_from_db()
    assert meeting.room.max_participants == 3
