"""Booking in the administration."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from booking.models import MeetingTombstone, SchedulingTemplate
from tests.factories.accounts import OrganisationFactory, member, second_factor, show_second_factor
from tests.factories.booking import book_meeting
from vdx.accounts.enums import Role
from vdx.accounts.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def medcom():
    return member(Role.MEDCOM)


@pytest.fixture
def browser(medcom) -> Client:
    """MedCom's, with the second factor shown."""
    client = Client()
    client.force_login(medcom)
    show_second_factor(client, second_factor(medcom))
    return client


def filled(template: SchedulingTemplate, **changes):
    """The template's form as a browser sends it back."""
    names = [field.name for field in SchedulingTemplate._meta.fields]
    values = {name: getattr(template, f"{name}_id" if name == "organisation" else name) for name in names}
    return {name: value for name, value in (values | changes).items() if value is not None and value is not False}


def test_a_meeting_is_seen_without_texts_link_or_people(browser):
    meeting = book_meeting(subject="Hemmeligt", description="Også hemmeligt", project_code="HEM", guest_pin=4711)

    for page in (
        browser.get(reverse("admin:booking_meeting_changelist")),
        browser.get(reverse("admin:booking_meeting_change", args=[meeting.pk])),
    ):
        assert page.status_code == 200
        text = page.content.decode()
        assert meeting.organisation.name in text
        for secret in ("emmeligt", "HEM", "4711", meeting.short_id, meeting.organized_by.email):
            assert secret not in text


@pytest.mark.parametrize("action", ["change", "delete"])
def test_a_meeting_is_not_changed_there(browser, action):
    meeting = book_meeting()

    response = browser.post(reverse(f"admin:booking_meeting_{action}", args=[meeting.pk]), {"outcome": "cancelled"})

    assert response.status_code == 403
    meeting.refresh_from_db()
    assert meeting.outcome == ""


def looks(actor):
    found = AuditEntry.objects.filter(action__startswith="admin.", actor=actor).order_by("pk")
    return list(found.values_list("action", "target_type", "target_id"))


def test_each_look_is_written_down(browser, medcom):
    meeting = book_meeting()
    stone = MeetingTombstone.objects.create(
        organisation=meeting.organisation, start_time=meeting.start_time, end_time=meeting.end_time,
        created_time=meeting.created_time,
    )  # fmt: skip
    template = SchedulingTemplate.objects.get(organisation=None)

    for row in (meeting, stone, template):
        browser.get(reverse(f"admin:booking_{row._meta.model_name}_changelist"))
        browser.get(reverse(f"admin:booking_{row._meta.model_name}_change", args=[row.pk]))
        browser.get(reverse(f"admin:booking_{row._meta.model_name}_change", args=[row.pk + 1000]))

    assert looks(medcom) == [
        (action, row._meta.label, target)
        for row in (meeting, stone, template)
        for action, target in (("admin.list", ""), ("admin.view", str(row.pk)))
    ]


def test_the_admin_keeps_no_log_of_its_own_beside_the_audit(browser):
    practice = OrganisationFactory.create()
    new = filled(SchedulingTemplate(organisation=practice))

    browser.post(reverse("admin:booking_schedulingtemplate_add"), new)
    template = SchedulingTemplate.objects.get(organisation=practice)
    browser.post(reverse("admin:booking_schedulingtemplate_change", args=[template.pk]), new | {"max_participants": 4})
    browser.post(reverse("admin:booking_schedulingtemplate_delete", args=[template.pk]), {"post": "yes"})

    written = AuditEntry.objects.filter(action__startswith="template.").order_by("pk")
    assert len(written) == 3
    assert not LogEntry.objects.exists()


def test_a_template_is_changed_by_the_service(browser, medcom):
    template = SchedulingTemplate.objects.get(organisation=None)
    address = reverse("admin:booking_schedulingtemplate_change", args=[template.pk])

    response = browser.post(address, filled(template, open_after_minutes=20))

    assert response.status_code == 302, response.context["errors"]
    template.refresh_from_db()
    assert template.open_after_minutes == 20
    assert AuditEntry.objects.get(action="template.changed").actor == medcom


def test_a_new_default_takes_the_old_ones_place(browser):
    practice = OrganisationFactory.create()
    old = SchedulingTemplate.objects.create(organisation=practice, is_default_template=True)
    new = SchedulingTemplate(organisation=practice, is_default_template=True)

    response = browser.post(reverse("admin:booking_schedulingtemplate_add"), filled(new))

    assert response.status_code == 302, response.context["errors"]
    old.refresh_from_db()
    assert old.is_default_template is False
    assert SchedulingTemplate.objects.filter(organisation=practice, is_default_template=True).count() == 1


def test_a_second_pool_template_and_an_empty_range_are_explained(browser):
    practice = OrganisationFactory.create()
    SchedulingTemplate.objects.create(organisation=practice, is_pool_template=True)
    new = SchedulingTemplate(organisation=practice, is_pool_template=True, guest_pin_required=True)

    response = browser.post(reverse("admin:booking_schedulingtemplate_add"), filled(new))

    assert sorted(response.context["adminform"].form.errors) == ["guest_pin_range_low", "is_pool_template"]


def test_a_deleted_template_is_kept_out_of_use(browser):
    template = SchedulingTemplate.objects.create(organisation=OrganisationFactory.create())

    browser.post(reverse("admin:booking_schedulingtemplate_delete", args=[template.pk]), {"post": "yes"})

    template.refresh_from_db()
    assert template.deleted_time is not None
    page = browser.get(reverse("admin:booking_schedulingtemplate_changelist"))
    assert list(page.context["cl"].queryset.values_list("organisation", flat=True)) == [None]
