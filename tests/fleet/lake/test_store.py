"""The place of a lake: what is present, and how files get there."""

import os
import time
from pathlib import Path

import pytest
from fsspec.implementations.dirfs import DirFileSystem
from fsspec.implementations.local import LocalFileSystem

from sniffer.base.errors import LakeError, OutputError
from sniffer.fleet.lake.store import LakeStore, Partition, open_store, parse_partition
from tests.fleet.lake.helpers import FAULT, add, content, copy_captures, rows

PARTITION = Partition("bench 7/a=b", "2026-01-15")


def put(store: LakeStore, session: str, partition: Partition, *tables: str, replaces=None) -> None:
    with store.stage() as folder:
        files = {table: folder / table for table in tables}
        for path in files.values():
            path.write_bytes(b"rows")
        store.commit(session, partition, files, replaces or {})


@pytest.fixture(params=["folder", "memory", "other"])
def store(request, tmp_path, monkeypatch):
    if request.param == "folder":
        return LakeStore(str(tmp_path / "lake"))
    store = LakeStore(f"memory://{tmp_path.name}/lake")
    if request.param == "other":
        # A store in which files do not appear whole: each call goes to a folder, as to a share on the network.
        store.fs, store.root = DirFileSystem(str(tmp_path), LocalFileSystem()), "lake"
        store._appears_whole = False
    return store


def test_a_session_is_present_with_its_row_and_its_other_files(store) -> None:
    put(store, "s1", PARTITION, "sessions", "frames")
    found = store.list_files()
    assert found.sessions == {"s1": PARTITION}
    assert [path.rpartition("/")[2] for path in found.files["frames"]] == ["s1.parquet"]
    assert found.files["events"] == []
    with store.fs.open(found.files["frames"][0], "rb") as file:
        assert file.read() == b"rows"


def test_files_without_the_row_of_their_session_are_not_there(store) -> None:
    put(store, "s1", PARTITION, "sessions", "frames")
    store.fs.rm(store.list_files().files["sessions"][0])
    found = store.list_files()
    assert (found.sessions, found.files["frames"]) == ({}, [])


def test_a_session_replaces_its_shorter_one_for_good(store) -> None:
    put(store, "s1", PARTITION, "sessions", "frames")
    put(store, "s2", PARTITION, "sessions", "frames", replaces={"s1": PARTITION})
    found = store.list_files()
    assert ({*found.sessions}, found.replaced) == ({"s2"}, {"s1"})
    assert [path.rpartition("/")[2] for path in found.files["frames"]] == ["s2.parquet"]
    put(store, "s1", PARTITION, "sessions")
    assert {*store.list_files().sessions} == {"s2"}


def test_of_a_session_at_two_places_one_counts_with_its_own_files(store) -> None:
    other = Partition("bench 9", None)
    put(store, "s1", PARTITION, "sessions", "frames")
    put(store, "s1", other, "sessions", "frames", "events")
    found = store.list_files()
    (place,) = found.sessions.values()
    assert [path for files in found.files.values() for path in files] == [
        store.path_of(table, "s1", place) for table in found.files if found.files[table]
    ]
    assert len(found.files["frames"]) == 1


def test_what_was_written_aside_is_removed_a_day_later(tmp_path: Path) -> None:
    store = LakeStore(str(tmp_path / "lake"))
    staging = tmp_path / "lake" / ".staging"
    for name, age in (("evse-sniff-old", 90_000), ("evse-sniff-new", 0), ("evse-sniff-busy", 90_000)):
        (staging / name).mkdir(parents=True)
        (staging / name / "frames.parquet").write_bytes(b"")
        os.utime(staging / name, (time.time() - age,) * 2)
        os.utime(staging / name / "frames.parquet", (time.time() - (age if "old" in name else 0),) * 2)
    store.remove_abandoned()
    assert sorted(path.name for path in staging.iterdir()) == ["evse-sniff-busy", "evse-sniff-new"]


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "lake").write_bytes(b"a file")
    with pytest.raises(OutputError) as caught, LakeStore(str(tmp_path / "lake")).stage():
        pass
    assert str(caught.value).startswith(f"{tmp_path / 'lake'}: ")
    assert "\n" not in str(caught.value)


def test_a_store_that_nothing_knows_is_one_line() -> None:
    with pytest.raises(LakeError, match=r"^nosuch://x: this store cannot be used: "):
        LakeStore("nosuch://x")


@pytest.mark.parametrize("url", ["zip://{}", "reference://x", "ftp://127.0.0.1:1/x"])
def test_a_store_that_fails_when_it_is_opened_is_one_line(url: str, tmp_path: Path) -> None:
    with pytest.raises(LakeError, match=r"^[^\n]*: this store cannot be used: [^\n]+$"):
        LakeStore(url.format(tmp_path))


def test_a_place_without_a_session_is_no_lake_to_ask(tmp_path: Path) -> None:
    with pytest.raises(LakeError, match="there is no session in it"):
        open_store(str(tmp_path))


def test_a_folder_that_is_no_partition_is_refused() -> None:
    with pytest.raises(LakeError, match="not a folder of a lake"):
        parse_partition("somewhere/else")
    assert parse_partition(PARTITION.path) == PARTITION
    assert parse_partition(Partition("a", None).path) == Partition("a", None)


def test_nothing_is_left_aside(tmp_path: Path) -> None:
    add(tmp_path / "lake", copy_captures(tmp_path / "in", FAULT))
    assert not any(".staging" in path for path in content(tmp_path / "lake"))
    assert len(rows(tmp_path / "lake", "sessions")) == 1
