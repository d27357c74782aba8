"""The reader of a charger's log: which lines belong to the record before them, and with what printed before them."""

from datetime import UTC

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sniffer.core.protocol.log_lines import LogLine, TextMessage
from sniffer.core.record import Record
from sniffer.core.wire.links import COM_TO_PWR
from sniffer.formats.charger_log import LogReader
from sniffer.formats.charger_log_writer import reads_back
from tests.formats.helpers import lines_of
from tests.formats.test_charger_log import AT, LINES, TIME


def read_log(*lines: str) -> list[LogLine]:
    reader = LogReader()
    return [reader.read(line) for line in lines]


@settings(max_examples=200, deadline=None)
@given(st.lists(LINES | LINES.map(lambda text: f"{TIME} [a] {text}"), max_size=6), st.booleans())
@example([f"{TIME} [a] 7 b", f"{TIME} [a]", f"{TIME} [a] b\r", f"{TIME} [a]  7 {TIME} [b] c"], True)
@example(
    [f"{TIME} [a] b", f"{TIME} [a b", f"{TIME} []\xa0c", f"{TIME} [a]\xb2 d", f"{TIME} [a]] e", f"{TIME} [a]\r"], True
)
@example([f"> {TIME} [a] b", f"{TIME} [a] c", "> d"], True)
@example([f"7 {TIME} [a] b", f"{TIME} [a] c", "8 d"], True)
def test_lines_that_are_read_together_are_those_that_are_read_one_by_one(lines: list[str], own_times: bool) -> None:
    together, alone = LogReader(has_own_times=own_times), LogReader(has_own_times=own_times)
    assert together.read_lines(lines) == [alone.read(line) for line in lines]
    assert together.zone == alone.zone


def test_a_part_of_a_record_has_the_prefix_of_the_record():
    printed = [f"Nov 30 10:00:01 host x[7]: {TIME} [a] b", "Nov 30 10:00:02 host x[7]: c", "Nov 30 10:00:02 host x[7]:"]
    assert LogReader().read_lines(printed) == [
        LogLine(AT, "a", "b"),
        LogLine(AT, "a", "c", continues=True),
        LogLine(AT, "a", "", continues=True),
    ]


def test_a_part_of_a_record_may_have_the_next_number():
    assert LogReader().read_lines([f"     9\t{TIME} [a] b", "    10\tc", "12\tV", "11\td", "12\t2023-x"])[1:] == [
        LogLine(AT, "a", "c", 10, continues=True),
        LogLine(AT, "a", "12\tV", continues=True),
        LogLine(AT, "a", "d", 11, continues=True),
        LogLine(AT, "a", "12\t2023-x", continues=True),
    ]


class TestLinesWithoutTimeStamp:
    def test_they_belong_to_the_record_before_them(self) -> None:
        first, second, third = read_log(f"7 {TIME} [ocpp] net_interface nums: 4", "Interface: eth0\n", "Online=FALSE")
        assert first == LogLine(AT, "ocpp", "net_interface nums: 4", 7)
        assert second == LogLine(AT, "ocpp", "Interface: eth0", continues=True)
        assert third == LogLine(AT, "ocpp", "Online=FALSE", continues=True)

    def test_before_the_first_record_they_stay_as_they_are(self) -> None:
        assert read_log("hello", "", f"{TIME} [a] b") == [
            LogLine(None, None, "hello"),
            LogLine(None, None, ""),
            LogLine(AT, "a", "b"),
        ]

    def test_a_blank_line_ends_no_record(self) -> None:
        _, blank, after = read_log(f"{TIME} [a] b", "\r\n", "c")
        assert (blank, after) == (LogLine(AT, "a", "", continues=True), LogLine(AT, "a", "c", continues=True))

    def test_a_frame_without_a_time_stamp_is_of_the_record_too(self) -> None:
        _, frame = read_log(f"{TIME} [a] b", "=>pwrboard:AA 01")
        assert frame == LogLine(AT, "a", "=>pwrboard:AA 01", None, b"\xaa\x01", COM_TO_PWR, continues=True)

    def test_they_are_written_without_a_time_stamp(self) -> None:
        lines = [f"7 {TIME} [a] b", "c", "", "  d", "=>pwrboard:AA 01", f"{TIME} [a] e"]
        assert lines_of(*read_log(*lines)).splitlines() == lines

    @pytest.mark.parametrize(
        ("line", "before", "fine"),
        [
            (LogLine(AT, "a", "b", continues=True), AT, True),
            (LogLine(AT, "a", "", continues=True), AT, True),
            (LogLine(AT, "a", "b", continues=True), None, False),
            (LogLine(AT, "a", f"{TIME} [x] y", continues=True), AT, False),
            (LogLine(AT, "a", "b", 7, continues=True), AT, False),
            (LogLine(None, None, "b"), AT, False),
            (LogLine(None, None, "b"), None, True),
        ],
    )
    def test_what_would_read_otherwise_is_recognized(self, line: LogLine, before: int | None, fine: bool) -> None:
        assert reads_back(Record(1, TextMessage(line, None, ())), before, UTC) is fine

    @given(st.lists(LINES | LINES.map(lambda text: f"{TIME} [a] {text}"), max_size=8))
    def test_any_log_is_written_as_it_was_read(self, lines: list[str]) -> None:
        written = lines_of(*read_log(*lines))
        assert lines_of(*read_log(*written.split("\n")[:-1])) == written
