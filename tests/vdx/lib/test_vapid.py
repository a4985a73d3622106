"""The key by which push services know the hub."""

from __future__ import annotations

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from vdx.lib import vapid

# RFC 8292's example in section 2.4 names its public key; this pair is of RFC 8291, appendix A (the application server).
PRIVATE = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
PUBLIC = "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8"


def test_the_public_half_is_the_one_of_the_standard() -> None:
    assert vapid.public_of(PRIVATE) == PUBLIC
    assert vapid.public_of(PRIVATE + "=") == PUBLIC


def test_a_fresh_key_can_be_used_and_is_another_each_time() -> None:
    drawn = {vapid.draw() for _ in range(3)}
    assert len(drawn) == 3
    assert {len(vapid.decode(key)) for key in drawn} == {32}
    assert {len(vapid.decode(vapid.public_of(key))) for key in drawn} == {65}


@pytest.mark.parametrize("text", ["", "short", "*" * 43, "A" * 43, "é" * 43, PUBLIC])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        vapid.public_of(text)


def test_the_claim_is_signed_for_one_service_and_lasts_an_hour() -> None:
    header = vapid.authorization(PRIVATE, audience="https://push.example", subject="mailto:a@b.dk", now=1_000_000.5)
    token, key = header.removeprefix("vapid t=").split(", k=")
    assert key == PUBLIC
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), vapid.decode(PUBLIC))
    claims = jwt.decode(
        token, public, algorithms=["ES256"], audience="https://push.example", options={"verify_exp": False}
    )
    assert claims == {"aud": "https://push.example", "exp": 1_003_600, "sub": "mailto:a@b.dk"}
