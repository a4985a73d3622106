"""``manage.py evaluation_report`` on the pilot's own data: the published tables, to the digit."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from importlib import import_module
from io import StringIO
from itertools import pairwise
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from monitoring.models import Cost, Fee, ProbeDay
from tests.support import pilot
from vdx.lib.clock import COPENHAGEN
from vdx.reports.evaluation import report_tables
from vdx.reports.files import as_csv

pytestmark = pytest.mark.django_db


def rows(folder: Path, name: str) -> list[list[str]]:
    with (folder / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def report(folder: Path, first: date = pilot.FIRST, last: date = pilot.LAST) -> Path:
    """The tables alone, as files: charts and pages take their time (``test_report_pages.py``)."""
    folder.mkdir(exist_ok=True)
    for name, lines in report_tables(first=first, last=last).items():
        (folder / f"{name}.csv").write_bytes(as_csv(lines))
    return folder


@pytest.fixture
def made(tmp_path: Path) -> pilot.Pilot:
    return pilot.build(tmp_path, seed=7)


@pytest.fixture
def out(tmp_path: Path, made: pilot.Pilot) -> Path:
    names = {name: tmp_path / f"{name}.csv" for name in ("organisations", "calls", "devices")}
    call_command("import_calls", **names, stdout=StringIO(), stderr=StringIO())
    return report(tmp_path / "report")


MONTHS = [f"{month:%Y-%m}" for month in pilot.MONTHS]


def test_the_published_tables_come_out_to_the_digit(out: Path, made: pilot.Pilot) -> None:
    totals = [sum(column) for column in zip(*pilot.CONSULTATIONS.values(), strict=True)]
    assert rows(out, "table3_consultations") == [
        ["region", *MONTHS, "total"],
        *([region, *map(str, counts), str(sum(counts))] for region, counts in pilot.CONSULTATIONS.items()),
        ["I alt", *map(str, totals), "503"],
    ]
    signed_up = [sum(column) for column in zip(*pilot.SIGNED_UP.values(), strict=True)]
    assert rows(out, "table1_signed_up") == [
        ["region", *MONTHS],
        *([region, *map(str, counts)] for region, counts in pilot.SIGNED_UP.items()),
        ["I alt", *map(str, signed_up)],
    ]


def test_the_averages_are_those_of_the_report(out: Path) -> None:
    found = {measure: int(value) for measure, value in rows(out, "totals")[1:]}

    assert (found["consultations"], found["consultation_minutes"]) == (503, 6924)
    assert (found["conferences"], found["conference_minutes"]) == (14, 110)
    assert (found["instant_meetings"], found["app_calls"]) == (111, 220)
    # A little under 14 minutes, and a little under 8.
    assert 13 < found["consultation_minutes"] / found["consultations"] < 14
    assert 7 < found["conference_minutes"] / found["conferences"] < 8
    assert (found["consultation_average_minutes"], found["conference_average_minutes"]) == (14, 8)
    assert (found["instant_meetings_percent"], found["app_calls_percent"]) == (21, 44)
    assert (found["calls"], found["practices_signed_up"]) == (517, 52)


def test_the_other_tables_are_what_the_files_say(out: Path, made: pilot.Pilot) -> None:
    """Counted anew from the rows, in the plainest way."""
    region_of = {code: region for region, practices in made.practices.items() for code, _ in practices}
    joined = {code: day for practices in made.practices.values() for code, day in practices}
    devices = defaultdict(lambda: defaultdict(list))
    kinds = {}
    for call_id, kind, begin, end, device in made.devices:
        devices[call_id][device].append((datetime.fromisoformat(begin), datetime.fromisoformat(end)))
        kinds[call_id, device] = kind
    active, conferences, apps, long, instant = defaultdict(set), Counter(), Counter(), Counter(), Counter()
    for call_id, code, booked, straks, start, _, _ in made.calls:
        day = datetime.fromisoformat(start).astimezone(COPENHAGEN).date()
        if code not in region_of or not joined[code] <= day or not pilot.FIRST <= day <= pilot.LAST:
            continue
        region, month = region_of[code], f"{day:%Y-%m}"
        there = devices[call_id]
        if booked == "1":
            apps[region, month] += sum(kinds[call_id, device] == "app" for device in there)
        together = timedelta()
        moments = sorted({moment for stays in there.values() for stay in stays for moment in stay})
        for a, b in pairwise(moments):
            if sum(any(begin <= a and b <= end for begin, end in stays) for stays in there.values()) >= 2:
                together += b - a
        if not together:
            continue
        active[region, month].add(code)
        long[month] += together > timedelta(minutes=5)
        instant[region] += booked == "1" and straks == "1"
        conferences[region, month] += booked == "0" or len(there) > 2

    def by_month(counts: dict[tuple[str, str], int]) -> list[list[str]]:
        lines = [[region, *(counts[region, month] for month in MONTHS)] for region in pilot.REGIONS]
        lines.append(["I alt", *(sum(line[n] for line in lines) for n in range(1, len(MONTHS) + 1))])
        return [[*map(str, line), str(sum(line[1:]))] for line in lines]

    assert rows(out, "table4_conferences")[1:] == by_month(conferences)
    assert rows(out, "table5_app_calls")[1:] == by_month(apps)
    counts = defaultdict(int, {key: len(codes) for key, codes in active.items()})
    assert rows(out, "table2_active_practices")[1:] == [line[:-1] for line in by_month(counts)]
    assert rows(out, "figure4_long_calls")[1:] == [[month, str(long[month])] for month in MONTHS]
    assert rows(out, "figure7_instant_meetings")[1:] == [[region, str(instant[region])] for region in pilot.REGIONS]


def test_each_region_has_a_line_with_its_average(out: Path, made: pilot.Pilot) -> None:
    header, *lines = rows(out, "table6_by_region")

    assert ",".join(header) == (
        "region,active_general,active_specialist,consultations,conferences,total,average_per_active"
    )
    assert [line[0] for line in lines] == [*pilot.REGIONS, "I alt"]
    for _, general, specialist, consultations, conferences, total, average in lines:
        assert int(total) == int(consultations) + int(conferences)
        assert int(average) == int(int(total) / (int(general) + int(specialist)) + 0.5)
    assert lines[-1][3:6] == ["503", "14", "517"]


def test_minutes_are_cut_in_the_sum_that_is_shown(out: Path) -> None:
    header, *lines = rows(out, "minutes")

    assert header == ["month", "region", "kind", "minutes"]
    assert len(lines) == 8 * 5 * 2
    # Each cell loses less than a minute.
    consultations = sum(int(line[3]) for line in lines if line[2] == "consultation")
    assert 6924 - 40 < consultations <= 6924


def test_an_empty_hub_gives_tables_without_calls(tmp_path: Path) -> None:
    folder = report(tmp_path)

    assert rows(folder, "table3_consultations")[-1] == ["I alt", *["0"] * 9]
    assert rows(folder, "table6_by_region")[1] == ["Hovedstaden", "0", "0", "0", "0", "0", ""]
    assert rows(folder, "figure5_peak_simultaneous")[1] == ["2019-06", "0"]


def test_a_period_within_a_month_is_counted_by_the_day(tmp_path: Path, out: Path, made: pilot.Pilot) -> None:
    folder = report(tmp_path / "day", date(2019, 9, 1), date(2019, 9, 15))
    first = int(rows(folder, "table3_consultations")[-1][-1])
    report(folder, date(2019, 9, 16), date(2019, 9, 30))

    assert rows(folder, "table3_consultations")[0] == ["region", "2019-09", "total"]
    assert first + int(rows(folder, "table3_consultations")[-1][-1]) == 82


def test_the_number_of_queries_is_the_same_for_any_hub(
    tmp_path: Path, out: Path, django_assert_max_num_queries
) -> None:
    # What is asked of patients and doctors is counted question by question.
    asked = len(list(out.glob("patients_*.csv"))) + 2 * len(list(out.glob("postcards_*.csv")))
    with django_assert_max_num_queries(30 + asked):
        report(tmp_path)


def test_a_period_that_ends_before_it_begins_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="slutter"):
        call_command("evaluation_report", "--from", "2020-01-01", "--to", "2019-12-31", "--out", tmp_path)


def test_fees_and_costs_stand_beside_the_counts(tmp_path: Path, out: Path) -> None:
    Fee.objects.all().delete()
    import_module("monitoring.migrations.0009_shipped_fees").ship(apps, None)
    Cost.objects.create(item="Support", unit="timer", quantity="7.5", amount_ore=300000, day=pilot.FIRST)
    Cost.objects.create(item="=1+1", unit="stk.", amount_ore=1, day=pilot.LAST, region="Sjælland")

    folder = report(tmp_path)

    assert rows(folder, "table7_costs") == [
        ["region", "item", "quantity", "unit", "amount_ore"],
        ["Sjælland", "'=1+1", "1", "stk.", "1"],
        ["", "Support", "7.5", "timer", "300000"],
    ]
    header, *rates = rows(folder, "table8_rates")
    assert ",".join(header) == "region,practice_kind,kind,rule,amount_ore,valid_from"
    assert ["Syddanmark", "general", "conference", "per_begun_module:10", "15692", "2019-04-01"] in rates
    assert ["Hovedstaden", "general", "conference", "per_whole_module:10:3", "15585", "2019-04-01"] in rates
    header, *fees = rows(folder, "fees")
    assert header == ["region", "kind", "calls", "amount_ore"]
    paid = {(region, kind): (int(calls), int(amount)) for region, kind, calls, amount in fees}
    for region, counts in pilot.CONSULTATIONS.items():
        assert paid[region, "consultation"][0] == sum(counts)
    assert paid["Sjælland", "consultation"] == (80, 0)
    # Only general practices' consultations are paid by these rates.
    assert 0 < paid["Syddanmark", "consultation"][1] < 121 * 16000
    assert paid["Syddanmark", "consultation"][1] % 16000 == 0
    assert paid["Syddanmark", "conference"][0] == 14


def test_each_region_and_all_together_have_their_average(out: Path) -> None:
    """Table 6 of the pilot, to the digit: calls by region, and the sums."""
    lines = {line[0]: line[3:6] for line in rows(out, "table6_by_region")[1:]}

    for region, counts in pilot.CONSULTATIONS.items():
        conferences = 14 if region == "Syddanmark" else 0
        assert lines[region] == [str(sum(counts)), str(conferences), str(sum(counts) + conferences)]
    general, specialist, *_rest, total, average = rows(out, "table6_by_region")[-1][1:]
    assert total == "517"
    assert average == str(int(517 / (int(general) + int(specialist)) + 0.5))


def test_a_month_without_probes_has_no_uptime(out: Path) -> None:
    assert rows(out, "figure6_uptime") == [["month", "percent", "probes"], *([month, "", "0"] for month in MONTHS)]


def test_uptime_is_the_share_of_the_intervals_that_a_probe_was_due_in(tmp_path: Path) -> None:
    """Every five minutes: a day with ten failures, a day with a hole of an hour, and nothing before the first day."""
    for day, succeeded, failed in ((29, 278, 10), (30, 276, 0), (31, 288, 0)):
        begin = int(datetime(2020, 1, day, tzinfo=COPENHAGEN).timestamp())
        ProbeDay.objects.create(
            day=date(2020, 1, day),
            interval=300,
            first_slot=begin,
            last_slot=begin + 287 * 300,
            succeeded=succeeded,
            failed=failed,
        )

    folder = report(tmp_path)

    assert rows(folder, "figure6_uptime")[-2:] == [["2019-12", "", "0"], ["2020-01", "97", str(3 * 288)]]
    totals = dict(rows(folder, "totals")[1:])
    assert totals["probes"] == str(3 * 288)
    assert (totals["probes_failed"], totals["probes_missing"], totals["uptime_percent"]) == ("10", "12", "97")
