"""``manage.py import_calls``: all of the files or nothing of them, and the same files once."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from monitoring.models import CallRecord, CallStretch, DeviceRecord, DeviceStay, MonthMark
from monitoring.services.history import files as reading
from monitoring.services.history import tables
from tests.factories.accounts import OrganisationFactory
from vdx.accounts.models import AuditEntry, Organisation

pytestmark = [pytest.mark.django_db, pytest.mark.service]

ORGANISATIONS = """\
code,name,kind,region,pilot_from,pilot_until,test
a1,Lægehuset Å,general,Sjælland,2019-06-01,,0
b2,"Hud, hår og negle",specialist,Region Nordjylland,2019-06-01,2020-01-31,0
t3,Prøven,general,Sjælland,,,1
"""
CALLS = """\
call_id,organisation_code,booked,instant,started_at,ended_at,outcome
c1,a1,1,1,2019-06-03T09:00:00+02:00,2019-06-03T09:12:00+02:00,carried_out
c2,b2,0,0,2019-06-03T10:00:00+02:00,2019-06-03T10:10:00+02:00,
c3,a1,1,0,2019-06-03T11:00:00Z,2019-06-03T11:05:00Z,
"""
DEVICES = """\
call_id,kind,joined_at,left_at,device
c1,browser,2019-06-03T09:00:00+02:00,2019-06-03T09:12:00+02:00,doctor
c1,app,2019-06-03T09:01:00+02:00,2019-06-03T09:03:00+02:00,patient
c2,room_system,2019-06-03T10:00:00+02:00,2019-06-03T10:10:00+02:00,x
c1,app,2019-06-03T09:05:00+02:00,2019-06-03T09:12:00+02:00,patient
c2,telephone,2019-06-03T10:00:00.5+02:00,2019-06-03T10:09:59.25+02:00,y
c3,app,2019-06-03T11:00:00Z,2019-06-03T11:05:00Z,z
"""


@pytest.fixture
def files(tmp_path: Path) -> Path:
    write(tmp_path)
    return tmp_path


def write(folder: Path, organisations: str = ORGANISATIONS, calls: str = CALLS, devices: str = DEVICES) -> None:
    (folder / "organisations.csv").write_text(organisations)
    (folder / "calls.csv").write_text(calls)
    (folder / "devices.csv").write_text(devices)


def take_in(folder: Path) -> str:
    out = StringIO()
    names = {name: folder / f"{name}.csv" for name in ("organisations", "calls", "devices")}
    call_command("import_calls", **names, stdout=out, stderr=StringIO())
    return out.getvalue()


def refused(folder: Path) -> list[str]:
    """What is said of each bad row; nothing is there afterwards."""
    before = counts()
    said = StringIO()
    names = {name: folder / f"{name}.csv" for name in ("organisations", "calls", "devices")}
    with pytest.raises(CommandError, match="Intet er importeret"):
        call_command("import_calls", **names, stdout=StringIO(), stderr=said)
    assert counts() == before
    return [line for line in said.getvalue().splitlines() if not line.startswith("[")]


def counts() -> tuple[int, ...]:
    return tuple(
        model.objects.count() for model in (Organisation, CallRecord, DeviceRecord, DeviceStay, CallStretch, AuditEntry)
    )


def test_calls_come_in_as_if_they_had_been_held_here(files: Path) -> None:
    said = take_in(files)

    assert "5 enheder" in said
    first, second, third = CallRecord.objects.select_related("organisation").order_by("started_at")
    assert (first.organisation.code, first.booked, first.instant, first.outcome, first.is_final) == (
        "a1", True, True, "carried_out", True,
    )  # fmt: skip
    assert first.started_at == datetime(2019, 6, 3, 7, tzinfo=UTC)
    # The patient was away for two minutes, and is one device.
    assert (first.device_count, first.app_count, first.seconds_together) == (2, 1, 9 * 60)
    assert first.stretches.count() == 2
    assert (second.booked, second.device_count, second.seconds_together) == (False, 2, 598)
    # Nobody else came; the app call is one all the same.
    assert (third.device_count, third.app_count, third.seconds_together) == (1, 1, 0)
    assert sorted(DeviceRecord.objects.values_list("kind", flat=True)) == [
        "app", "app", "browser", "room_system", "telephone",
    ]  # fmt: skip


def test_organisations_come_in_with_region_and_pilot(files: Path) -> None:
    take_in(files)

    found = {row.code: row for row in Organisation.objects.select_related("parent")}
    assert (found["a1"].name, found["a1"].parent.name) == ("Lægehuset Å", "Region Sjælland")
    assert (found["b2"].pilot_from, found["b2"].pilot_until) == (date(2019, 6, 1), date(2020, 1, 31))
    assert found["t3"].is_test
    assert found["t3"].parent == found["a1"].parent


def test_the_same_files_again_add_nothing(files: Path) -> None:
    take_in(files)
    before = counts()

    assert "3 opkald var her i forvejen" in take_in(files)
    assert counts() == before


def test_the_months_of_new_calls_are_counted_anew(files: Path) -> None:
    take_in(files)
    marks = MonthMark.objects.order_by("month", "organisation__code").values_list("month", "organisation__code")
    assert list(marks) == [(date(2019, 6, 1), "a1"), (date(2019, 6, 1), "b2")]
    MonthMark.objects.all().delete()

    # Of these only the last is new; in Denmark it began in August.
    write(files, calls=CALLS + "c4,a1,1,0,2019-07-31T22:00:00Z,2019-07-31T22:10:00Z,\n")
    take_in(files)

    assert list(marks.all()) == [(date(2019, 8, 1), "a1")]


def test_a_later_file_adds_what_is_new(files: Path) -> None:
    take_in(files)
    write(
        files,
        calls=CALLS + "c4,a1,1,0,2019-07-03T09:00:00+02:00,2019-07-03T09:12:00+02:00,\n",
        devices=DEVICES + "c4,browser,2019-07-03T09:00:00+02:00,2019-07-03T09:12:00+02:00,1\n",
    )
    take_in(files)

    assert CallRecord.objects.count() == 4


def test_a_region_and_organisation_that_are_here_are_taken(files: Path) -> None:
    region = OrganisationFactory.create(code="rs", name="Region Sjælland", kind="region")
    known = OrganisationFactory.create(code="a1", name="Et andet navn", pilot_from=date(2019, 6, 1), parent=region)

    take_in(files)

    assert Organisation.objects.get(code="t3").parent == region
    assert CallRecord.objects.filter(organisation=known).count() == 2
    known.refresh_from_db()
    assert known.name == "Et andet navn"


@pytest.mark.parametrize("written", ["region sjælland", "SJÆLLAND", "region-sjaelland"])
def test_one_of_the_five_regions_is_made_however_it_is_written(files: Path, written: str) -> None:
    write(files, organisations=ORGANISATIONS.replace(",Sjælland,", f",{written},"))
    take_in(files)

    assert Organisation.objects.get(code="a1").parent.code == "region-sjaelland"


def test_a_region_with_a_new_name_is_still_found(files: Path) -> None:
    region = OrganisationFactory.create(code="region-sjaelland", name="Region Øst", kind="region")
    take_in(files)

    assert Organisation.objects.get(code="a1").parent == region


def test_a_device_is_in_no_call_before_or_after_it(files: Path) -> None:
    later = DEVICES.replace(
        "c1,browser,2019-06-03T09:00:00+02:00,2019-06-03T09:12:00",
        "c1,browser,2019-06-02T09:00:00+02:00,2019-06-05T09:12:00",
    )
    later = later.replace(
        "c1,app,2019-06-03T09:05:00+02:00,2019-06-03T09:12:00", "c1,app,2019-06-03T09:05:00+02:00,2019-06-05T09:12:00"
    )
    assert later.count("2019-06-05") == 2
    write(files, devices=later)
    take_in(files)

    call = CallRecord.objects.order_by("started_at")[0]
    assert call.seconds_together == 9 * 60
    assert call.stretches.order_by("pk").last().ended_at == call.ended_at


def test_another_import_at_the_same_time_is_told_so(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "alone", lambda: False)

    with pytest.raises(CommandError, match="En anden import er i gang"):
        take_in(files)


def test_columns_are_found_by_name(tmp_path: Path) -> None:
    write(
        tmp_path,
        organisations="\ufefftest,region,note,kind,pilot_until,pilot_from,name,code\n0,Sjælland,x,general,,,A,a1\n",
        calls="ended_at;started_at;instant;booked;organisation_code;call_id\n"
        "2019-06-03T09:12:00+02:00;2019-06-03T09:00:00+02:00;0;1;a1;c1\n",
        devices="left_at,joined_at,kind,call_id\n"
        "2019-06-03T09:12:00+02:00,2019-06-03T09:00:00+02:00,browser,c1\n"
        "2019-06-03T09:12:00+02:00,2019-06-03T09:06:00+02:00,browser,c1\n",
    )

    take_in(tmp_path)

    # Without the column each row is a device.
    call = CallRecord.objects.get()
    assert (call.device_count, call.seconds_together) == (2, 360)


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("organisations", ",kind,", ",art,", "organisations.csv:1: kolonnen mangler: kind"),
        ("organisations", ",specialist,", ",tandlæge,", "organisations.csv:3: kind kender ikke værdien »tandlæge«"),
        ("organisations", "Region Nordjylland", "Skåne", "organisations.csv:3: regionen »Skåne« findes ikke"),
        ("organisations", "2020-01-31", "2019-05-31", "organisations.csv:3: pilot_until ligger før pilot_from"),
        ("organisations", "2020-01-31", "31.1.2020", "organisations.csv:3: pilot_until skal være en dato"),
        ("organisations", "t3,", "a1,", "organisations.csv:4: code »a1« står der i forvejen"),
        ("organisations", "t3,Prøven", "t3,", "organisations.csv:4: name er tom"),
        ("calls", "c2,b2", "c2,b9", "calls.csv:3: organisationen »b9« findes ikke"),
        ("calls", "c2,b2,0", "c2,b2,nej", "calls.csv:3: booked skal være 0 eller 1, ikke »nej«"),
        ("calls", "c3,a1", "c1,a1", "calls.csv:4: call_id »c1« står der i forvejen"),
        ("calls", "11:05:00Z", "11:05:00", "calls.csv:4: ended_at mangler tidszone"),
        ("calls", "2019-06-03T11:05:00Z", "2019-06-03T10:05:00Z", "calls.csv:4: ended_at ligger før started_at"),
        ("calls", "2019-06-03T11:05:00Z", "i går", "calls.csv:4: ended_at skal være et tidspunkt"),
        ("calls", "2019-06-03T11:05:00Z", "2219-06-03T11:05:00Z", "calls.csv:4: ended_at ligger før år 2000"),
        ("calls", "2019-06-03T11:00:00Z", "0001-01-01T00:00:00+02:00", "calls.csv:4: started_at ligger før år 2000"),
        ("devices", "2019-06-03T11:05:00Z", "9999-12-31T23:50:00Z", "devices.csv:7: left_at ligger før år 2000"),
        ("calls", "c3,a1", "c\0,a1", "calls.csv:4: linjen kan ikke læses som CSV i UTF-8"),
        ("calls", "carried_out", "fint", "calls.csv:2: outcome kender ikke værdien »fint«"),
        ("calls", ",carried_out", "", "calls.csv:2: rækken har 6 felter, overskriften har 7"),
        ("devices", "c3,app", "c9,app", "devices.csv:7: opkaldet »c9« findes ikke"),
        ("devices", "c3,app", "c3,fax", "devices.csv:7: kind kender ikke værdien »fax«"),
        ("devices", "2019-06-03T11:05:00Z,z", "2019-06-03T10:05:00Z,z", "devices.csv:7: left_at ligger før joined_at"),
        ("devices", "2019-06-03T11:00:00Z,2019-06-03T11:05:00Z", "2019-06-04T11:00:00Z,2019-06-04T11:05:00Z",
         "devices.csv:7: enheden var der slet ikke, mens opkaldet »c3« varede"),
    ],
)  # fmt: skip
def test_a_bad_row_is_named_and_nothing_comes_in(files: Path, file: str, old: str, new: str, said: str) -> None:
    path = files / f"{file}.csv"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new, 1))

    first, *others = refused(files)

    assert first.startswith(said)
    # A device whose call has become another one's is left without a call.
    assert others == (["devices.csv:7: opkaldet »c3« findes ikke"] if new in {"c1,a1", "c\0,a1"} else [])


def test_every_bad_row_of_every_file_is_named(files: Path) -> None:
    write(files, calls=CALLS.replace("c1,a1,1", "c1,a1,7").replace("c2,b2", "c2,b9"), devices=DEVICES + "c1,\n")

    assert [line.split(": ")[0] for line in refused(files)] == ["calls.csv:2", "calls.csv:3", "devices.csv:8"]


def test_lines_are_those_of_an_editor(files: Path) -> None:
    text = ORGANISATIONS.replace('"Hud, hår og negle"', '"Hud\nog hår"').replace("Prøven", "")
    write(files, organisations=text)

    assert refused(files) == ["organisations.csv:5: name er tom"]


def test_a_file_that_is_no_text_is_named(files: Path) -> None:
    (files / "calls.csv").write_bytes(CALLS.encode().replace(b"carried_out", b"\xff\xfe"))

    assert any(line.startswith("calls.csv:") and "UTF-8" in line for line in refused(files))


def test_each_line_that_is_no_utf_8_is_named_and_no_other(files: Path) -> None:
    (files / "organisations.csv").write_bytes(ORGANISATIONS.encode("latin-1"))

    said = "linjen kan ikke læses som CSV i UTF-8"
    assert refused(files) == [f"organisations.csv:{line}: {said}" for line in (2, 3, 4)]


def test_a_code_that_cannot_be_read_makes_no_orphans(files: Path) -> None:
    write(files, calls=CALLS.replace("b2", "å2"))
    (files / "organisations.csv").write_bytes(ORGANISATIONS.encode().replace(b"b2,", "å2,".encode("latin-1")))

    assert refused(files) == ["organisations.csv:3: linjen kan ikke læses som CSV i UTF-8"]


def test_a_quote_that_does_not_end_makes_no_orphans(files: Path) -> None:
    write(files, calls=CALLS.replace("c2,b2", '"c2,b2'))

    assert refused(files) == ["calls.csv:3: linjen kan ikke læses som CSV i UTF-8"]


def test_no_more_bad_rows_are_named_than_somebody_can_read(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_NAMED", 2)
    write(files, calls=CALLS.replace("2019-", "2219-"))

    first, second, more = refused(files)
    assert (first[:12], second[:12], more) == ("calls.csv:2:", "calls.csv:3:", "… og 1 mere.")


def test_a_call_with_more_devices_than_a_record_holds_is_named(files: Path) -> None:
    many = "c1,app,2019-06-03T09:01:00+02:00,2019-06-03T09:03:00+02:00,{}\n"
    write(files, devices=DEVICES + "".join(many.format(number) for number in range(999)))

    assert refused(files) == ["calls.csv:2: opkaldet har flere end 1000 enheder"]


def test_a_file_that_is_not_there_is_named(files: Path) -> None:
    (files / "calls.csv").unlink()

    with pytest.raises(CommandError, match=r"calls\.csv kan ikke læses"):
        take_in(files)
    assert counts() == (0, 0, 0, 0, 0, 0)


def test_facts_are_not_written_over(files: Path) -> None:
    take_in(files)
    write(files, calls=CALLS.replace("c1,a1,1,1", "c1,a1,1,0"))
    assert refused(files) == ["calls.csv:2: findes i hubben med andre oplysninger"]

    write(files, calls=CALLS.replace("carried_out", "no_show_patient"))
    assert refused(files) == ["calls.csv:2: findes i hubben med andre oplysninger"]

    write(files, devices=DEVICES.replace("c1,browser", "c1,telephone"))
    assert refused(files) == ["calls.csv:2: findes i hubben med andre oplysninger"]

    write(files, organisations=ORGANISATIONS.replace("2020-01-31", "2020-02-29"))
    assert refused(files) == ["organisations.csv:3: findes i hubben med andre oplysninger pilot_until"]


def test_a_call_whose_devices_are_forgotten_is_the_same_call(files: Path) -> None:
    take_in(files)
    DeviceRecord.objects.all().delete()

    assert "3 opkald var her i forvejen" in take_in(files)


def test_what_was_imported_is_written_down(files: Path) -> None:
    take_in(files)

    entry = AuditEntry.objects.get(action="history.imported")
    assert entry.detail == {"organisations": 3, "calls": 3, "devices": 5}
    assert entry.at <= timezone.now()


def test_calls_that_are_held_afterwards_get_ids_of_their_own(files: Path) -> None:
    take_in(files)
    highest = max(CallRecord.objects.values_list("pk", flat=True))

    call = CallRecord.objects.create(
        room_uuid="00000000-0000-4000-8000-000000000001",
        organisation=Organisation.objects.get(code="a1"),
        booked=True,
        instant=False,
    )

    assert call.pk > highest
