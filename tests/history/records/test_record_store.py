"""The record store: records come out by number as they went in, from the memory and from the disk."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sniffer.core.charger.events import Reference
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.loader import load, packaged_definition, packaged_files
from sniffer.core.protocol.log_lines import LogLine, TextMessage
from sniffer.core.record import Record
from sniffer.core.record_kind import classify_record
from sniffer.core.wire.items import Chunk, TapGap
from sniffer.core.wire.links import COM_TO_PWR, PWR_TO_COM, PWRBOARD
from sniffer.formats.charger_log import parse_line
from sniffer.history.records import page, record_pages, record_store
from sniffer.history.records.kind_span import KIND_LIMIT
from sniffer.history.records.page import PAGE_SIZE
from sniffer.history.records.page_file import BLOCK_SIZE, PageFile
from sniffer.history.records.record_store import RecordStore
from tests.benchmarks.equipment.traffic import charging_frames
from tests.dialogue import CHANGE, CHANGED, dialogue_records
from tests.history.helpers import SimulatedSession
from tests.records import records_of
from tests.tui.helpers import captured, status_answer, status_report

DEFINITION = packaged_definition()

FRAMES = st.builds(
    PWRBOARD.build,
    st.sampled_from([COM_TO_PWR.head, PWR_TO_COM.head]),
    st.integers(0, 0xFFFF),
    st.integers(0, 0xFF),
    st.binary(max_size=20),
)
TIMES = st.none() | st.integers(0, 2**62)
TEXTS = st.text(st.characters(exclude_characters="\n"), max_size=40)
ITEMS = st.lists(
    st.builds(Chunk, FRAMES | st.binary(max_size=30), TIMES)
    | st.builds(LogLine, TIMES, st.none() | TEXTS, TEXTS, st.none() | st.integers(0, 10**18 - 1))
    | TEXTS.map(parse_line),
    max_size=30,
)


def store_records(records: Sequence[Record]) -> RecordStore:
    store = RecordStore(DEFINITION)
    store.receive(records)
    return store


def assert_same(store: RecordStore, records: Sequence[Record]) -> None:
    assert len(store) == len(records)
    for record in records:
        assert store.record(record.number) == record
        assert store.time(record.number) == record.time
        assert store.kind_of(record.number) == classify_record(record)


def test_capture_comes_out_as_it_went_in() -> None:
    records = records_of(*captured())
    store = store_records(records)
    assert_same(store, records)
    assert store.began == records[0].time
    assert store.frames == sum(classify_record(record).kind == "frame" for record in records)


@given(ITEMS)
def test_any_session_comes_out_as_it_went_in(items: list[Chunk | LogLine]) -> None:
    records = records_of(*items)
    assert_same(store_records(records), records)


def test_lost_source_is_a_record_too() -> None:
    pipeline = Pipeline(DEFINITION)
    records = [*pipeline.feed(Chunk(b"\x01\x02", 7)), *pipeline.feed(TapGap(9, "unplugged"))]
    store = store_records(records)
    assert_same(store, records)
    assert store.raw(1) == b"\x01\x02"
    assert store.raw(2) == b""


def test_more_than_a_page_comes_out_as_it_went_in() -> None:
    records = records_of(Chunk(b"".join(charging_frames(3 * PAGE_SIZE // 2)), 5))
    store = store_records(records)
    assert len(store) > PAGE_SIZE
    assert_same(store, records)


def test_request_and_answer_find_each_other() -> None:
    store = store_records(records_of(Chunk(status_report("Available"), 0), Chunk(status_answer(1), 5), Chunk(b"\0", 9)))
    assert store.partner(1) == 2
    assert store.partner(2) == 1
    assert store.partner(3) is None


def test_repeated_request_leads_to_the_first_and_the_first_to_its_answer() -> None:
    report = status_report("Available")
    store = store_records(records_of(Chunk(report, 0), Chunk(report, 5), Chunk(status_answer(1), 9)))
    assert store.record(2).refers is not None
    assert store.partner(2) == 1 or store.partner(2) == 3
    assert store.partner(3) in (1, 2)


def test_records_are_found_by_their_shape_both_ways() -> None:
    records = records_of(
        *(Chunk(piece) for _ in range(2500) for piece in (status_report("Available"), b"\0\0\0", b"\1"))
    )
    store = store_records(records)
    noise = [record.number for record in records if classify_record(record).kind == "noise"]
    assert len(store) > PAGE_SIZE
    assert len(noise) >= 2500
    assert list(store.numbers_of(lambda kind: kind.kind == "noise", 1, 1)) == noise
    assert list(store.numbers_of(lambda kind: kind.kind == "noise", len(store), -1)) == noise[::-1]
    middle = noise[1000] + 1
    assert next(store.numbers_of(lambda kind: kind.kind == "noise", middle, 1)) > noise[1000]
    assert next(store.numbers_of(lambda kind: kind.kind == "noise", middle, -1)) == noise[1000]
    assert not list(store.numbers_of(lambda kind: True, 0, 1))


def test_definition_with_more_commands_than_a_byte_counts() -> None:
    commands = "".join(
        f'[[command]]\nlink = "pwrboard"\ndirection = "{direction}"\ncode = {code}\nname = "c{code}"\nsummary = ""\n'
        for direction in ("com>pwr", "pwr>com")
        for code in range(0x80, 0x100)
    )
    definition = load(packaged_files(), own=[("own.toml", commands)])
    frames = [PWRBOARD.build(head, 1, code, b"") for head in (COM_TO_PWR.head, PWR_TO_COM.head) for code in range(256)]
    records = Pipeline(definition).feed(Chunk(b"".join(frames)))
    store = RecordStore(definition)
    store.receive(records)
    assert len(store.record_kinds) > KIND_LIMIT
    assert [store.record(number) for number in range(1, len(store) + 1)] == records
    wanted = [record.number for record in records if classify_record(record).command == records[-1].item.command]  # type: ignore[union-attr]
    assert list(store.numbers_of(lambda kind: kind.command == records[-1].item.command, 1, 1)) == wanted  # type: ignore[union-attr]


def test_time_before_is_the_last_that_is_known() -> None:
    lines = [LogLine(time, "p", "text") for time in (None, 10, 20, None, None, 50)]
    store = store_records(records_of(*lines))
    assert [store.time_before(number) for number in range(1, 7)] == [None, None, 10, 20, 20, 20]


def test_gap_in_the_numbers_is_refused() -> None:
    records = records_of(Chunk(b"".join(charging_frames(4))))
    store = store_records(records[:1])
    with pytest.raises(ValueError, match="record 3 is not the next one, 2"):
        store.receive(records[2:])


@pytest.mark.parametrize("number", [0, -1, 2])
def test_there_is_no_record_outside(number: int) -> None:
    store = store_records(records_of(Chunk(b"\0")))
    with pytest.raises(IndexError):
        store.record(number)
    assert store.time(number) is None


def test_dates_that_no_clock_has_do_not_end_the_session() -> None:
    years = ("1600", "1969", "1970", "2260", "2300", "9998")
    lines = [parse_line(f"{year}-12-31T23:59:59+00:00 [a] x") for year in years]
    assert [line.time is not None for line in lines] == [False, True, True, True, False, False]
    records = records_of(*lines)
    assert_same(store_records(records), records)


def test_a_log_with_ocpp_messages_comes_out_as_it_went_in() -> None:
    records = dialogue_records()
    store = store_records(records)
    assert_same(store, records)
    assert store.refers(CHANGED) == Reference("answers", CHANGE, None, None, "ChangeAvailability")
    assert store.partner(CHANGE) == CHANGED
    assert [*store.numbers_of(lambda kind: kind.kind == "ocpp", 1, 1)] == [
        record.number for record in records if isinstance(record.item, TextMessage) and record.item.ocpp
    ]


@given(ITEMS, st.integers(1, 3))
def test_any_session_comes_out_of_the_disk_as_it_went_in(items: list[Chunk | LogLine], in_memory: int) -> None:
    records = records_of(*items)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(record_store, "PAGE_SIZE", 4)
        patch.setattr(record_pages, "PAGE_SIZE", 4)
        patch.setattr(page, "PAGE_SIZE", 4)
        patch.setattr(record_pages, "GROUP_SIZE", 2)
        patch.setattr(record_pages, "PAGES_IN_MEMORY", in_memory)
        patch.setattr(record_pages, "GROUPS_IN_MEMORY", in_memory)
        store = store_records(records)
        assert_same(store, records)
        for record in reversed(records):
            assert store.record(record.number) == record


def test_calm_session_comes_out_of_the_disk_as_it_went_in(monkeypatch) -> None:
    monkeypatch.setattr(record_pages, "PAGES_IN_MEMORY", 2)
    monkeypatch.setattr(record_pages, "GROUPS_IN_MEMORY", 2)
    records = records_of(Chunk(b"".join(charging_frames(6 * PAGE_SIZE)), 5))
    assert_same(store_records(records), records)


def test_flapping_faults_come_out_of_the_disk_as_they_went_in(monkeypatch) -> None:
    monkeypatch.setattr(record_pages, "PAGES_IN_MEMORY", 1)
    monkeypatch.setattr(record_pages, "GROUPS_IN_MEMORY", 1)
    session = SimulatedSession()
    for turn in range(700):
        session.report("Available", connector=turn % 5).wait(0.5).fault(connector=turn % 3).wait(1)
    store = store_records(session.records)
    assert_same(store, session.records)


def test_answer_to_a_request_on_a_page_that_was_read_last_is_kept(monkeypatch) -> None:
    for module in (record_store, record_pages, page):
        monkeypatch.setattr(module, "PAGE_SIZE", 4)
    monkeypatch.setattr(record_pages, "PAGES_IN_MEMORY", 1)
    (message,) = (record.item for record in records_of(Chunk(status_report("Available"), 1)))
    store = RecordStore(DEFINITION)

    def receive(count: int, refers: Reference | None = None) -> None:
        store.receive([Record(len(store) + more, message, refers=refers) for more in range(1, count + 1)])

    receive(20)
    assert store.partner(3) is None
    receive(20)
    receive(1, Reference("answers", 3, None, 5))
    receive(20)
    assert store.partner(3) == 41
    assert [store.record(number).number for number in (61, 22, 3)] == [61, 22, 3]
    assert store.partner(3) == 41


def test_full_disk_lets_the_oldest_records_go(monkeypatch) -> None:
    monkeypatch.setattr(record_pages, "PAGES_IN_MEMORY", 2)
    monkeypatch.setattr(record_pages, "GROUPS_IN_MEMORY", 2)
    records = records_of(Chunk(b"".join(charging_frames(20 * PAGE_SIZE)), 5))
    store = RecordStore(DEFINITION, file=PageFile(limit=12 * BLOCK_SIZE))
    store.receive(records)
    assert len(store) == len(records)
    assert store.disk_error
    assert 1 < store.first < len(records) - 4 * PAGE_SIZE
    assert [store.record(record.number) for record in records[store.first - 1 :]] == records[store.first - 1 :]
    with pytest.raises(IndexError):
        store.record(store.first - 1)
    assert store.time(store.first - 1) is None
    assert [*store.numbers_of(lambda kind: True, len(store), -1)][-1] == store.first
    assert store.number_at(store.first_entry_of(store.first)) == store.first


def test_disk_that_takes_nothing_leaves_what_is_in_memory(monkeypatch) -> None:
    monkeypatch.setattr(record_pages, "PAGES_IN_MEMORY", 2)
    monkeypatch.setattr(PageFile, "write", lambda *_: False)
    records = records_of(Chunk(b"".join(charging_frames(6 * PAGE_SIZE)), 5))
    store = store_records(records)
    assert 3 * PAGE_SIZE < store.first < 5 * PAGE_SIZE
    assert len(store) == len(records)
    assert [store.record(record.number) for record in records[store.first - 1 :]] == records[store.first - 1 :]


@given(st.lists(st.tuples(TEXTS, st.none() | TEXTS, st.booleans()), max_size=5))
def test_lines_that_continue_a_record_come_out_as_they_went_in(lines: list[tuple[str, str | None, bool]]) -> None:
    given_lines = [LogLine(5, process, text, continues=continues) for text, process, continues in lines]
    printed = LogLine(5, "p", "", None, status_report("Available"), PWR_TO_COM, continues=True)
    records = records_of(*given_lines, printed)
    assert_same(store_records(records), records)
