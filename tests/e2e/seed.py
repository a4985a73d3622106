"""Fills a hub's database with the people of the browser tests, and prints what is needed to log in as them.

Run as a program of its own, in the hub's environment, so that the tests use the database of neither set-up
themselves: ``python -m tests.e2e.seed`` prints one JSON object.
"""

from __future__ import annotations

import json
import os
import secrets
from base64 import b32encode
from binascii import unhexlify
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pyotp

if TYPE_CHECKING:
    from vdx.accounts.models import Organisation


@dataclass(frozen=True)
class Person:
    """A login. ``totp_key`` is the shared secret in hexadecimal digits, empty for who has no second factor."""

    email: str
    name: str
    password: str
    totp_key: str = ""


def totp(key: str) -> pyotp.TOTP:
    """The code generator for a key in hexadecimal digits (RFC 6238, as in an app)."""
    return pyotp.TOTP(b32encode(unhexlify(key)).decode())


def seed() -> dict[str, object]:
    """Make the organisations and people, through the same services as the portal."""
    from vdx.accounts import services
    from vdx.accounts.enums import OrganisationKind, Role
    from vdx.lib import clock

    now = clock.now()

    def organisation(code: str, name: str, kind: str, parent: Organisation | None, **fields: object) -> Organisation:
        return services.create_organisation(code=code, name=name, kind=kind, parent=parent, actor=None, **fields)

    medcom = organisation("medcom", "MedCom", "", None)
    north = organisation("region-nordjylland", "Region Nordjylland", OrganisationKind.REGION, medcom)
    south = organisation("region-syddanmark", "Region Syddanmark", OrganisationKind.REGION, medcom)
    practice = organisation(
        "laegehuset-nord",
        "Lægehuset Nord",
        OrganisationKind.GENERAL,
        north,
        phone="00 00 00 01",
        pilot_from=date(2019, 6, 1),
    )
    stranger = organisation("hudklinikken", "Hudklinikken Odense", OrganisationKind.SPECIALIST, south)

    def person(local: str, name: str, place: Organisation, role: Role, *, second_factor: bool = False) -> Person:
        password = secrets.token_urlsafe(12)
        user = services.create_user(email=f"{local}@test.invalid", name=name, password=password, actor=None)
        services.add_membership(user=user, organisation=place, role=role, actor=None, now=now)
        key = ""
        if second_factor:
            key = services.draw_key()
            # The code of the half minute before: the present one is left for the test, since no code is good twice.
            earlier = totp(key).at(datetime.now(UTC), counter_offset=-1)
            services.enrol_totp(user=user, key=key, code=earlier)
        return Person(user.email, name, password, key)

    people = {
        "doctor": person("laege", "Anne Holm", practice, Role.DOCTOR),
        "secretary": person("sekretaer", "Bo Lund", practice, Role.SECRETARY),
        "stranger": person("fremmed", "Carl Dam", stranger, Role.DOCTOR),
        "administrator": person("leder", "Dorte Vad", practice, Role.ADMINISTRATOR, second_factor=True),
        "medcom": person("medcom", "Eva Krog", medcom, Role.MEDCOM, second_factor=True),
        "researcher": person("forsker", "Frida Lind", medcom, Role.RESEARCHER, second_factor=True),
    }
    return {name: asdict(who) for name, who in people.items()}


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vdx.settings")
    import django

    django.setup()
    print(json.dumps(seed()))
