"""The portal's menu: what a person's roles can use, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.urls import resolve

from vdx.accounts import services
from vdx.accounts.enums import OrganisationKind, Role
from vdx.context import shell

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


def labels(*roles: Role, path: str = "/sundhed/levende") -> list[tuple[str, bool]]:
    practice = services.create_organisation(
        code="nord", name="Nord", kind=OrganisationKind.GENERAL, parent=None, actor=None
    )
    request = RequestFactory().get(path)
    request.user = services.create_user(email="a@example.dk", name="A", actor=None)
    request.resolver_match = resolve(path)
    for role in roles:
        services.add_membership(user=request.user, organisation=practice, role=role, actor=None, now=NOW)
    return [(item["label"], item["current"]) for item in shell(request)["shell"]["menu"]]


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        ([], ["Min profil"]),
        (
            [Role.DOCTOR],
            ["Min dag", "Venteværelse", "Faste møderum", "Statistik", "Resultater", "Kom i gang", "Min profil"],
        ),
        (
            [Role.SECRETARY],
            ["Min dag", "Venteværelse", "Faste møderum", "Statistik", "Resultater", "Kom i gang", "Min profil"],
        ),
        ([Role.ADMINISTRATOR], ["Faste møderum", "Statistik", "Resultater", "Kom i gang", "Brugere", "Min profil"]),
        (
            [Role.MEDCOM],
            ["Faste møderum", "Statistik", "Resultater", "Kom i gang", "Brugere", "Administration", "Min profil"],
        ),
        ([Role.RESEARCHER], ["Resultater", "Data til forskning", "Min profil"]),
        (
            [Role.DOCTOR, Role.ADMINISTRATOR],
            [
                "Min dag",
                "Venteværelse",
                "Faste møderum",
                "Statistik",
                "Resultater",
                "Kom i gang",
                "Brugere",
                "Min profil",
            ],
        ),
    ],
)
def test_the_menu_follows_the_roles(roles: list[Role], expected: list[str]) -> None:
    assert labels(*roles) == [(label, False) for label in expected]


def test_the_page_one_is_on_is_marked() -> None:
    rest = [
        ("Venteværelse", False),
        ("Faste møderum", False),
        ("Statistik", False),
        ("Resultater", False),
        ("Kom i gang", False),
        ("Min profil", False),
    ]
    assert labels(Role.DOCTOR, path="/portal/") == [("Min dag", True), *rest]


def test_strangers_have_no_menu(django_assert_num_queries) -> None:
    request = RequestFactory().get("/m/x?a=b")
    request.user = AnonymousUser()
    with django_assert_num_queries(0):
        context = shell(request)["shell"]
        assert list(context["menu"]) == []
    assert context["here"] == "/m/x?a=b"
    assert context["language"] == "da"


def test_a_page_that_does_not_show_the_menu_does_not_pay_for_it(django_assert_num_queries) -> None:
    request = RequestFactory().get("/")
    request.user = services.create_user(email="a@example.dk", name="A", actor=None)
    with django_assert_num_queries(0):
        shell(request)
