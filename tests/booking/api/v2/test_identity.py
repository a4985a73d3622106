"""Who calls (contract, section 2): tokens of an issuer, what they must say, and organisations made on the way."""

from __future__ import annotations

import time

import jwt
import pytest

from tests.support.calls import Client, call
from tests.support.identity import draw

ROLE = ("meeting-admin",)
NOW = int(time.time())


def ask(world, token, path="info", **headers):
    sent = {"Authorization": f"Bearer {token}", **headers} if token is not None else headers
    return call(f"{world.hub.url}/videoapi/v2/{path}", headers=sent)


def good(world, **also):
    return world.idp.token("home", "eva@klak.dk", ROLE, **also)


def tampered(token: str) -> str:
    head, payload, signature = token.split(".")
    return f"{head}.{payload[:-4]}{'AAAA' if payload[-4:] != 'AAAA' else 'BBBB'}.{signature}"


BAD = {
    "no header": lambda world: None,
    "no signature": lambda world: good(world).rpartition(".")[0] + ".",
    "no signature part": lambda world: good(world).rpartition(".")[0],
    "another key": lambda world: good(world, key=draw()),
    "tampered": lambda world: tampered(good(world)),
    "wrong issuer": lambda world: good(world, iss="http://somebody.example"),
    "our own issuer, their key": lambda world: good(world, iss=world.hub.url),
    "no issuer": lambda world: good(world, without=("iss",)),
    "expired": lambda world: good(world, iat=NOW - 7200, exp=NOW - 3600),
    "expires when it is made": lambda world: good(world, iat=NOW, exp=NOW),
    "expires when it is made, tomorrow": lambda world: good(world, iat=NOW + 86_400, exp=NOW + 86_400),
    "not yet": lambda world: good(world, nbf=NOW + 3600),
    "no end": lambda world: good(world, without=("exp",)),
    "no algorithm": lambda world: jwt.encode({"iss": world.idp.issuer, "exp": NOW + 60}, None, algorithm="none"),
    "unknown key id": lambda world: good(world, kid="nobody", key=world.idp.keys["first"]),
    "rubbish": lambda world: "abc",
    "three dots": lambda world: "a.b.c",
    "empty": lambda world: "",
    "endless": lambda world: "a" * 20_000,
}


@pytest.mark.parametrize("how", BAD)
def test_a_token_that_is_not_good_gives_an_empty_401(world, how):
    answer = ask(world, BAD[how](world))
    assert (answer.status, answer.body) == (401, b"")
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_public_key_used_as_a_shared_secret_opens_nothing(world):
    from cryptography.hazmat.primitives import serialization

    public = world.idp.keys["first"].public_key()
    secret = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    head, payload, _ = good(world).split(".")
    import base64
    import hashlib
    import hmac
    import json

    head = base64.urlsafe_b64encode(json.dumps({"alg": "HS256", "kid": "first"}).encode()).rstrip(b"=").decode()
    signature = hmac.new(secret, f"{head}.{payload}".encode(), hashlib.sha256).digest()
    forged = f"{head}.{payload}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"
    assert ask(world, forged).status == 401


@pytest.mark.parametrize("scheme", ["Basic", "bearer", "Bearer"])
def test_only_bearer_is_taken_in_any_case(world, scheme):
    token = good(world)
    answer = call(f"{world.hub.url}/videoapi/v2/info", headers={"Authorization": f"{scheme} {token}"})
    assert answer.status == (401 if scheme == "Basic" else 200)


@pytest.mark.parametrize("path", ["nothing", "meetings/zzz", "meetings/", "scheduling-templates/x"])
def test_without_a_token_nothing_is_said_of_addresses(world, path):
    assert ask(world, None, path).status == 401


@pytest.mark.parametrize("method", ["PATCH", "TRACE"])
def test_without_a_token_nothing_is_said_of_methods(world, method):
    assert call(f"{world.hub.url}/videoapi/v2/info", method).status == 401


def test_a_new_key_is_fetched_when_a_token_names_it(world):
    time.sleep(10.5)
    world.idp.keys["second"] = draw()
    assert ask(world, good(world, kid="second")).status == 200
    # The old one goes on being good as long as it is published.
    assert ask(world, good(world)).status == 200


def test_key_ids_out_of_the_blue_do_not_make_us_ask_each_time(world):
    before = world.idp.asked
    for number in range(5):
        ask(world, good(world, kid=f"blue-{number}", key=world.idp.keys["first"]))
    assert world.idp.asked - before <= 1


def test_the_audience_is_not_looked_at(world):
    assert ask(world, good(world, aud="somebody-else")).status == 200


# --- What the token must say -----------------------------------------------------------------------------------

