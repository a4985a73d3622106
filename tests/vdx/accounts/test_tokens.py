"""Clients that MedCom makes, and the tokens that they get for id and secret."""

from __future__ import annotations

import base64
import re
from datetime import timedelta
from urllib.parse import urlencode

import jwt
import pytest
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests.factories.accounts import OrganisationFactory, member, show_second_factor
from vdx.accounts import callers, services
from vdx.accounts.enums import ApiRole, Role
from vdx.accounts.errors import BadClient
from vdx.accounts.models import ApiClient, AuditEntry
from vdx.lib import clock
from vdx.lib.errors import NotAllowed

pytestmark = pytest.mark.django_db
ADMIN = [ApiRole.ADMIN]


def make(**members):
    return services.create_api_client(
        **{
            "name": "Journal",
            "organisation": OrganisationFactory.create(code="nord"),
            "email": "journal@nord.dk",
            "roles": ADMIN,
            "allowed_origins": [],
            "actor": None,
            "now": clock.now(),
            **members,
        }
    )


FORM = "application/x-www-form-urlencoded"


def ask(client: Client, **form):
    sent = urlencode({"grant_type": "client_credentials", **form})
    return client.post("/oauth/token", sent, content_type=FORM)


def call(client: Client, token: str, **headers):
    return client.get("/videoapi/v2/info", headers={"Authorization": f"Bearer {token}", **headers})


def test_id_and_secret_give_a_token_that_opens_the_api(client: Client):
    known, secret = make()
    answer = ask(client, client_id=known.client_id, client_secret=secret)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    body = answer.json()
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 3600)
    assert call(client, body["access_token"]).status_code == 200


def test_the_header_says_the_same(client: Client):
    known, secret = make()
    words = base64.b64encode(f"{known.client_id}:{secret}".encode()).decode()
    headers = {"Authorization": f"Basic {words}"}
    answer = client.post("/oauth/token", "grant_type=client_credentials", content_type=FORM, headers=headers)
    assert answer.status_code == 200


def test_the_token_says_who_and_is_checked_with_the_published_key(client: Client):
    known, secret = make()
    token = ask(client, client_id=known.client_id, client_secret=secret).json()["access_token"]
    found = client.get("/.well-known/openid-configuration").json()
    assert found == client.get("/.well-known/oauth-authorization-server").json()
    keys = client.get(found["jwks_uri"].removeprefix(found["issuer"])).json()
    assert all(not set(key) & {"d", "p", "q"} for key in keys["keys"])
    key = jwt.PyJWKSet.from_dict(keys)[jwt.get_unverified_header(token)["kid"]]
    payload = jwt.decode(token, key, algorithms=["RS256"], issuer=found["issuer"])
    assert payload["organisation_id"] == "nord"
    assert payload["email"] == "journal@nord.dk"
    assert payload["userrole"] == ["meeting-admin"]
    assert payload["exp"] - payload["iat"] == 3600


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "vdx-nobody"}, 401, "invalid_client"),
        ({"client_id": ""}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"scope": "everything"}, 400, "invalid_scope"),
    ],
)
def test_what_gives_no_token(client: Client, form, status, error):
    known, secret = make()
    answer = ask(client, **{"client_id": known.client_id, "client_secret": secret, **form})
    assert (answer.status_code, answer.json()) == (status, {"error": error})


def test_only_forms_are_read(client: Client):
    assert client.get("/oauth/token").status_code == 405
    assert client.post("/oauth/token", {}, content_type="application/json").json() == {"error": "invalid_request"}


@pytest.mark.usefixtures("clock_stands")
def test_guessing_is_slowed(client: Client):
    known, secret = make()
    for _ in range(20):
        assert ask(client, client_id=known.client_id, client_secret="wrong").status_code == 401
    answer = ask(client, client_id=known.client_id, client_secret=secret)
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) >= 1


