"""Demo data: made-up organisations and people, to try the hub with. Never in service (vdx.E003).

Everybody shares one password, drawn at the first start and kept in ``var/secrets.json``; nobody's second factor is
drawn twice. Telephone numbers and names are invented; the e-mail addresses cannot exist (RFC 2606).
"""

from __future__ import annotations

import time
from binascii import unhexlify
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from booking import services as booking
from vdx.accounts import services as accounts
from vdx.accounts.enums import SECOND_FACTOR_ROLES, OrganisationKind, Role
from vdx.accounts.models import Organisation, User
from vdx.accounts.services.second_factor import draw_key
from vdx.lib import ids
from vdx.lib.localsecrets import local_secret

ROOT = "medcom"


@dataclass(frozen=True)
class DemoOrganisation:
    """An organisation of the demo; ``parent`` is a code."""

    code: str
    name: str
    kind: str
    parent: str | None
    phone: str = ""


@dataclass(frozen=True)
class DemoUser:
    """Somebody of the demo, and what to try as them."""

    email: str
    name: str
    role: Role
    organisation: str
    tries: str


@dataclass(frozen=True)
class Login:
    """What to type to come in. ``code`` is empty for who has no second factor."""

    user: DemoUser
    password: str
    code: str


ORGANISATIONS = [
    DemoOrganisation(ROOT, "MedCom", "", None),
    DemoOrganisation("region-hovedstaden", "Region Hovedstaden", OrganisationKind.REGION, ROOT),
    DemoOrganisation("region-sjaelland", "Region Sjælland", OrganisationKind.REGION, ROOT),
    DemoOrganisation("region-syddanmark", "Region Syddanmark", OrganisationKind.REGION, ROOT),
    DemoOrganisation("region-midtjylland", "Region Midtjylland", OrganisationKind.REGION, ROOT),
    DemoOrganisation("region-nordjylland", "Region Nordjylland", OrganisationKind.REGION, ROOT),
    DemoOrganisation(
        "laegehuset-nord", "Lægehuset Nord", OrganisationKind.GENERAL, "region-nordjylland", "00 00 00 01"
    ),
    DemoOrganisation(
        "hudklinikken-odense", "Hudklinikken Odense", OrganisationKind.SPECIALIST, "region-syddanmark", "00 00 00 02"
    ),
    DemoOrganisation("laegerne-aagade", "Lægerne Ågade", OrganisationKind.GENERAL, "region-hovedstaden", "00 00 00 03"),
    DemoOrganisation(
        "laegehuset-roskilde", "Lægehuset Roskilde", OrganisationKind.GENERAL, "region-sjaelland", "00 00 00 04"
    ),
    DemoOrganisation(
        "oerelaegen-aarhus", "Ørelægen Aarhus", OrganisationKind.SPECIALIST, "region-midtjylland", "00 00 00 05"
    ),
]

DOCTOR = DemoUser("laege@demo.invalid", "Hanne Holm", Role.DOCTOR, "laegehuset-nord", "læge: Min dag, og tryk Start nu")
SECRETARY = DemoUser(
    "sekretaer@demo.invalid", "Susanne Skov", Role.SECRETARY, "laegehuset-nord", "sekretær: book for en læge"
)
USERS = [
    DOCTOR,
    DemoUser("laege2@demo.invalid", "Lars Lund", Role.DOCTOR, "laegehuset-nord", "læge i samme praksis"),
    SECRETARY,
    DemoUser("hudlaege@demo.invalid", "Helle Højer", Role.DOCTOR, "hudklinikken-odense", "speciallæge et andet sted"),
    DemoUser("admin@demo.invalid", "Anders Aagaard", Role.ADMINISTRATOR, "laegehuset-nord", "praksis' brugere"),
    DemoUser("region@demo.invalid", "Rikke Ravn", Role.ADMINISTRATOR, "region-nordjylland", "regionens tal og brugere"),
    DemoUser("medcom@demo.invalid", "Mette Mortensen", Role.MEDCOM, ROOT, "alle tal, og administrationen"),
    DemoUser("forsker@demo.invalid", "Frederik Friis", Role.RESEARCHER, ROOT, "forsker"),
]


