from __future__ import annotations

from datetime import date
from typing import Any

from django.db import migrations

LEVEL = date(2019, 4, 1)
HOVEDSTADEN, SYDDANMARK, MIDTJYLLAND, NORDJYLLAND = "Hovedstaden", "Syddanmark", "Midtjylland", "Nordjylland"
# The pilot's rates for general practice: region, kind, rule, øre, and what else there is to say.
RATES: list[tuple[str, str, str, int, dict[str, Any]]] = [
    (HOVEDSTADEN, "consultation", "per_call", 16000, {}),
    (HOVEDSTADEN, "conference", "per_whole_module", 15585, {"module_minutes": 10, "most_modules": 3}),
    (SYDDANMARK, "consultation", "per_call", 16000, {}),
    (SYDDANMARK, "conference", "per_begun_module", 15692, {"module_minutes": 10}),
    (MIDTJYLLAND, "consultation", "per_call", 16000, {"service_code": "4436"}),
    (
        MIDTJYLLAND,
        "conference",
        "per_whole_module",
        15545,
        {"module_minutes": 10, "most_modules": 6, "service_code": "4435"},
    ),
    (MIDTJYLLAND, "not_carried_out", "per_call", 16000, {"service_code": "4436"}),
    (NORDJYLLAND, "consultation", "per_call", 16000, {"service_code": "4436"}),
    (NORDJYLLAND, "not_carried_out", "per_call", 15545, {}),
    (HOVEDSTADEN, "signing_up", "one_off", 1000000, {}),
    (SYDDANMARK, "signing_up", "one_off", 93271, {"quantity": 8}),
    (MIDTJYLLAND, "signing_up", "one_off", 93270, {"quantity": 8}),
    (NORDJYLLAND, "signing_up", "one_off", 1000000, {}),
    (NORDJYLLAND, "signing_up", "one_off", 93270, {"quantity": 8}),
]
# The agreement for general practice of the half year, in the whole country.
AGREEMENT = {"valid_from": date(2019, 10, 1), "valid_until": date(2020, 3, 31)}


SHIPPED: list[dict[str, Any]] = [
    *(
        {"region": region, "kind": kind, "rule": rule, "amount_ore": ore, "valid_from": LEVEL, **more}
        for region, kind, rule, ore, more in RATES
    ),
    {"region": "", "kind": "ordinary", "rule": "per_call", "amount_ore": 14344, **AGREEMENT},
    {"region": "", "kind": "telephone", "rule": "per_call", "amount_ore": 2808, **AGREEMENT},
]


def ship(apps: Any, schema_editor: Any) -> None:
    """The rates that the pilot's practices were paid, and what they are compared with."""
    fee = apps.get_model("monitoring", "Fee")
    fee.objects.bulk_create([fee(**fields) for fields in SHIPPED])


def take_back(apps: Any, schema_editor: Any) -> None:
    """Those that came with this and were not changed since."""
    fee = apps.get_model("monitoring", "Fee")
    plain = {"practice_kind": "general", "quantity": 1, "valid_until": None, "service_code": ""}
    plain |= {"module_minutes": None, "most_modules": None}
    for fields in SHIPPED:
        fee.objects.filter(**plain | fields).delete()


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0008_fees_and_costs")]

    operations = [migrations.RunPython(ship, take_back)]
