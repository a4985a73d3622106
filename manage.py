#!/usr/bin/env python
"""Run a management command of the hub."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vdx.settings")
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        # Read here: some commands would swallow what is wrong with a setting, others bury it under a traceback.
        settings.INSTALLED_APPS  # noqa: B018  # looking at it reads them all
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as wrong:
        sys.exit(str(wrong))
