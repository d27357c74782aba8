"""The files of a recording are known to the publisher, and how much of each is settled."""

from pathlib import Path

from sniffer.fleet.mqtt.delivery.watched_destination import WatchedDestination
from tests.recording.helpers import Disk


def test_files_are_known_in_order_with_what_is_settled(tmp_path):
    disk, seen = Disk(tmp_path / "a"), list[Path]()
    disk.limit = 100
    watched = WatchedDestination(disk, seen.append)
    assert watched.limit == 100
    assert watched.path_at(0) is None
    first = watched.new_file()
    assert seen == [tmp_path / "a"] == [watched.path_at(0)]
    first.write(b"123")
    assert watched.find_settled(0) == (3, False)
    second = watched.new_file()
    assert watched.find_settled(0) == (3, True)
    second.write(b"12345")
    assert watched.find_settled(1) == (5, False)
    assert not watched.has_ended
    watched.end()
    assert watched.has_ended
    assert watched.find_settled(1) == (5, True)
    assert watched.path_at(2) is None
    for file in (first, second):
        file.close()