def password() -> str:
    """The password that the demo users share."""
    return local_secret(settings.VAR_DIR, "demo_password", lambda: ids.spoken_short_id(ids.short_id()))


@transaction.atomic
def make(*, now: datetime) -> bool:
    """Make what is missing; whether anything was. Raises ``ImproperlyConfigured`` outside an embedded hub."""
    if not settings.VDX_EMBEDDED:
        raise ImproperlyConfigured(
            "Demodata hører til i den indbyggede database alene, og VDX_DATABASE_URL peger på en anden."
        )
    known = set(User.objects.filter(is_demo=True).values_list("email", flat=True))
    missing = [person for person in USERS if person.email not in known]
    if not missing:
        return False
    organisations = _organisations(now)
    shared = password()
    for person in missing:
        user = accounts.create_user(email=person.email, name=person.name, password=shared, actor=None, is_demo=True)
        accounts.add_membership(
            user=user, organisation=organisations[person.organisation], role=person.role, actor=None, now=now
        )
        if person.role in SECOND_FACTOR_ROLES:
            key = draw_key()
            accounts.enrol_totp(user=user, key=key, code=_code(key, step=0))
    if DOCTOR in missing:
        _meetings(organisations[DOCTOR.organisation], now)
    return True


def logins() -> list[Login]:
    """What to type now, for each demo user that is there. The codes are good for half a minute at least."""
    devices = {
        device.user.email: device
        for device in TOTPDevice.objects.filter(user__is_demo=True, confirmed=True).select_related("user")
    }
    there = set(User.objects.filter(is_demo=True, is_active=True).values_list("email", flat=True))
    return [
        Login(person, password(), _next_code(devices[person.email]) if person.email in devices else "")
        for person in USERS
        if person.email in there
    ]


def _organisations(now: datetime) -> dict[str, Organisation]:
    found = {row.code: row for row in Organisation.objects.filter(code__in=[each.code for each in ORGANISATIONS])}
    for each in ORGANISATIONS:
        if each.code in found:
            continue
        is_practice = each.kind in {OrganisationKind.GENERAL, OrganisationKind.SPECIALIST}
        found[each.code] = accounts.create_organisation(
            code=each.code,
            name=each.name,
            kind=each.kind,
            parent=found[each.parent] if each.parent else None,
            actor=None,
            phone=each.phone,
            pilot_from=now.date().replace(month=1, day=1) if is_practice else None,
        )
    return found


def _meetings(organisation: Organisation, now: datetime) -> None:
    """Two meetings for the first look at the doctor's day: one that is about to begin, and one later."""
    quarter = now.replace(minute=now.minute - now.minute % 15, second=0, microsecond=0)
    for start, minutes, subject in [
        (quarter + timedelta(minutes=15), 15, "Opfølgning"),
        (quarter + timedelta(minutes=60), 15, "Svar på prøver"),
    ]:
        booking.book(
            organisation=organisation,
            organiser_email=DOCTOR.email,
            creator_email=SECRETARY.email,
            subject=subject,
            start=start,
            end=start + timedelta(minutes=minutes),
            actor=User.objects.get(email=SECRETARY.email),
            now=now,
        )


def _code(key: str, *, step: int) -> str:
    generator = TOTP(unhexlify(key))
    generator.time = time.time() + step * generator.step
    return f"{generator.token():06d}"


def _next_code(device: TOTPDevice) -> str:
    """The present code, or the next one where the present one has been used."""
    generator = TOTP(device.bin_key, device.step, device.t0, device.digits)
    generator.time = time.time()
    step = max(0, device.last_t + 1 - generator.t())
    return _code(device.key, step=step)
