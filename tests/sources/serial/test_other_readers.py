"""The other readers of a port: a real process on a pseudo-terminal that counts as a port."""

import pytest

from sniffer.base.errors import SourceError
from sniffer.sources.serial import other_readers
from sniffer.sources.serial.other_readers import OtherReaders
from tests.live.helpers import Line
from tests.sources.serial.readers import reader_of


def test_a_port_that_is_read_without_a_lock_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(other_readers, "PSEUDO_TERMINALS", "none")
    with Line() as line:
        OtherReaders(line.port).refuse()
        with reader_of(line.port) as name, pytest.raises(SourceError) as refused:
            OtherReaders(line.port).refuse()
    assert f"another program has the port open: {name}: close it" in str(refused.value)
    assert "--share" in str(refused.value)


def test_a_holder_of_a_pseudo_terminal_is_only_named() -> None:
    with Line() as line, reader_of(line.port) as name:
        readers = OtherReaders(line.port)
        readers.refuse()
        assert readers.names == name
        assert readers.are_only_named


def test_a_device_that_is_no_port_is_not_looked_at() -> None:
    for device in ("/dev/null", "/dev/not-here"):
        readers = OtherReaders(device)
        readers.refuse()
        assert readers.names == ""


def test_a_reader_is_new_once_until_it_is_gone() -> None:
    with Line() as line:
        readers = OtherReaders(line.port)
        assert readers.find_new() == ""
        for _ in range(2):
            with reader_of(line.port) as name:
                assert readers.find_new() == readers.names == name
                assert readers.find_new() == ""
            assert (readers.find_new(), readers.names) == ("", "")
