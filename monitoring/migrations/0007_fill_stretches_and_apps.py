from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db import migrations
from django.db.models import Count, Q

AT_ONCE = 500


def fill(apps: Any, schema_editor: Any) -> None:
    """The calls that were there already: their app devices, and when two devices or more were in them."""
    calls, stays = apps.get_model("monitoring", "CallRecord"), apps.get_model("monitoring", "DeviceStay")
    stretch = apps.get_model("monitoring", "CallStretch")
    known = list(calls.objects.filter(devices__isnull=False).order_by("pk").values_list("pk", flat=True).distinct())
    for start in range(0, len(known), AT_ONCE):
        some = known[start : start + AT_ONCE]
        apps_in = (
            calls.objects.filter(pk__in=some)
            .annotate(came=Count("devices", filter=Q(devices__kind="app")))
            .filter(came__gt=0)
        )
        for call in apps_in:
            calls.objects.filter(pk=call.pk).update(app_count=call.came)
        changes = defaultdict(list)
        for call, joined, left in stays.objects.filter(device__call__in=some).values_list(
            "device__call_id", "joined_at", "left_at"
        ):
            changes[call] += [(joined, 1), (left, -1)]
        stretch.objects.bulk_create(
            stretch(call_id=call, began_at=began, ended_at=ended)
            for call in sorted(changes)
            for began, ended in together(changes[call])
        )


def together(changes: list[tuple[Any, int]]) -> list[tuple[Any, Any]]:
    """Where two or more were there; the stays of one device are kept apart from each other."""
    found, present, since = [], 0, None
    for moment, change in sorted(changes):
        if present >= 2 and since is not None and moment > since:
            if found and found[-1][1] == since:
                found[-1] = (found[-1][0], moment)
            else:
                found.append((since, moment))
        present += change
        since = moment
    return found


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0006_stretches_and_apps")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
