"""The hub's own settings, with the bare pages and their socket beside its addresses."""

from vdx.settings import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "bench.join.apps.BareConfig"]  # noqa: F405
ROOT_URLCONF = "bench.join.urls"
