"""Settings of the hub, all from the environment. docs/settings.md says what each one means.

Without ``VDX_DATABASE_URL`` the hub runs *embedded*: SQLite in ``var/``, the Celery worker and the beat inside
the web process, a relay worker beside it, nothing to install. With it, the same code runs on PostgreSQL and Redis
in processes of its own.
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from vdx.lib import vapid
from vdx.lib.env import Env
from vdx.lib.localsecrets import local_secret
from vdx.version import VERSION

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env()

# --- Where things are -------------------------------------------------------------------------------------

VAR_DIR = Path(
    env.text("VDX_VAR_DIR", str(BASE_DIR / "var"), "Folder for the embedded database, logos, logs and collected files.")
)
VDX_PORT = env.number("VDX_PORT", 8000, "Port that `make run` listens on (`PORT` is taken too).", low=1, high=65535)
VDX_LISTEN = env.text("VDX_LISTEN", "127.0.0.1", "Address that the web processes listen on; `0.0.0.0` for all.")
VDX_WEB_PROCESSES = env.number(
    "VDX_WEB_PROCESSES", 1, "Web processes that `make run-production` starts.", low=1, high=64
)

_database_url = env.text(
    "VDX_DATABASE_URL",
    "",
    "`sqlite:///PATH` (four slashes before an absolute one) or `postgres://USER:PASSWORD@HOST:PORT/NAME`. "
    "Empty: embedded.",
)
VDX_EMBEDDED = not _database_url
VDX_REDIS_URL = env.url(
    "VDX_REDIS_URL",
    "",
    "`redis://HOST:PORT/N`: cache, channel layer and Celery broker. Needed with PostgreSQL.",
    schemes=("redis", "rediss"),
)


def _database(url: str) -> dict[str, object]:
    if not url:
        # The database holds the second factors' keys: for this user of the machine alone.
        VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = VAR_DIR / "vdx.sqlite3"
        file.touch(mode=0o600)
        return _sqlite(str(file))
    parts = urlsplit(url)
    if parts.scheme == "sqlite" and not parts.netloc and parts.path.strip("/"):
        return _sqlite(str(BASE_DIR / unquote(parts.path[1:])))
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise ImproperlyConfigured(
            "VDX_DATABASE_URL must be sqlite:///PATH or postgres://USER:PASSWORD@HOST:PORT/NAME. See docs/settings.md."
        )
    if not VDX_REDIS_URL:
        raise ImproperlyConfigured(
            "VDX_DATABASE_URL names PostgreSQL, so VDX_REDIS_URL must name a Redis server too. See docs/settings.md."
        )
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        # Under ASGI the pool is what keeps connections; CONN_MAX_AGE has no effect there.
        "OPTIONS": {
            "pool": {"min_size": 1, "max_size": 16, "timeout": 10},
            **query,
            # Who waits longer for a row gives up, before everybody behind does; an operator's own options go last.
            "options": f"-c lock_timeout=10s {query.get('options', '')}".rstrip(),
        },
    }


def _sqlite(path: str) -> dict[str, object]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
        # A file, so that a browser test's server process sees the same database.
        "TEST": {"NAME": str(VAR_DIR / "test.sqlite3")},
    }


DATABASES = {"default": _database(_database_url)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Addresses ---------------------------------------------------------------------------------------------

VDX_PUBLIC_URL = env.url(
    "VDX_PUBLIC_URL",
    f"http://localhost:{VDX_PORT}",
    "Address of the hub as people's browsers see it; https but for this very machine.",
    schemes=("https", "http"),
).rstrip("/")
_public = urlsplit(VDX_PUBLIC_URL)
_loopback = _public.hostname in {"localhost", "127.0.0.1", "::1"}
_https = _public.scheme == "https"
if not _https and not _loopback:
    raise ImproperlyConfigured(
        "VDX_PUBLIC_URL must start with https:// (browsers give no camera to a page without it). See docs/settings.md."
    )
VDX_SHORT_LINK_BASE = env.url(
    "VDX_SHORT_LINK_BASE",
    f"{VDX_PUBLIC_URL}/m/",
    "What stands before the 12 characters in a short link, with its last slash; a shorter host name may lead here too.",
    schemes=("https", "http"),
)
if not VDX_SHORT_LINK_BASE.endswith("/"):
    raise ImproperlyConfigured("VDX_SHORT_LINK_BASE must end with a slash. See docs/settings.md.")
if urlsplit(VDX_SHORT_LINK_BASE).netloc == _public.netloc and f"{VDX_PUBLIC_URL}/m/" != VDX_SHORT_LINK_BASE:
    raise ImproperlyConfigured(
        "VDX_SHORT_LINK_BASE must be VDX_PUBLIC_URL with /m/ after it, or have a host name of its own. "
        "See docs/settings.md."
    )
ALLOWED_HOSTS = [
    _public.hostname or "",
    urlsplit(VDX_SHORT_LINK_BASE).hostname or "",
    *env.words(
        "VDX_ALLOWED_HOSTS", "", "Further host names that the hub answers to, for example of a load balancer's checks."
    ),
]
if _loopback:
    ALLOWED_HOSTS += ["localhost", "127.0.0.1", "[::1]"]
VDX_SOCKET_ORIGINS = [VDX_PUBLIC_URL]
if _loopback:
    VDX_SOCKET_ORIGINS += [
        f"{_public.scheme}://{host}:{_public.port or 80}" for host in ("localhost", "127.0.0.1", "[::1]")
    ]
CSRF_TRUSTED_ORIGINS = [VDX_PUBLIC_URL]
VDX_TRUSTED_PROXIES = env.words(
    "VDX_TRUSTED_PROXIES",
    "",
    "Addresses or networks of reverse proxies whose X-Forwarded-For and X-Forwarded-Proto are believed.",
)

# --- Secrets -----------------------------------------------------------------------------------------------

SECRET_KEY = env.text("VDX_SECRET_KEY", "", "Secret of at least 50 characters. Empty: drawn into `var/` when embedded.")
if not SECRET_KEY and VDX_EMBEDDED:
    SECRET_KEY = local_secret(VAR_DIR, "secret_key")
if len(SECRET_KEY) < 50:
    raise ImproperlyConfigured(
        "VDX_SECRET_KEY must be set to a secret of at least 50 characters, for example the output of "
        "`openssl rand -base64 48`. See docs/settings.md."
    )

# --- Applications ------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "daphne",
    "vdx.admin.VdxAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "channels",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "vdx.accounts",
    "media",
    "rooms",
    "booking",
    "monitoring",
    "surveys",
    "vdx",
]

MIDDLEWARE = [
    "vdx.middleware.ProxyMiddleware",
    "vdx.middleware.AccessLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "vdx.middleware.PolicyHeadersMiddleware",
    "vdx.cors.CorsMiddleware",
    "vdx.middleware.ShortLinkMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "vdx.csrf.CsrfMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "vdx.middleware.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "vdx.middleware.SecondFactorMiddleware",
    "vdx.middleware.DomainErrorMiddleware",
    # Innermost and sync only: keeps the sync part of the chain in one thread under ASGI.
    "vdx.middleware.OneThreadMiddleware",
]

ROOT_URLCONF = "vdx.urls"
ASGI_APPLICATION = "vdx.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "vdx.context.shell",
            ],
        },
    }
]

# --- Who ---------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "booking:day"
LOGOUT_REDIRECT_URL = "rooms:front"
PASSWORD_RESET_TIMEOUT = 3600
OTP_TOTP_ISSUER = "VDX"
# vdx.lib.throttle slows guesses; django-otp's own delay has no ceiling and is shared by the person and the guesser.
OTP_TOTP_THROTTLE_FACTOR = OTP_STATIC_THROTTLE_FACTOR = 0
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _https
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"

# Named in the accessibility statement, which the law asks of every public body's web site.
VDX_OPERATOR_NAME = env.text("VDX_OPERATOR_NAME", "", "Who runs the hub, as the accessibility statement says it.")
VDX_OPERATOR_EMAIL = env.text(
    "VDX_OPERATOR_EMAIL",
    "",
    "Where people write who cannot use a page of the hub.",
    pattern=r"[^@\s]+@[^@\s]+",
)
VDX_OPERATOR_PHONE = env.text(
    "VDX_OPERATOR_PHONE", "", "Whom people call who cannot use a page of the hub.", pattern=r"\+?[0-9 ]{4,20}"
)
VDX_ACCESSIBILITY_DATE = env.text(
    "VDX_ACCESSIBILITY_DATE",
    "",
    "The day on which the accessibility statement was last gone through, as 2026-01-31.",
    pattern=r"20\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])",
)

# --- Safety of pages ---------------------------------------------------------------------------------------

_socket = VDX_PUBLIC_URL.replace("http", "ws", 1)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "media-src": [SELF, "blob:"],
        "connect-src": [SELF, _socket],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
CSRF_FAILURE_VIEW = "vdx.views.errors.csrf_failure"
# vdx.middleware.ProxyMiddleware removes the header unless a trusted proxy sent it.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_CONTENT_TYPE_NOSNIFF = True
# For the rooms' pages see vdx.middleware.PolicyHeadersMiddleware.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = False
SECURE_SSL_REDIRECT = _https
SECURE_REDIRECT_EXEMPT = [r"^sundhed/(levende|klar)$"]
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = [
    # They all follow from VDX_PUBLIC_URL, of which vdx.W002 speaks.
    *("security.W004", "security.W008", "security.W012", "security.W016"),
    # It looks for Django's own class by name; ours is built on it (vdx.csrf).
    "security.W003",
    # Other names of the operator's domain are not ours to bind to https.
    *("security.W005", "security.W021"),
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440

# --- Language and time -------------------------------------------------------------------------------------

# The texts in code and templates are Danish; locale/en holds their English.
LANGUAGE_CODE = "da"
LANGUAGES = [("da", _("Dansk")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
# English here is British: days before months, and 24 hours.
FORMAT_MODULE_PATH = ["vdx.formats"]
USE_I18N = True
TIME_ZONE = "Europe/Copenhagen"
USE_TZ = True

# --- Files -------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
# Uploads have no address of their own: a view reads the file for whoever may see it.
MEDIA_ROOT = VAR_DIR / "uploads"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "vdx.collected.JoiningStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = False

# --- Cache, sockets, background work ------------------------------------------------------------------------

if VDX_REDIS_URL:
    CACHES: dict[str, dict[str, object]] = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": VDX_REDIS_URL}
    }
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {
                # redis-py closes idle sockets after 5 s and stops at 100 connections unless told otherwise.
                "hosts": [{"address": VDX_REDIS_URL, "socket_timeout": None, "max_connections": 10_000}],
                "prefix": "vdx",
                "capacity": 1000,
                # The names shown in a call pass between web processes: unreadable to the broker.
                "symmetric_encryption_keys": [SECRET_KEY],
            },
        }
    }
else:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": "vdx",
            # Django's 300 would let a flood of unknown codes wash out what is counted of guessed pins.
            "OPTIONS": {"MAX_ENTRIES": 100_000},
        }
    }
    CHANNEL_LAYERS = {"default": {"BACKEND": "vdx.channel_layer.EmbeddedChannelLayer", "CONFIG": {"capacity": 1000}}}

CELERY_BROKER_URL = VDX_REDIS_URL or "memory://localhost"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {"visibility_timeout": 120, "unacked_restore_interval": 5, "unacked_restore_throttle": 5}
    if VDX_REDIS_URL
    else {"polling_interval": 0.05}
)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_DEFAULT_QUEUE = "vdx"
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BEAT_SCHEDULER = "vdx.celery.StartScheduler"
CELERY_BEAT_MAX_LOOP_INTERVAL = 1

# --- Mail --------------------------------------------------------------------------------------------------

_mail_url = env.url(
    "VDX_MAIL_URL",
    "",
    "`smtp://USER:PASSWORD@HOST:PORT` (STARTTLS: smtp+tls, TLS: smtps). Embedded and empty: files in `var/mail/`.",
    schemes=("smtp", "smtp+tls", "smtps"),
)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text(
    "VDX_MAIL_FROM", f"VDX <ingen-svar@{_public.hostname}>", "Sender of the hub's mails to people who work with it."
)
if _mail_url:
    _mail = urlsplit(_mail_url)
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = _mail.hostname or "localhost"
    EMAIL_PORT = _mail.port or {"smtp": 25, "smtp+tls": 587, "smtps": 465}[_mail.scheme]
    EMAIL_HOST_USER = unquote(_mail.username or "")
    EMAIL_HOST_PASSWORD = unquote(_mail.password or "")
    EMAIL_USE_TLS = _mail.scheme == "smtp+tls"
    EMAIL_USE_SSL = _mail.scheme == "smtps"
    EMAIL_TIMEOUT = 20
elif VDX_EMBEDDED:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR_DIR / "mail"
else:
    raise ImproperlyConfigured(
        "VDX_MAIL_URL must name a mail server, for example smtp://localhost:25. See docs/settings.md."
    )

# --- Text messages and webhooks -----------------------------------------------------------------------------

VDX_SMS_URL = env.url(
    "VDX_SMS_URL",
    "",
    "Gateway for text messages, which takes one a POST. Empty: embedded the log says that one would go, in service "
    "there are none.",
    schemes=("https", "http"),
)
VDX_SMS_TEMPLATE = env.text(
    "VDX_SMS_TEMPLATE",
    '{"to": "__to__", "from": "__from__", "text": "__text__", "reference": "__key__"}',
    "Body of that POST, JSON or a form (`to=__to__&message=__text__`), with placeholders for its values.",
)
VDX_SMS_AUTHORIZATION = env.text(
    "VDX_SMS_AUTHORIZATION", "", "The gateway's `Authorization` header, for example `Bearer SECRET`."
)
VDX_SMS_FROM = env.text(
    "VDX_SMS_FROM",
    "VDX",
    "Sender of text messages, where the organisation has none of its own.",
    pattern=r"[A-Za-z0-9 ]{1,11}|\+?[0-9]{4,15}",
)
if "__to__" not in VDX_SMS_TEMPLATE or "__text__" not in VDX_SMS_TEMPLATE:
    raise ImproperlyConfigured("VDX_SMS_TEMPLATE must have __to__ and __text__ in it. See docs/settings.md.")
VDX_SMS_RECEIPT_TOKEN = env.text(
    "VDX_SMS_RECEIPT_TOKEN",
    "",
    "Token of at least 32 characters with which the gateway tells at `/sms/kvittering` what became of a message. "
    "Empty: there is no such address.",
)
if VDX_SMS_RECEIPT_TOKEN and len(VDX_SMS_RECEIPT_TOKEN) < 32:
    raise ImproperlyConfigured("VDX_SMS_RECEIPT_TOKEN must have at least 32 characters. See docs/settings.md.")
VDX_SMS_RECEIPT_REFERENCE = env.text(
    "VDX_SMS_RECEIPT_REFERENCE", "reference", "Member of such a receipt with the message's `__key__`; `a.b` is b in a."
)
VDX_SMS_RECEIPT_STATUS = env.text(
    "VDX_SMS_RECEIPT_STATUS", "status", "Member with the word that says what became of it."
)
VDX_SMS_RECEIPT_DELIVERED = env.words(
    "VDX_SMS_RECEIPT_DELIVERED", "delivered delivrd", "Words for: it has reached the telephone."
)
VDX_SMS_RECEIPT_FAILED = env.words(
    "VDX_SMS_RECEIPT_FAILED",
    "failed undelivered undeliverable undeliv expired rejected rejectd deleted",
    "Words for: it never will. Any other word means that it is still on its way.",
)
VDX_WEBHOOK_PRIVATE_TARGETS = env.flag(
    "VDX_WEBHOOK_PRIVATE_TARGETS",
    False,
    "Webhooks may go to addresses inside (private, loopback, link-local), and without TLS.",
)

# --- Calls -------------------------------------------------------------------------------------------------

VDX_MEDIA_ENGINE = env.text(
    "VDX_MEDIA_ENGINE",
    "relay",
    "Server that carries sound and picture where two browsers cannot do it alone: `relay` (the hub's own), `janus` or "
    "`fake` (tests).",
    pattern="relay|janus|fake",
)
VDX_ICE_TRANSPORT_POLICY = env.text(
    "VDX_ICE_TRANSPORT_POLICY",
    "all",
    "Ways that browsers may use: `all`, or `relay` for the TURN servers alone.",
    pattern="all|relay",
)
VDX_STUN_URLS = env.words("VDX_STUN_URLS", "", "STUN servers, for example `stun:stun.example.dk:3478`.")
VDX_TURN_URLS = env.words(
    "VDX_TURN_URLS",
    "",
    "TURN servers, for example `turn:turn.example.dk:3478 turns:turn.example.dk:443?transport=tcp`.",
)
VDX_TURN_SECRET = env.text(
    "VDX_TURN_SECRET", "", "Secret shared with the TURN servers (coturn's `static-auth-secret`)."
)
VDX_TURN_SECONDS = env.number(
    "VDX_TURN_SECONDS", 600, "Seconds that a seat's TURN credentials are good for.", low=60, high=86_400
)
if VDX_TURN_URLS and not VDX_TURN_SECRET:
    raise ImproperlyConfigured("VDX_TURN_URLS is set, so VDX_TURN_SECRET must be set too. See docs/settings.md.")
VDX_RELAY_WORKERS = env.number(
    "VDX_RELAY_WORKERS",
    0,
    "Relay worker: how many there are, where VDX_RELAY_URLS is empty; 0: one embedded, in service one for each core "
    "but one, at least one.",
    low=0,
    high=64,
) or (max(1, (os.cpu_count() or 2) - 1) if VDX_REDIS_URL else 1)
VDX_RELAY_URLS = env.words(
    "VDX_RELAY_URLS",
    "",
    "Relay worker: where each listens for the hub, `unix:///PATH` or `tcp://HOST:PORT`. Empty: sockets in `var/`.",
)
VDX_RELAY_ADDRESSES = env.words(
    "VDX_RELAY_ADDRESSES",
    "",
    "Relay worker: this machine's addresses that carry sound and picture. Empty: all but loopback.",
)
VDX_RELAY_PUBLIC_IP = env.text(
    "VDX_RELAY_PUBLIC_IP",
    "",
    "Relay worker: the IPv4 address that browsers see, where a router maps it one to one to this machine.",
)
_relay_ports = env.text(
    "VDX_RELAY_PORT_RANGE",
    "",
    "Relay worker: UDP ports of sound and picture, `FIRST-LAST`: two a device and address. Empty: any free port.",
    pattern=r"[0-9]{1,5}-[0-9]{1,5}",
)
_port_range = (_relay_ports or "0-0").split("-")
VDX_RELAY_PORTS = (int(_port_range[0]), int(_port_range[1]))
if _relay_ports and not 1024 <= VDX_RELAY_PORTS[0] <= VDX_RELAY_PORTS[1] <= 65535:
    raise ImproperlyConfigured(
        "VDX_RELAY_PORT_RANGE must be FIRST-LAST, both from 1024 to 65535. See docs/settings.md."
    )
VDX_JANUS_URLS = env.words(
    "VDX_JANUS_URLS", "", "Janus servers' websocket addresses, for example `ws://janus1.example.dk:8188`."
)
VDX_JANUS_SECRET = env.text("VDX_JANUS_SECRET", "", "Janus' `api_secret`; empty where it has none.")
VDX_JANUS_FALLBACK = env.flag(
    "VDX_JANUS_FALLBACK", True, "Let the hub's own relay take a call when no Janus server answers."
)
if VDX_MEDIA_ENGINE == "janus" and not VDX_JANUS_URLS:
    raise ImproperlyConfigured("VDX_MEDIA_ENGINE is janus, so VDX_JANUS_URLS must be set. See docs/settings.md.")
VDX_MAX_PARTICIPANTS = env.number(
    "VDX_MAX_PARTICIPANTS", 6, "The hub's own limit of devices in a room, where the template says 0.", low=2, high=50
)
VDX_CAPACITY = env.number(
    "VDX_CAPACITY",
    250,
    "Calls at the same time (rooms with two or more devices connected). Above it MedCom's staff are warned.",
    low=1,
    high=1_000_000,
)
VDX_CAPACITY_GRACE = env.number(
    "VDX_CAPACITY_GRACE",
    25,
    "Per cent above `VDX_CAPACITY` in which calls may still begin. Above that nobody new gets through; calls that run "
    "go on.",
    low=0,
    high=1000,
)
# Where the room's page goes when the call is over; names of addresses that take the room's code.
VDX_AFTER_CALL = {"host": "surveys:postcard", "guest": "rooms:thanks", "next": "booking:desk"}
# Where a host comes after a test call, about which nobody is asked.
VDX_AFTER_TEST_CALL = "monitoring:readiness"
VDX_APP_PATTERNS = env.text(
    "VDX_APP_PATTERNS",
    r"minlaege=MinL(ae|æ)ge",
    "Apps recognised by their user agent: `name=regular expression`, separated by `;;`. The shipped one is unverified.",
)

# --- Calling up those who wait ------------------------------------------------------------------------------

VDX_PUSH_SERVICES = env.words(
    "VDX_PUSH_SERVICES",
    "fcm.googleapis.com updates.push.services.mozilla.com *.push.apple.com *.notify.windows.com",
    "Hosts of the push services by which a waiting patient's browser may be rung; `*.` stands for any name before.",
)
VDX_VAPID_PRIVATE_KEY = env.text(
    "VDX_VAPID_PRIVATE_KEY",
    "",
    "Key by which push services know the hub (docs/operations.md draws one). Empty: drawn into `var/` when embedded, "
    "else nobody is rung by a notification.",
)
if not VDX_VAPID_PRIVATE_KEY and VDX_EMBEDDED:
    VDX_VAPID_PRIVATE_KEY = local_secret(VAR_DIR, "vapid_private_key", vapid.draw)
VDX_VAPID_PUBLIC_KEY = env.text(
    "VDX_VAPID_PUBLIC_KEY", "", "Its public half, to be held against it. Empty: made from the private one."
)
try:
    _vapid_public = vapid.public_of(VDX_VAPID_PRIVATE_KEY) if VDX_VAPID_PRIVATE_KEY else ""
except ValueError:
    raise ImproperlyConfigured("VDX_VAPID_PRIVATE_KEY must be 32 bytes in base64url. See docs/settings.md.") from None
if VDX_VAPID_PUBLIC_KEY.rstrip("=") not in {"", _vapid_public}:
    raise ImproperlyConfigured("VDX_VAPID_PUBLIC_KEY does not belong to VDX_VAPID_PRIVATE_KEY. See docs/settings.md.")
VDX_VAPID_PUBLIC_KEY = _vapid_public
VDX_VAPID_SUBJECT = env.url(
    "VDX_VAPID_SUBJECT",
    f"mailto:ingen-svar@{_public.hostname}",
    "Where a push service may write to whoever runs the hub: `mailto:` or an https address.",
    schemes=("mailto", "https"),
)
VDX_PUSH_LOOPBACK = env.flag("VDX_PUSH_LOOPBACK", False, "Ring browsers by way of this very machine too; for tests.")

# --- APIs for record systems --------------------------------------------------------------------------------

VDX_API_ISSUER = env.text(
    "VDX_API_ISSUER",
    "",
    "Issuer (`iss`) whose bearer tokens are believed beside the hub's. Empty: the hub's alone.",
)
VDX_API_JWKS_URL = env.url(
    "VDX_API_JWKS_URL",
    "",
    "Where that issuer's public keys are. Empty: its discovery document says.",
    schemes=("https", "http"),
)
VDX_API_CLAIM_ORGANISATION = env.text(
    "VDX_API_CLAIM_ORGANISATION", "organisation_id", "Name of the claim with the organisation's code."
)
VDX_API_CLAIM_EMAIL = env.text("VDX_API_CLAIM_EMAIL", "email", "Name of the claim with the caller's e-mail.")
VDX_API_CLAIM_ROLES = env.text("VDX_API_CLAIM_ROLES", "userrole", "Name of the claim with the caller's roles.")
VDX_API_CLAIM_AUTO_CREATE_ORGANISATION = env.text(
    "VDX_API_CLAIM_AUTO_CREATE_ORGANISATION",
    "parent_org",
    "Name of the claim with the code of the organisation below which an unknown one is made.",
)
VDX_API_ALLOWED_ORIGINS = env.words(
    "VDX_API_ALLOWED_ORIGINS",
    "",
    "Web pages that may call the APIs, as `https://HOST`; API clients may have others.",
)
VDX_API_RATE = env.number(
    "VDX_API_RATE", 3000, "Calls of the APIs that one client has a minute.", low=1, high=1_000_000
)
VDX_API_KEY_FILES = env.words(
    "VDX_API_KEY_FILES",
    "",
    "PEM files with RSA keys for the hub's own tokens; the first signs. Empty: drawn and replaced in `var/api-keys/`.",
)
VDX_API_KEY_DAYS = env.number("VDX_API_KEY_DAYS", 90, "Days after which such a key is replaced.", low=1, high=3650)
VDX_PORTAL_LINK_TEMPLATE = env.url(
    "VDX_PORTAL_LINK_TEMPLATE",
    "",
    "Portal link of the VDX-API, with its placeholders (`__uri-with-domain__` and others). Empty: the short link.",
    schemes=("https", "http"),
)
VDX_POOL_MINIMUM_AGE_SECONDS = env.number(
    "VDX_POOL_MINIMUM_AGE_SECONDS",
    60,
    "How long a room of a pool has been ready before it is given away.",
    low=0,
    high=86_400,
)
VDX_POOL_OVERFLOW_ORGANISATION = env.text(
    "VDX_POOL_OVERFLOW_ORGANISATION", "", "Code of the organisation whose pool helps out when another one is empty."
)
VDX_POOL_FILL_SECONDS = env.number(
    "VDX_POOL_FILL_SECONDS", 10, "Seconds between two runs that fill the pools, one room at a time.", low=1, high=86_400
)
VDX_POOL_FILL_DISABLED = env.flag("VDX_POOL_FILL_DISABLED", False, "Pools are not filled by the hub.")
VDX_API_V1_PROXIES = env.words(
    "VDX_API_V1_PROXIES",
    "",
    "Addresses or networks of the proxies whose session header the older VDX-API (v1) believes. Empty: there is no v1.",
)
VDX_API_V1_SECRET = env.text(
    "VDX_API_V1_SECRET", "", "Secret of at least 32 characters that such a proxy sends as `X-VDX-Proxy-Secret`."
)
if VDX_API_V1_PROXIES and len(VDX_API_V1_SECRET) < 32:
    raise ImproperlyConfigured(
        "VDX_API_V1_PROXIES is set, so VDX_API_V1_SECRET must be a secret of at least 32 characters. "
        "See docs/settings.md."
    )
VDX_API_V1_HEADER = env.text("VDX_API_V1_HEADER", "X-SESSIONDATA", "Name of the header with v1's session data.")
VDX_API_V1_ROLES = env.words(
    "VDX_API_V1_ROLES", "", "Other names of roles in v1's session data, as `dk:medcom:role:admin=meeting-admin`."
)
VDX_VERSION = VERSION
REST_FRAMEWORK: dict[str, object] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
    "UNAUTHENTICATED_TOKEN": None,
}

SPECTACULAR_SETTINGS: dict[str, object] = {
    "TITLE": "VDX-API",
    "VERSION": "2",
    "DESCRIPTION": "Book video consultations from a record system.",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": [],
    "COMPONENT_SPLIT_REQUEST": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "PREPROCESSING_HOOKS": ["booking.api.v2.schema.ours_alone"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "booking.api.v2.schema.finished",
    ],
    "ENUM_NAME_OVERRIDES": {
        "ProvisionStatus": "rooms.enums.ProvisionStatus.values",
        "View": "rooms.enums.View.values",
        "VmrType": "rooms.enums.VmrType.values",
        "Quality": "rooms.enums.Quality.values",
        "DirectMedia": "rooms.enums.DirectMedia.values",
        "GuestMicrophone": "booking.enums.GuestMicrophone.values",
        "Language": "vdx.accounts.enums.Language.values",
    },
    "APPEND_COMPONENTS": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}},
    "SECURITY": [{"bearer": []}],
}

# --- Watching itself ----------------------------------------------------------------------------------------

VDX_PROBE_SECONDS = env.number(
    "VDX_PROBE_SECONDS",
    60,
    "Seconds between two runs of the probe (at least 30), which really uses the hub and so measures uptime. 0: none.",
    low=0,
    high=3600,
)
if 0 < VDX_PROBE_SECONDS < 30:
    # One that fails slowly would take the next intervals along.
    raise ImproperlyConfigured("VDX_PROBE_SECONDS must be 0, or at least 30. See docs/settings.md.")
VDX_PROBE_URL = env.url(
    "VDX_PROBE_URL",
    "",
    "Where the probe, and the deliveries for it, reach the hub. Empty: `VDX_PUBLIC_URL`, the way that people take.",
    schemes=("https", "http"),
).rstrip("/")
VDX_PROBE_SECRET = env.text(
    "VDX_PROBE_SECRET",
    "",
    "Another secret of the probe's, of at least 32 characters, for hub, worker and probe alike. Empty: it follows from "
    "`VDX_SECRET_KEY`.",
)
if VDX_PROBE_SECRET and len(VDX_PROBE_SECRET) < 32:
    raise ImproperlyConfigured("VDX_PROBE_SECRET must have at least 32 characters. See docs/settings.md.")

# --- Numbers -----------------------------------------------------------------------------------------------

VDX_METRICS_TOKEN = env.text(
    "VDX_METRICS_TOKEN",
    "",
    "Bearer token of at least 32 characters with which Prometheus reads `/metrics`. Empty: there is no such address.",
)
if VDX_METRICS_TOKEN and len(VDX_METRICS_TOKEN) < 32:
    raise ImproperlyConfigured("VDX_METRICS_TOKEN must have at least 32 characters. See docs/settings.md.")

# --- Logging -----------------------------------------------------------------------------------------------

VDX_LOG_LEVEL = env.text(
    "VDX_LOG_LEVEL", "INFO", "How much is logged: DEBUG, INFO, WARNING or ERROR.", pattern="DEBUG|INFO|WARNING|ERROR"
)
VDX_REQUEST_ID_HEADER = env.text(
    "VDX_REQUEST_ID_HEADER", "X-Request-ID", "Header in which a proxy or record system names a request; it is logged."
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "vdx.logs.SafeFormatter", "format": "{asctime} {levelname} {name} {message}", "style": "{"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": VDX_LOG_LEVEL},
    "loggers": {
        # Their lines hold paths, and a path may hold a room's code. vdx.access logs the route's name instead.
        "uvicorn.access": {"level": "CRITICAL", "propagate": False},
        "django.server": {"level": "CRITICAL", "propagate": False},
        "daphne": {"level": "WARNING"},
        "django.request": {"level": "CRITICAL"},
        "django.security": {"level": "CRITICAL"},
        "django.db.backends": {"level": "WARNING"},
        # vdx.lib.events says it in the hub's own words.
        "django.dispatch": {"level": "CRITICAL"},
        "uvicorn": {"level": "WARNING"},
        "websockets": {"level": "WARNING"},
        "celery": {"level": "WARNING"},
    },
}

# --- Development and tests ----------------------------------------------------------------------------------

DEBUG = env.flag("VDX_DEBUG", False, "Django's own error pages; never in service.")
VDX_EVENTS_RAISE = env.flag("VDX_EVENTS_RAISE", False, "A failing listener fails the one who told it; for tests.")

if env.unknown():
    raise ImproperlyConfigured(
        f"Unknown setting {', '.join(env.unknown())}: nobody reads it. docs/settings.md lists the names."
    )
