"""Table of contents of the hub's addresses."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

from booking.views import receipts
from monitoring.views import device_test, probe, status
from vdx.accounts.views import tokens
from vdx.views import errors, guide, health, language, metrics

urlpatterns = [
    # Everybody: the front page, and a room behind its short link
    path("", include("rooms.urls")),
    path("", include("surveys.urls")),
    path("sprog", language.choose, name="language"),
    path("test/resultat", device_test.result, name="device-test-result"),
    path("m/<str:code>/test/resultat", device_test.result, name="room-device-test-result"),
    path("hjaelp", guide.guide, name="help"),
    path("status", status.status, name="status"),
    path("tilgaengelighed", guide.accessibility, name="accessibility"),
    # People who log in
    path("konto/", include("vdx.accounts.urls")),
    path("portal/", include("monitoring.urls")),
    path("portal/", include("booking.urls")),
    # MedCom
    path("admin/", admin.site.urls),
    # Record systems
    path("videoapi/v2/", include("booking.api.v2.urls")),
    path("videoapi/", include("booking.api.v1.urls")),
    path("organisation/services/v2/", include("booking.api.organisations.urls")),
    # Tokens for those without an identity provider
    path("oauth/token", tokens.token, name="token"),
    path("oauth/jwks.json", tokens.keys, name="token-keys"),
    path(".well-known/openid-configuration", tokens.discovery, name="discovery"),
    path(".well-known/oauth-authorization-server", tokens.discovery, name="discovery-oauth"),
    # The gateway for text messages
    path("sms/kvittering", receipts.sms, name="sms-receipt"),
    # Machines
    path("sundhed/levende", health.alive, name="alive"),
    path("sundhed/klar", health.ready, name="ready"),
    path("sundhed/probe", probe.inbox, name="probe-inbox"),
    path("sundhed/probe/<uuid:meeting>", probe.arrived, name="probe-arrived"),
    path("metrics", metrics.metrics, name="metrics"),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error
