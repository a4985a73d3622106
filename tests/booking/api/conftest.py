"""The hub as a process of its own, an identity provider beside it, and organisations to book for."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from django.conf import settings as django_settings

from tests.support.calls import Client
from tests.support.identity import IdentityProvider
from tests.support.servers import HubServer

ORGANISATIONS = """
from booking import services as booking
from booking.models import SchedulingTemplate
from vdx.accounts.models import Organisation
from vdx.lib import clock

def make(code, parent=None, **fields):
    return Organisation.objects.create(code=code, name=code, parent=parent, **fields)

top = make("top")
home = make("home", top, allow_custom_uri_without_domain=True)
below = make("below", home)
other = make("other", top)
outside = make("outside", top, outside_provisioner=True)
pooled = make("pooled", top, pool_size=3)
outside_pooled = make("outside-pooled", top, pool_size=3, outside_provisioner=True)
under_pool = make("under-pool", pooled)
empty_pool = make("empty-pool", top, pool_size=1, outside_provisioner=True)
overflow = make("overflow", top, pool_size=2, outside_provisioner=True)
"""


@dataclass(frozen=True)
class World:
    """The hub, who issues tokens, and somebody of each role."""

    hub: HubServer
    idp: IdentityProvider

    def client(self, *roles: str, organisation: str | None = "home", email: str | None = "eva@klak.dk", **claims: Any):
        """Somebody with these roles (``meeting-`` is added)."""
        names = tuple(f"meeting-{role}" for role in roles)
        return Client(self.hub.url, self.idp.token(organisation, email, names, **claims))

    def run(self, code: str) -> Any:
        """Python in the hub, which gives its ``answer`` back."""
        return json.loads(self.hub.shell(f"import json\nanswer = None\n{code}\nprint(json.dumps(answer, default=str))"))


@pytest.fixture(scope="session")
def world() -> Iterator[World]:
    with IdentityProvider() as idp:
        settings = {
            "VDX_API_ISSUER": idp.issuer,
            "VDX_API_RATE": "100000",
            "VDX_API_ALLOWED_ORIGINS": "https://journal.example.dk",
            "VDX_POOL_MINIMUM_AGE_SECONDS": "0",
            "VDX_POOL_OVERFLOW_ORGANISATION": "overflow",
            "VDX_POOL_FILL_DISABLED": "1",
        }
        # On PostgreSQL and Redis where the tests run on them.
        start = HubServer.service if django_settings.VDX_REDIS_URL else HubServer.embedded
        with start(environment=settings) as hub:
            hub.shell(ORGANISATIONS)
            yield World(hub, idp)


@pytest.fixture(scope="session")
def admin(world: World) -> Client:
    return world.client("admin")


@pytest.fixture(scope="session")
def planner(world: World) -> Client:
    return world.client("planner")


@pytest.fixture(scope="session")
def user(world: World) -> Client:
    return world.client("user")


@pytest.fixture(scope="session")
def provisioner(world: World) -> Client:
    return world.client("provisioner-user", email="machine@klak.dk")


_numbers = count(1)


def moment(**ahead: float) -> str:
    """A time from now, as clients write it."""
    return (datetime.now(UTC) + timedelta(**ahead)).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.fixture(scope="session")
def body() -> Callable[..., dict[str, Any]]:
    """A booking for tomorrow; ``body(label="x")`` adds members, None leaves one out."""

    def make(**members: Any) -> dict[str, Any]:
        usual = {
            "subject": f"Møde {next(_numbers)}",
            "startTime": moment(days=1),
            "endTime": moment(days=1, minutes=30),
        }
        return {name: value for name, value in {**usual, **members}.items() if value is not ...}

    return make
