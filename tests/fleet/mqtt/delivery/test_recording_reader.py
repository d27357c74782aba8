"""A recording is read as far as it is settled, and gives the records of the finished file."""

import gzip

import pytest

from sniffer.base.errors import SourceError
from sniffer.core.record import Record
from sniffer.core.wire.items import Note
from sniffer.fleet.mqtt.delivery.recording_reader import RecordingReader, find_size_on_disk
from sniffer.fleet.mqtt.messages.session_messages import SessionItem
from tests.fleet.mqtt.helpers import CAPTURE, DEFINITION, read_all, read_records
from tests.paths import CAPTURES


class Growing:
    """A copy of a capture that grows, with garbage after its settled part, as a full disk may leave it."""

    def __init__(self, path, data):
        self.path, self.data = path, data
        self.size, self.is_final = 0, False
        self.grow(0)

    def grow(self, size, *, is_final=False):
        self.size, self.is_final = min(size, len(self.data)), is_final
        self.path.write_bytes(self.data[: self.size] + b"\xff" * 100)

    def find_settled(self):
        return self.size, self.is_final


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("step", [97, 5000])
def test_it_gives_the_same_records_however_the_file_grows(tmp_path, step, packed):
    data = CAPTURE.read_bytes()
    file = Growing(tmp_path / "a.pcapng", gzip.compress(data) if packed else data)
    reader = RecordingReader(file.path, DEFINITION, file.find_settled)
    assert reader.read() == []
    found: list[SessionItem] = []
    for size in range(step, len(file.data) + step, step):
        file.grow(size)
        while items := reader.read():
            found += items
    assert reader.read() == []
    file.grow(size, is_final=True)
    while (items := reader.read()) is not None:
        found += items
    assert reader.read() is None
    reader.close()
    assert found == read_all(CAPTURE)
    records = [item for item in found if isinstance(item, Record)]
    assert [one.number for one in records] == [*range(1, len(records) + 1)]
    assert {type(item) for item in found} == {Record, Note}


def test_what_is_cut_off_at_the_end_is_no_error():
    assert len(read_records(CAPTURES / "cut-off.pcapng")) == 89


def test_a_file_that_is_gone_or_damaged(tmp_path):
    path = tmp_path / "a.pcapng"
    with pytest.raises(SourceError, match="No such file"):
        find_size_on_disk(path)
    with pytest.raises(SourceError, match="cannot be read"):
        RecordingReader(path, DEFINITION, lambda: (1, True)).read()
    data = CAPTURE.read_bytes()
    path.write_bytes(data[:1000] + bytes(2000))
    with pytest.raises(SourceError):
        read_all(path)
