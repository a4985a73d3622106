"""People and organisations. A second call with the same e-mail or code gives the same row."""

from __future__ import annotations

from typing import Any

import factory
from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from vdx.accounts.enums import OrganisationKind, Role
from vdx.accounts.models import Membership, Organisation, User

PASSWORD = "rolig hest spiser havre"
TOTP_KEY = "3132333435363738393031323334353637383930"


class OrganisationFactory(factory.django.DjangoModelFactory[Organisation]):
    """A general practice without a parent."""

    class Meta:
        model = Organisation
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"praksis-{n}")
    name = factory.Sequence(lambda n: f"Lægehuset {n}")
    kind = OrganisationKind.GENERAL


class UserFactory(factory.django.DjangoModelFactory[User]):
    """Somebody who can log in with PASSWORD, without a role."""

    class Meta:
        model = User
        django_get_or_create = ("email",)
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.dk")
    name = factory.Sequence(lambda n: f"Person {n}")

    @factory.post_generation
    def password(self: Any, create: bool, extracted: str | None, **kwargs: Any) -> None:
        """``UserFactory(password="…")`` chooses another one."""
        if not self.password or extracted is not None:
            self.set_password(extracted or PASSWORD)
            if create:
                self.save()


class MembershipFactory(factory.django.DjangoModelFactory[Membership]):
    """A doctor of a practice."""

    class Meta:
        model = Membership
        django_get_or_create = ("user", "organisation", "role")

    user = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    role = Role.DOCTOR


def member(role: Role = Role.DOCTOR, organisation: Organisation | None = None, **user: Any) -> User:
    """Somebody with that role there (a new practice unless given)."""
    organisation = organisation or OrganisationFactory.create()
    return MembershipFactory.create(user=UserFactory.create(**user), organisation=organisation, role=role).user


def second_factor(user: User, key: str = TOTP_KEY) -> TOTPDevice:
    """An app that the person has enrolled; none of its codes has been used."""
    return TOTPDevice.objects.create(user=user, name="app", key=key, confirmed=True)


def code_now(device: TOTPDevice) -> str:
    """What the app shows now."""
    return f"{totp(device.bin_key):06d}"


def show_second_factor(client: Client, device: TOTPDevice) -> None:
    """Verify the client's login in its present session, as a right code does."""
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = device.persistent_id
    session.save()
