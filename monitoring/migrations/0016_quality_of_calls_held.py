from __future__ import annotations

from typing import Any

from django.db import migrations


def leave_out_what_was_not_held(apps: Any, schema_editor: Any) -> None:
    """The months tell the quality of calls that were held, as of their devices; the facts stay."""
    apps.get_model("monitoring", "MonthQuality").objects.filter(kind="").delete()


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0015_fee_once")]

    operations = [migrations.RunPython(leave_out_what_was_not_held, migrations.RunPython.noop)]
