"""Settings of the test run: the hub's own, with a folder of its own, cheap passwords and no collected files.

``VDX_DATABASE_URL`` and ``VDX_REDIS_URL`` choose PostgreSQL and Redis, as in service.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

if "VDX_VAR_DIR" not in os.environ:
    _folder = tempfile.mkdtemp(prefix="vdx-test-")
    os.environ["VDX_VAR_DIR"] = _folder
    atexit.register(shutil.rmtree, _folder, ignore_errors=True)

from vdx.settings import *  # noqa: F403
from vdx.settings import CACHES, CELERY_BROKER_URL, CHANNEL_LAYERS, DATABASES, STORAGES, VDX_REDIS_URL  # type: ignore

VDX_EVENTS_RAISE = True
# No media server runs beside a test unless the test starts one.
VDX_MEDIA_ENGINE = "fake"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# No manifest: pages name the files as they lie in static/.
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
# A task that is sent runs at once, in the sender's thread, and fails the test when it fails.
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True

_options = dict(DATABASES["default"]["OPTIONS"])
if "sqlite" in DATABASES["default"]["ENGINE"]:
    _options["init_command"] += " PRAGMA synchronous=OFF;"
else:
    # A pool would keep the test database from being dropped.
    _options.pop("pool")
DATABASES = {"default": {**DATABASES["default"], "OPTIONS": _options}}

if VDX_REDIS_URL:
    # Tests that run at the same time clear the cache of each other otherwise.
    _worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    _redis = f"{VDX_REDIS_URL.rstrip('/')}/{_worker}"
    CACHES = {"default": {**CACHES["default"], "LOCATION": _redis}}
    CELERY_BROKER_URL = _redis
    _layer = CHANNEL_LAYERS["default"]
    _host = {**_layer["CONFIG"]["hosts"][0], "address": _redis}
    CHANNEL_LAYERS = {
        "default": {**_layer, "CONFIG": {**_layer["CONFIG"], "hosts": [_host], "prefix": f"vdx{_worker}"}}
    }
