"""System checks: what would make the hub unsafe or unsound is refused, with a hint.

======== =======================================================================
vdx.E001 the secret key is guessable                                  in service
vdx.E002 the TURN secret is guessable                                 in service
vdx.E003 there are demo users                                         in service
vdx.E004 a trusted proxy is neither an address nor a network            always
vdx.E005 Django's own error pages are switched on                     in service
vdx.E006 the apps' patterns cannot be read                              always
vdx.E007 there is no database of its own                              in service
vdx.E008 the media engine is the one for tests                        in service
vdx.E009 a STUN or TURN address cannot be used                          always
vdx.E010 any host name is allowed                                     in service
vdx.E011 a relay worker's address cannot be used                        always
vdx.E012 a Janus address cannot be used                                 always
vdx.E013 only TURN may be used, and there is no TURN server             always
vdx.W001 there is no TURN server                                      in service
vdx.W002 the address is this very machine's                           in service
======== =======================================================================

"In service" are those of ``manage.py check --deploy``, which the web process runs when it is not embedded.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from ipaddress import ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from rooms.rules.devices import parse_patterns

HINT = "docs/settings.md says what it is for."
# Fewer different characters than any random secret of the required length has.
_DIFFERENT = 16
_HOST = r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(:\d{1,5})?"
_RELAY_URL = re.compile(r"unix:///\S+|tcp://(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+):\d{1,5}")


@register(Tags.security, deploy=True)
def secret_key_is_random(**kwargs: Any) -> list[CheckMessage]:
    """vdx.E001."""
    if _guessable(settings.SECRET_KEY, length=50):
        return [Error("VDX_SECRET_KEY is guessable.", hint="Draw one: openssl rand -base64 48", id="vdx.E001")]
    return []


@register(Tags.security, deploy=True)
def turn_secret_is_random(**kwargs: Any) -> list[CheckMessage]:
    """vdx.E002."""
    if settings.VDX_TURN_URLS and _guessable(settings.VDX_TURN_SECRET, length=32):
        return [Error("VDX_TURN_SECRET is guessable.", hint="Draw one: openssl rand -base64 32", id="vdx.E002")]
    return []


@register(Tags.database, deploy=True)
def no_demo_users(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """vdx.E003. Their passwords are shown on the screen of whoever starts the demo."""
    if not databases:
        return []
    user = apps.get_model("accounts", "User")
    count = user.objects.filter(is_demo=True).count()
    if count:
        hint = "This is a demo's database. Use a fresh one in service."
        return [Error(f"The database holds {count} demo users.", hint=hint, id="vdx.E003")]
    return []


@register(Tags.security)
def proxies_are_addresses(**kwargs: Any) -> list[CheckMessage]:
    """vdx.E004."""
    errors: list[CheckMessage] = []
    for text in settings.VDX_TRUSTED_PROXIES:
        try:
            ip_network(text, strict=False)
        except ValueError:
            errors.append(
                Error(f"VDX_TRUSTED_PROXIES: {text} is neither an address nor a network.", hint=HINT, id="vdx.E004")
            )
    return errors


@register(Tags.security, deploy=True)
def debug_is_off(**kwargs: Any) -> list[CheckMessage]:
    """vdx.E005. Django's error pages show settings and values to whoever meets an error."""
    if settings.DEBUG:
        return [Error("VDX_DEBUG is on.", hint="Leave it out in service.", id="vdx.E005")]
    return []


@register()
def app_patterns_are_readable(**kwargs: Any) -> list[CheckMessage]:
    """vdx.E006."""
    try:
        parse_patterns(settings.VDX_APP_PATTERNS)
    except ValueError as error:
        hint = "Write name=regular expression, several separated by ;;. " + HINT
        return [Error(f"VDX_APP_PATTERNS cannot be read: {error}.", hint=hint, id="vdx.E006")]
    return []


@register(Tags.security, deploy=True)
def database_is_not_embedded(**kwargs: Any) -> list[CheckMessage]:
    """vdx.E007."""
    if settings.VDX_EMBEDDED:
        hint = "Set VDX_DATABASE_URL and VDX_REDIS_URL. " + HINT
        return [Error("The hub runs on the embedded database.", hint=hint, id="vdx.E007")]
    return []


@register(Tags.security, deploy=True)
def media_engine_is_real(**kwargs: Any) -> list[CheckMessage]:
    """vdx.E008."""
    if settings.VDX_MEDIA_ENGINE == "fake":
        return [Error("VDX_MEDIA_ENGINE is the one for tests: nobody sees anybody.", hint=HINT, id="vdx.E008")]
    return []


