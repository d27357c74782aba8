"""The frame before a frame: of its route and command, within bounds."""

from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.wire.items import Chunk
from sniffer.core.wire.links import COM_TO_PWR, PWR_TO_COM, PWRBOARD
from sniffer.history.records import previous_frame
from sniffer.history.records.previous_frame import find_previous_frame
from sniffer.history.records.record_store import RecordStore
from tests.records import records_of
from tests.tui.helpers import captured, status_answer, status_report


def unknown(command: int, head: int = COM_TO_PWR.head[0]) -> bytes:
    return PWRBOARD.build(bytes([head]), 1, command, b"\1")


def numbers(*frames: bytes) -> list[int | None]:
    """For each record, the number of the one that it is compared with."""
    records = records_of(*(Chunk(frame, time) for time, frame in enumerate(frames)))
    store = RecordStore(packaged_definition())
    store.receive(records)
    found = [find_previous_frame(store, record) for record in records]
    return [record.number if record else None for record in found]


def test_same_command_from_the_same_side() -> None:
    report = status_report("Available")
    assert numbers(report, status_answer(1), report, report, status_answer(2)) == [None, None, 1, 3, 2]


def test_unknown_commands_are_distinguished_by_code_and_side() -> None:
    other_side = unknown(0x70, PWR_TO_COM.head[0])
    assert numbers(unknown(0x70), unknown(0x71), other_side, unknown(0x70)) == [None, None, None, 1]


def test_search_among_unknown_commands_is_bounded(monkeypatch) -> None:
    monkeypatch.setattr(previous_frame, "SEARCH_LIMIT", 2)
    assert numbers(unknown(0x70), unknown(0x71), unknown(0x72), unknown(0x70))[-1] is None
    assert numbers(unknown(0x70), unknown(0x71), unknown(0x70))[-1] == 1


def test_noise_and_log_lines_are_like_nothing() -> None:
    assert numbers(b"\1\2\3", b"\1\2\3") in ([None], [None, None])
    store = RecordStore(packaged_definition())
    records = records_of(*captured())
    store.receive(records)
    texts = [record for record in records if find_previous_frame(store, record) is None]
    assert {type(record.item).__name__ for record in texts} >= {"TextMessage"}