CASES = {
    "no role": (("home", "e@x.dk", ()), 401),
    "role claim absent": (("home", "e@x.dk", None), 401),
    "role is a single text": (("home", "e@x.dk", "meeting-user"), 200),
    "unknown role": (("home", "e@x.dk", ("something",)), 403),
    "unknown organisation": (("nowhere", "e@x.dk", ROLE), 403),
    "unknown organisation goes before no role": (("nowhere", "e@x.dk", ()), 403),
    "no e-mail": (("home", None, ROLE), 401),
    "empty e-mail": (("home", "", ROLE), 401),
    "no organisation": ((None, "e@x.dk", ROLE), 401),
    "empty organisation": (("", "e@x.dk", ROLE), 401),
    "a mere provisioner needs neither": ((None, None, ("meeting-provisioner",)), 200),
    "a provisioner among others needs both": ((None, None, ("meeting-provisioner", "meeting-user")), 401),
    "a provisioner user needs both": ((None, None, ("meeting-provisioner-user",)), 401),
    "an e-mail that is none": (("home", "Eva Klak", ROLE), 200),
    "an e-mail of 100": (("home", "a" * 100, ROLE), 200),
    "an e-mail of 101": (("home", "a" * 101, ROLE), 401),
    "organisation is a number": ((7, "e@x.dk", ROLE), 401),
}


@pytest.mark.parametrize("how", CASES)
def test_what_a_good_token_must_say(world, how):
    (organisation, email, roles), status = CASES[how]
    answer = ask(world, world.idp.token(organisation, email, roles))
    assert answer.status == status


def test_who_has_no_role_for_it_gets_an_empty_403(world, body):
    client = Client(world.hub.url, world.idp.token("home", "e@x.dk", ("something",)))
    answer = client.get("info")
    assert (answer.status, answer.body) == (403, b"")
    assert answer.headers["www-authenticate"].startswith('Bearer error="insufficient_scope"')


def test_a_bad_body_is_said_before_a_missing_role(world):
    client = Client(world.hub.url, world.idp.token(None, None, ("meeting-provisioner",)))
    assert client.post("meetings", {"subject": "x"}).status == 400


def test_a_provisioner_without_organisation_has_no_meetings(world):
    client = Client(world.hub.url, world.idp.token(None, None, ("meeting-provisioner",)))
    assert client.get("meetings", label="x").status == 403
    assert client.get("meetings/00000000-0000-4000-8000-000000000000").status == 404
    assert client.get("scheduling-templates").status == 403


def test_an_unknown_role_beside_makes_a_user_more_than_a_user(world, body):
    """Contract, section 2.2: only USER means exactly one role."""
    colleague = world.client("user", email="kollega@klak.dk")
    made = colleague.post("meetings", body()).json()
    assert world.client("user").get(f"meetings/{made['uuid']}").status == 403
    strange = Client(world.hub.url, world.idp.token("home", "eva@klak.dk", ("meeting-user", "something")))
    assert strange.get(f"meetings/{made['uuid']}").status == 200


# --- Organisations made on the way -------------------------------------------------------------------------------


def test_an_unknown_organisation_is_made_below_the_parent_that_the_token_names(world, body):
    client = world.client("admin", organisation="new-below-home", parent_org="home")
    assert client.post("meetings", body()).json()["organizedBy"]["organisationId"] == "new-below-home"
    parent = world.run(
        "from vdx.accounts.models import Organisation\n"
        "answer = Organisation.objects.get(code='new-below-home').parent.code"
    )
    assert parent == "home"


@pytest.mark.parametrize("parent", ["nobody", "", None])
def test_without_a_parent_that_exists_it_is_not_made(world, parent):
    client = world.client("admin", organisation="never-made", parent_org=parent)
    assert client.get("info").status == 403
    assert world.client("admin", organisation="never-made").get("info").status == 403


def test_a_call_makes_a_meeting_user_and_never_a_login(world, body):
    count = "from vdx.accounts.models import User\nanswer = User.objects.count()"
    before = world.run(count)
    client = world.client("planner", email="ukendt@klak.dk")
    made = client.post("meetings", body(organizedByEmail="laegen@klak.dk")).json()
    assert made["organizedBy"] == {"organisationId": "home", "email": "laegen@klak.dk"}
    assert world.run(count) == before


def test_reading_makes_nobody(world, admin):
    count = "from vdx.accounts.models import MeetingUser\nanswer = MeetingUser.objects.count()"
    before = world.run(count)
    admin.get("meetings", organizedBy="never-seen@klak.dk")
    admin.get("meetings", search="never-seen-either@klak.dk")
    world.client("user", email="first-time@klak.dk").get("meetings", label="x")
    assert world.run(count) == before
