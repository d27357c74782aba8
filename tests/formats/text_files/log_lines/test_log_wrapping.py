"""Lines of the charger's log that were wrapped, and the lines that they were."""

from textwrap import wrap

import pytest

from sniffer.core.protocol.log_lines import LogLine
from sniffer.formats.text_files.log_lines.log_wrapping import (
    WordJoiner,
    Wrapping,
    continue_frame,
    find_width,
    find_wrapping,
    has_continued_frames,
)
from sniffer.formats.text_files.text_reader import TextReader
from sniffer.formats.text_files.text_shape import find_text_shape

HEAD = "2024-04-03T16:37:01+0900 "
ANSWER = (
    "FF 6A A6 EE EE 00 24 [00 04] 00 01 01 00 00 57 63 09 61 00 01 00 00 00 00 00 00 00 00 00 09 61 00 01 00 00 00 00 "
    "2E 01 00 00 47 85"
)
LINES = [
    f"{HEAD}[ocpp] <=Dbus:{ANSWER}",
    f"{HEAD}[comproc] Com boot!",
    f"{HEAD}[comproc] <=pwrboard:BB DD DD 32 06 59 2A 59 68 59 AD 6B BC",
    f"{HEAD}[ocpp] availabilitySrc = 0x01,0x01",
    f'{HEAD}[ocpp] =>CSMS:[2,"1","StatusNotification",{{ "connectorId": 1, "errorCode": "NoError", "status": '
    f'"Preparing", "timestamp": "2024-04-03T06:36:23.000Z", "vendorId": "StarCharge" }}]',
]


def frames_of(lines: list[str]) -> list[bytes]:
    data = "\n".join([*lines, ""]).encode()
    shape = find_text_shape(data)
    assert shape is not None
    reader = TextReader(shape)
    items = [*reader.feed(data), *reader.finish()]
    return [item.frame for item in items if isinstance(item, LogLine) and item.frame is not None]


@pytest.mark.parametrize("width", [48, 60, 72, 80, 100])
@pytest.mark.parametrize("end", ["", " "])
def test_lines_that_were_wrapped_between_words_are_joined(width: int, end: str) -> None:
    lines = [f"{part}{end}" for line in LINES for part in wrap(line, width - len(end))]
    assert find_wrapping(lines).word_width > 0 or width == 100
    assert frames_of(lines) == frames_of(LINES)
    assert len(frames_of(LINES)) == 2


def test_a_line_that_had_room_or_begins_a_record_does_not_go_on() -> None:
    joiner = WordJoiner(20)
    lines = ["0123456789 0123456", "more", "none", "", "a line of 17 char", LINES[1], "x" * 20]
    joined = ["0123456789 0123456 more", "none", "", "a line of 17 char", f"{LINES[1]} {'x' * 20}"]
    assert [*joiner.feed(lines), *joiner.finish()] == joined
    assert [*joiner.finish()] == []


def test_lines_that_were_cut_at_a_width_are_no_words() -> None:
    lines = [line[at : at + 80] for line in LINES for at in range(0, len(line), 80)]
    assert find_wrapping(lines) == Wrapping(width=80)
    assert find_width(lines) == 80


def test_frames_in_lines_of_their_own_are_no_words() -> None:
    head, rest = LINES[0][:-45], LINES[0][-45:]
    lines = [head, rest.strip(), *LINES[1:4], "x" * 200]
    assert has_continued_frames(lines)
    assert find_wrapping(lines) == Wrapping(is_continued=True)
    assert continue_frame(head, rest) is not None


def test_a_plain_log_was_not_wrapped() -> None:
    assert find_wrapping(LINES) == Wrapping()
    assert find_wrapping([*LINES, "a line without a time", LINES[0][:-9], "another"]) == Wrapping()
    assert find_wrapping([]) == Wrapping()