@register()
def ice_servers_are_addresses(**kwargs: Any) -> list[CheckMessage]:
    """vdx.E009. Forms: RFC 7064 (STUN) and RFC 7065 (TURN)."""
    forms = {
        "VDX_STUN_URLS": (re.compile(rf"stuns?:{_HOST}"), settings.VDX_STUN_URLS),
        "VDX_TURN_URLS": (re.compile(rf"turns?:{_HOST}(\?transport=(udp|tcp))?"), settings.VDX_TURN_URLS),
    }
    return [
        Error(f"{name}: {url} cannot be used.", hint=HINT, id="vdx.E009")
        for name, (form, urls) in forms.items()
        for url in urls
        if not form.fullmatch(url)
    ]


@register()
def relay_addresses_are_addresses(**kwargs: Any) -> list[CheckMessage]:
    """vdx.E011. The workers themselves say what this very machine lacks."""
    wrong = [("VDX_RELAY_URLS", url) for url in settings.VDX_RELAY_URLS if not _RELAY_URL.fullmatch(url)]
    wrong += [("VDX_RELAY_ADDRESSES", text) for text in settings.VDX_RELAY_ADDRESSES if not _is_address(text)]
    public = settings.VDX_RELAY_PUBLIC_IP
    if public and not _is_address(public, version=4):
        wrong.append(("VDX_RELAY_PUBLIC_IP", public))
    return [Error(f"{name}: {text} cannot be used.", hint=HINT, id="vdx.E011") for name, text in wrong]


@register()
def janus_addresses_are_addresses(**kwargs: Any) -> list[CheckMessage]:
    """vdx.E012."""
    form = re.compile(rf"wss?://{_HOST}(/\S*)?")
    return [
        Error(f"VDX_JANUS_URLS: {url} cannot be used.", hint=HINT, id="vdx.E012")
        for url in settings.VDX_JANUS_URLS
        if not form.fullmatch(url)
    ]


@register()
def there_is_a_way_for_everybody(**kwargs: Any) -> list[CheckMessage]:
    """vdx.E013."""
    if settings.VDX_ICE_TRANSPORT_POLICY == "relay" and not settings.VDX_TURN_URLS:
        hint = "Set VDX_TURN_URLS, or leave VDX_ICE_TRANSPORT_POLICY out. " + HINT
        return [Error("VDX_ICE_TRANSPORT_POLICY is relay without a TURN server.", hint=hint, id="vdx.E013")]
    return []


@register(Tags.security, deploy=True)
def host_names_are_our_own(**kwargs: Any) -> list[CheckMessage]:
    """vdx.E010."""
    if "*" in settings.ALLOWED_HOSTS:
        return [Error("VDX_ALLOWED_HOSTS allows any host name.", hint=HINT, id="vdx.E010")]
    return []


@register(Tags.security, deploy=True)
def there_is_a_turn_server(**kwargs: Any) -> list[CheckMessage]:
    """vdx.W001."""
    if not settings.VDX_TURN_URLS:
        hint = "People behind strict firewalls get neither sound nor picture. " + HINT
        return [Warning("VDX_TURN_URLS is empty.", hint=hint, id="vdx.W001")]
    return []


@register(Tags.security, deploy=True)
def address_is_public(**kwargs: Any) -> list[CheckMessage]:
    """vdx.W002."""
    if urlsplit(settings.VDX_PUBLIC_URL).hostname in {"localhost", "127.0.0.1", "::1"}:
        hint = "Set VDX_PUBLIC_URL to the https address that people's browsers use."
        return [Warning("Only this very machine can reach the hub.", hint=hint, id="vdx.W002")]
    return []


@register(Tags.security, deploy=True)
def operator_is_named(**kwargs: Any) -> list[CheckMessage]:
    """vdx.W003."""
    if not (settings.VDX_OPERATOR_NAME and (settings.VDX_OPERATOR_EMAIL or settings.VDX_OPERATOR_PHONE)):
        hint = "The law asks for it on a public body's web site: VDX_OPERATOR_NAME, and _EMAIL or _PHONE."
        return [Warning("The accessibility statement does not say who runs the hub.", hint=hint, id="vdx.W003")]
    return []


def _is_address(text: str, *, version: int | None = None) -> bool:
    try:
        found = ip_address(text)
    except ValueError:
        return False
    return version in (None, found.version)


def _guessable(secret: str, *, length: int) -> bool:
    return len(secret) < length or len(set(secret)) < _DIFFERENT or secret.startswith("django-insecure")
