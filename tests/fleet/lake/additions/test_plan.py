"""A plan adds each session once, and of a file that grows the longest."""

from pathlib import Path

from sniffer.fleet.lake.additions.capture_list import list_captures
from sniffer.fleet.lake.additions.content_name import read_content_name
from sniffer.fleet.lake.additions.ingest import find_sessions
from sniffer.fleet.lake.additions.plan import plan_additions
from sniffer.fleet.lake.store import LakeListing, Partition
from tests.fleet.lake.helpers import CHARGING, FAULT

EMPTY = LakeListing({}, frozenset(), {})
PARTITION = Partition("b", None)


def plan(folder: Path, listing: LakeListing = EMPTY, sizes=None):
    found = [find_sessions(one) for one in list_captures([str(folder)]).captures]
    return plan_additions(found, listing, lambda sessions: {name: sizes[name] for name in sessions})


def names(found):
    return sorted(Path(capture.path).name for capture in found.sessions)


def test_the_same_content_is_added_once_from_the_first_of_its_files(tmp_path: Path) -> None:
    for name in ("b.log", "a.log", "c.log"):
        (tmp_path / name).write_bytes(FAULT.read_bytes())
    found = plan(tmp_path)
    assert (names(found), found.known) == (["a.log"], 2)


def test_what_is_in_the_lake_is_known(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_bytes(FAULT.read_bytes())
    name = read_content_name(FAULT).name
    for listing in (LakeListing({name: PARTITION}, frozenset(), {}), LakeListing({}, frozenset({name}), {})):
        found = plan(tmp_path, listing)
        assert (names(found), found.known) == ([], 1)


def test_of_a_file_that_grows_the_longest_is_added(tmp_path: Path) -> None:
    whole = CHARGING.read_bytes()
    for name, size in (("1.pcapng", 2000), ("2.pcapng", 3000), ("3.pcapng", len(whole))):
        (tmp_path / name).write_bytes(whole[:size])
    found = plan(tmp_path)
    assert (names(found), found.known) == (["3.pcapng"], 2)


def test_a_session_that_has_grown_replaces_the_shorter_one_in_the_lake(tmp_path: Path) -> None:
    whole = CHARGING.read_bytes()
    (tmp_path / "part").write_bytes(whole[:3000])
    part, other = read_content_name(tmp_path / "part"), read_content_name(CHARGING).name[:16] + "0" * 32
    (tmp_path / "part").unlink()
    (tmp_path / "a.pcapng").write_bytes(whole)
    listing = LakeListing({part.name: PARTITION, other: PARTITION}, frozenset(), {})
    found = plan(tmp_path, listing, {part.name: part.size, other: 2000})
    (replaced,) = found.replaces.values()
    assert replaced == {"": {part.name: PARTITION}}


def test_another_session_with_the_same_beginning_is_added_beside(tmp_path: Path) -> None:
    whole = CHARGING.read_bytes()
    (tmp_path / "a.pcapng").write_bytes(whole[:4000])
    (tmp_path / "b.pcapng").write_bytes(whole[:3000] + whole[4000:])
    assert names(plan(tmp_path)) == ["a.pcapng", "b.pcapng"]
