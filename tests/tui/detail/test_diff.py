"""Fields and bytes that differ from the last frame of the same command are marked."""

from hypothesis import given
from hypothesis import strategies as st

from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.loader import load, packaged_files
from sniffer.core.record import Record
from sniffer.core.wire.items import Chunk
from sniffer.core.wire.links import PWR_TO_COM, PWRBOARD
from sniffer.tui.detail.diff import NOTHING_BEFORE, Changes, find_changes
from tests.core.wire.boards import PACK
from tests.records import records_of
from tests.tui.helpers import captured, only, status_report


def record(raw: bytes, number: int = 1) -> Record:
    found = only(records_of(Chunk(raw, 1)))
    return Record(number, found.item)


def frame(payload: bytes, command: int = 0x32) -> Record:
    return record(PWRBOARD.build(PWR_TO_COM.head, 1, command, payload), 7)


def between(before: Record, now: Record) -> Changes:
    found = find_changes(now, before)
    assert found is not None
    return found


def test_fields_and_bytes_that_differ() -> None:
    found = between(record(status_report("Available", volts=12), 123), record(status_report("Charging", volts=6), 124))
    assert found.text == "changed since #123: status, cp_voltage"
    assert found.at == {6, 13}
    assert found.previous == {"status": "Available", "cp_voltage": "12 V"}


def test_sequence_and_crc_are_no_changes() -> None:
    found = between(record(status_report("Available"), 5), record(status_report("Available", sequence=0xBEEF)))
    assert (found.text, found.at, found.previous) == ("unchanged since #5", frozenset(), {})


def test_added_bytes_are_reported() -> None:
    found = between(frame(bytes(6)), frame(bytes(8)))
    assert found.text == "changed since #7: undefined, 2 bytes more"
    assert found.at == {4, 11, 12}
    assert found.previous == {"undefined": ""}


def test_missing_bytes_are_reported() -> None:
    found = between(frame(bytes(6)), frame(bytes(5)))
    assert found.text.startswith("changed since #7: ")
    assert found.text.endswith("without l3_voltage, 1 byte fewer")


def test_bytes_of_a_frame_of_digits_are_marked_where_they_were_sent() -> None:
    definition = load(packaged_files(), [("pack.toml", PACK)])
    build = definition.links.links["pack"].build
    sent = [build(b"", 0, 0x42, bytes([0xE0, 2, pack]), direction="host>pack") for pack in (2, 0x31)]
    pipeline = Pipeline(definition)
    before, now = (found for raw in sent for found in pipeline.feed(Chunk(raw)))
    changes = between(before, now)
    assert (changes.text, changes.previous) == ("changed since #1: pack", {"pack": "2"})
    assert sorted(changes.at) == [13, 14]
    assert sent[1][13:15] == b"31"


def test_first_of_its_command() -> None:
    assert find_changes(frame(bytes(6)), None) == Changes(NOTHING_BEFORE)


def test_what_is_no_frame_has_no_changes() -> None:
    assert [find_changes(found, None) for found in records_of(*captured()) if found.number in (1, 3)] == [None, None]


def test_record_of_a_log_is_named() -> None:
    records = {found.number: found for found in records_of(*captured())}
    found = find_changes(records[26], records[6])
    assert found is not None
    assert found.text == "unchanged since #6"


@given(st.binary(max_size=12), st.binary(max_size=12))
def test_marked_bytes_are_those_that_differ(before: bytes, now: bytes) -> None:
    found = between(frame(before, 0x70), frame(now, 0x70))
    payload = {place - 5 for place in found.at if place >= 5}
    assert payload == {index for index, byte in enumerate(now) if before[index : index + 1] != bytes([byte])}
    assert (4 in found.at) == (len(before) != len(now))
