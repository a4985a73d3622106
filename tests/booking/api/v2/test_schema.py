"""The schema describes what is written, member by member, and its page loads from our own server alone."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings
from django.test import Client

from booking import services
from booking.api import access, queries
from booking.api.v2 import schema
from booking.api.v2.written import Writer
from booking.models import SchedulingTemplate
from tests.factories.accounts import OrganisationFactory
from tests.support.asgi import asked
from vdx.accounts import services as accounts
from vdx.accounts.callers import Caller
from vdx.accounts.enums import ApiRole
from vdx.lib import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def caller():
    organisation = OrganisationFactory.create(code="nord", pool_size=2)
    return Caller(organisation, "eva@nord.dk", (ApiRole.ADMIN,))


def book(caller, number=0):
    start = clock.now() + timedelta(days=1)
    return services.book(
        organisation=caller.organisation,
        organiser_email=caller.email,
        creator_email=caller.email,
        subject=f"{number}",
        start=start,
        end=start,
        actor=None,
        now=clock.now(),
        labels=["a"],
        additional_information=[("k", "v")],
    )


def members(serializer) -> list[str]:
    return list(serializer().get_fields())


def test_what_is_described_is_what_is_written_in_order(caller):
    writer = Writer("vdx.example", caller, clock.now())
    meeting = book(caller)
    template = SchedulingTemplate.objects.create(organisation=caller.organisation)
    assert list(writer.meeting(meeting)) == members(schema.Meeting)
    assert list(writer.room(access.room(caller, meeting.uuid))) == members(schema.SchedulingInfo)
    assert list(writer.template(template)) == members(schema.SchedulingTemplate)
    [pool] = queries.pools(caller, clock.now())
    assert list(writer.pool(pool)) == members(schema.PoolInfo)


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_does_not_depend_on_that_of_meetings(caller, count, django_assert_num_queries):
    for number in range(count):
        book(caller, number)
    creator = accounts.meeting_user(organisation=caller.organisation, email="p@nord.dk")
    template = SchedulingTemplate.objects.create(organisation=caller.organisation)
    for _ in range(count):
        services.add_pool_room(
            organisation_code="nord", template_id=template.pk, creator=creator, now=clock.now() - timedelta(minutes=1)
        )
    writer = Writer("vdx.example", caller, clock.now())
    with django_assert_num_queries(3):
        found = queries.meetings(caller, queries.Search(label="a"))
        assert len([writer.meeting(each) for each in found]) == count
    with django_assert_num_queries(4):
        rooms = queries.rooms_between(
            caller,
            since=clock.now(),
            until=clock.now() + timedelta(days=2),
            status="AWAITS_PROVISION",
            now=clock.now(),
        )
        assert len([writer.room(each) for each in rooms]) == count
    with django_assert_num_queries(4):
        [pool] = queries.pools(caller, clock.now())
        assert len(writer.pool(pool)["schedulingInfoList"]) == count


def test_the_schema_holds_every_address_and_is_for_everybody(client: Client):
    found = json.loads(client.get("/videoapi/v2/schema", headers={"Accept": "*/*"}).content)
    assert found["openapi"].startswith("3.")
    prefix = "/videoapi/v2"
    assert {f"{prefix}/{path}": methods for path, methods in EXPECTED.items()} == {
        path: sorted(operations) for path, operations in found["paths"].items()
    }
    for operations in found["paths"].values():
        for operation in operations.values():
            assert {"400", "401", "403", "406", "429"} <= set(operation["responses"])
            assert "Retry-After" in operation["responses"]["429"]["headers"]
            # A PATCH may change nothing, and still needs a body that says so: without one it is refused with 415.
            assert operation.get("requestBody", {"required": True})["required"] is True


EXPECTED = {
    "info": ["get"],
    "meetings": ["get", "post"],
    "meetings/findByUriWithDomain": ["get"],
    "meetings/findByUriWithoutDomain": ["get"],
    "meetings/{uuid}": ["delete", "get", "patch", "put"],
    "pool": ["get"],
    "scheduling-info": ["get", "post"],
    "scheduling-info/{uuid}": ["get", "put"],
    "scheduling-info-provision": ["get"],
    "scheduling-info-deprovision": ["get"],
    "scheduling-info-reserve": ["get"],
    "scheduling-info-reserve/{reservation_id}": ["get"],
    "scheduling-templates": ["get", "post"],
    "scheduling-templates/{template_id}": ["delete", "get", "put"],
}


def test_the_page_takes_everything_from_our_own_server(client: Client):
    page = client.get("/videoapi/v2/docs")
    assert page.status_code == 200
    text = page.content.decode()
    addresses = re.findall(r'(?:src|href|data-schema)="([^"]+)"', text)
    assert addresses
    assert all(address.startswith("/") and not address.startswith("//") for address in addresses)
    assert "<script>" not in text
    files = {address for address in addresses if address.startswith(settings.STATIC_URL)}
    assert files
    for address in files:
        assert async_to_sync(asked)(address).status == 200, address
    for address in set(addresses) - files:
        assert client.get(address, headers={"Accept": "*/*"}).status_code == 200, address
