"""A folder of files comes whole or not at all, and takes nobody's work away."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from vdx.reports.files import NotOurs, with_manifest, write_all

FIRST = with_manifest({"a.csv": b"1", "report.html": b"one"})
SECOND = with_manifest({"b.csv": b"2", "report.html": b"two"})


def held(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def alone(folder: Path) -> bool:
    """Nothing is left beside the folder."""
    return [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_a_folder_is_made_where_it_is_missing(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "report"

    write_all(folder, FIRST)

    assert held(folder) == FIRST
    assert alone(folder)
    umask = os.umask(0)
    os.umask(umask)
    assert folder.stat().st_mode & 0o777 == 0o777 & ~umask


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    folder = tmp_path / "report"
    folder.mkdir()

    write_all(folder, FIRST)

    assert held(folder) == FIRST


def test_an_earlier_report_is_replaced_as_a_whole(tmp_path: Path) -> None:
    folder = tmp_path / "report"
    write_all(folder, FIRST)

    write_all(folder, SECOND)

    # a.csv, which this report has not, is gone.
    assert held(folder) == SECOND
    assert alone(folder)


@pytest.mark.parametrize("change", ["added", "edited", "folder", "link"])
def test_a_report_that_somebody_worked_on_is_refused(tmp_path: Path, change: str) -> None:
    folder = tmp_path / "report"
    write_all(folder, FIRST)
    name = "a.csv" if change == "edited" else "mine.csv"
    match change:
        case "folder":
            (folder / name).mkdir()
        case "link":
            (folder / name).symlink_to(folder / "a.csv")
        case _:
            (folder / name).write_bytes(b"mine")
    before = sorted(path.name for path in folder.iterdir())

    with pytest.raises(NotOurs) as refused:
        write_all(folder, SECOND)

    assert refused.value.name == name
    assert sorted(path.name for path in folder.iterdir()) == before
    assert alone(folder)


def test_where_it_is_wished_the_files_come_among_others(tmp_path: Path) -> None:
    folder = tmp_path / "report"
    folder.mkdir()
    (folder / "mine.txt").write_bytes(b"mine")

    write_all(folder, FIRST, force=True)

    assert held(folder) == {**FIRST, "mine.txt": b"mine"}
    assert alone(folder)


def test_among_other_files_no_table_of_an_earlier_report_is_left(tmp_path: Path) -> None:
    folder = tmp_path / "report"
    earlier = with_manifest({"a.csv": b"1", "c.csv": b"3", "report.html": b"one"})
    write_all(folder, earlier)
    (folder / "mine.txt").write_bytes(b"mine")
    (folder / "c.csv").write_bytes(b"worked on")

    write_all(folder, SECOND, force=True)

    assert held(folder) == {**SECOND, "mine.txt": b"mine", "c.csv": b"worked on"}


def test_what_fails_in_the_middle_leaves_everything_as_it_was(tmp_path: Path) -> None:
    folder = tmp_path / "report"
    write_all(folder, FIRST)

    with pytest.raises(OSError, match="no-such-folder"):
        write_all(folder, {"a.csv": b"new", "no-such-folder/b.csv": b"new"})

    assert held(folder) == FIRST
    assert alone(folder)


def test_a_file_in_the_place_of_the_folder_is_not_overwritten(tmp_path: Path) -> None:
    place = tmp_path / "report"
    place.write_bytes(b"mine")

    with pytest.raises(OSError):  # which one is the system's affair
        write_all(place, FIRST)

    assert place.read_bytes() == b"mine"


def test_a_folder_may_be_named_by_a_link(tmp_path: Path) -> None:
    folder = tmp_path / "there" / "report"
    folder.mkdir(parents=True)
    link = tmp_path / "here"
    link.symlink_to(folder)

    write_all(link, FIRST)

    assert link.is_symlink()
    assert held(folder) == FIRST
