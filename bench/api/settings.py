"""The hub's own settings, with the bare view beside its addresses."""

from vdx.settings import *  # noqa: F403

ROOT_URLCONF = "bench.api.urls"