def test_who_knows_an_id_uses_up_nobody_elses_tokens(client: Client, settings):
    settings.VDX_API_RATE = 2
    known, secret = make()
    for status in (401, 401, 429):
        form = urlencode({"grant_type": "client_credentials", "client_id": known.client_id, "client_secret": "wrong"})
        answer = client.post("/oauth/token", form, content_type=FORM, REMOTE_ADDR="203.0.113.9")
        assert answer.status_code == status
    assert ask(client, client_id=known.client_id, client_secret=secret).status_code == 200


def token_of(client: Client, known, secret) -> str:
    return ask(client, client_id=known.client_id, client_secret=secret).json()["access_token"]


def test_a_client_that_is_shut_out_is_out_at_once(client: Client):
    known, secret = make()
    token = token_of(client, known, secret)
    services.revoke_api_client(client=known, actor=None, now=clock.now())
    assert call(client, token).status_code == 401
    assert ask(client, client_id=known.client_id, client_secret=secret).status_code == 401


def test_what_is_taken_from_a_client_counts_at_once(client: Client):
    known, secret = make()
    token = token_of(client, known, secret)
    services.update_api_client(
        client=known, name="x", email="e@x.dk", roles=[ApiRole.USER], allowed_origins=[], actor=None
    )
    answer = client.get("/videoapi/v2/scheduling-info-reserve", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 403


def test_a_new_secret_takes_the_old_ones_place(client: Client):
    known, secret = make()
    fresh = services.renew_api_client_secret(client=known, actor=None)
    assert ask(client, client_id=known.client_id, client_secret=secret).status_code == 401
    assert ask(client, client_id=known.client_id, client_secret=fresh).status_code == 200


def test_a_clients_own_pages_may_call_with_its_token_alone(client: Client):
    own, own_secret = make(allowed_origins=["https://journal.example.dk"])
    other, other_secret = make(name="Anden")
    origin = {"Origin": "https://journal.example.dk"}
    assert call(client, token_of(client, own, own_secret), **origin).status_code == 200
    assert call(client, token_of(client, other, other_secret), **origin).status_code == 403


@pytest.mark.parametrize(
    "members",
    [
        {"roles": []},
        {"roles": ["meeting-king"]},
        {"organisation": None},
        {"email": ""},
        {"allowed_origins": ["https://x.dk/path"]},
        {"allowed_origins": ["x.dk"]},
    ],
)
def test_a_client_without_what_its_roles_need(members):
    with pytest.raises(BadClient):
        make(**members)


def test_a_mere_provisioner_needs_no_organisation(client: Client):
    known, secret = make(organisation=None, email="", roles=[ApiRole.PROVISIONER])
    assert call(client, token_of(client, known, secret)).status_code == 200


def test_only_medcom_makes_clients():
    with pytest.raises(NotAllowed):
        make(actor=member(Role.ADMINISTRATOR))


def test_the_secret_is_kept_nowhere():
    known, secret = make()
    assert secret not in str(ApiClient.objects.filter(pk=known.pk).values())
    assert secret not in str(list(AuditEntry.objects.values()))


def test_calls_are_counted(client: Client, settings):
    settings.VDX_API_RATE = 3
    known, secret = make()
    token = token_of(client, known, secret)
    answers = [call(client, token) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert 1 <= int(answers[-1]["Retry-After"]) <= 60
    assert set(answers[-1].json()) == {"timestamp", "status", "error", "path"}


# --- In the administration ---------------------------------------------------------------------------------------


@pytest.fixture
def medcom(client: Client):
    user = member(Role.MEDCOM)
    client.force_login(user)
    show_second_factor(client, TOTPDevice.objects.create(user=user, name="app", confirmed=True))
    return client


def test_medcom_makes_a_client_and_sees_its_secret_once(medcom: Client):
    organisation = OrganisationFactory.create(code="nord")
    form = {
        "name": "Journal",
        "organisation": organisation.pk,
        "email": "journal@nord.dk",
        "roles": ["meeting-admin", "meeting-planner"],
        "allowed_origins": "https://journal.example.dk",
    }
    page = medcom.post("/admin/accounts/apiclient/add/", form)
    assert page.status_code == 200
    text = page.content.decode()
    client_id = re.search(r'id="client-id">([^<]+)<', text)[1]
    secret = re.search(r'id="client-secret">([^<]+)<', text)[1]
    assert ask(medcom, client_id=client_id, client_secret=secret).status_code == 200
    known = ApiClient.objects.get()
    assert known.allowed_origins == ["https://journal.example.dk"]
    for address in ("/admin/accounts/apiclient/", f"/admin/accounts/apiclient/{known.pk}/change/"):
        shown = medcom.get(address)
        assert shown.status_code == 200
        assert secret not in shown.content.decode()


def test_a_form_without_what_the_roles_need_says_so(medcom: Client):
    page = medcom.post("/admin/accounts/apiclient/add/", {"name": "x", "roles": ["meeting-admin"], "email": ""})
    assert page.status_code == 200
    assert page.context["adminform"].form.errors
    assert not ApiClient.objects.exists()


def test_a_client_is_changed_renewed_and_shut_out(medcom: Client):
    known, secret = make()
    form = {"name": "Nyt navn", "email": "ny@nord.dk", "roles": ["meeting-user"], "allowed_origins": ""}
    assert medcom.post(f"/admin/accounts/apiclient/{known.pk}/change/", form).status_code == 302
    known.refresh_from_db()
    assert (known.name, known.roles, known.organisation.code) == ("Nyt navn", ["meeting-user"], "nord")
    chosen = {"_selected_action": [known.pk]}
    page = medcom.post("/admin/accounts/apiclient/", {"action": "renew", **chosen})
    fresh = re.search(r'id="client-secret">([^<]+)<', page.content.decode())[1]
    assert ask(medcom, client_id=known.client_id, client_secret=secret).status_code == 401
    assert ask(medcom, client_id=known.client_id, client_secret=fresh).status_code == 200
    medcom.post("/admin/accounts/apiclient/", {"action": "revoke", **chosen})
    assert ask(medcom, client_id=known.client_id, client_secret=fresh).status_code == 401
    assert medcom.post(f"/admin/accounts/apiclient/{known.pk}/change/", form).status_code == 403


# --- Keys that change --------------------------------------------------------------------------------------------


def test_a_new_key_is_published_before_it_signs_and_the_old_one_after(tmp_path):
    from vdx.lib.keyring import Keyring

    ring = Keyring(folder=tmp_path / "keys")
    start = clock.now()
    assert ring.public() == {"keys": []}
    first = ring.signing(start)
    assert not ring.rotate(now=start + timedelta(days=89), after=timedelta(days=90))
    changed = start + timedelta(days=91)
    assert ring.rotate(now=changed, after=timedelta(days=90))
    second, still = ring.keys()
    assert still.kid == first.kid
    assert len(ring.public()["keys"]) == 2
    assert ring.signing(changed).kid == first.kid
    assert ring.signing(changed + timedelta(minutes=11)).kid == second.kid
    assert not ring.rotate(now=changed + timedelta(days=2), after=timedelta(days=90))
    [left] = ring.keys()
    assert left.kid == second.kid
    modes = {path.stat().st_mode & 0o777 for path in (tmp_path / "keys").glob("*.pem")}
    assert modes == {0o600}


def test_an_operators_own_keys_are_used_as_they_are(tmp_path):
    from vdx.lib.keyring import Keyring

    made = [Keyring(folder=tmp_path / name).signing(clock.now()) for name in ("a", "b")]
    ring = Keyring(folder=tmp_path / "none", files=[str(key.path) for key in made])
    assert ring.signing(clock.now()).kid == made[0].kid
    assert len(ring.public()["keys"]) == 2
    assert not ring.rotate(now=clock.now(), after=timedelta(0))


def test_our_own_keys_lie_beside_the_database(settings):
    assert callers.keyring()._folder == settings.VAR_DIR / "api-keys"
