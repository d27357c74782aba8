"""The lines of a log that were wrapped are joined."""

import pytest

from sniffer.core.protocol.log_lines import LogLine
from sniffer.formats.text_files.log_lines.log_text import LogText
from sniffer.formats.text_files.text_reader import TextReader
from sniffer.formats.text_files.text_shape import TextForm, TextShape, find_text_shape

FRAME = bytes.fromhex("BBDDDD3206592A596859AD6BBC")
BEGIN = "2023-11-30T00:00:49+0000 [comproc] <=pwrboard:"
OTHER = "2023-11-30T00:00:50+0000 [comproc] Com boot!" + 30 * " again"


@pytest.mark.parametrize(
    "lines",
    [
        [f"{BEGIN}{FRAME[:6].hex(' ')}", f"    {FRAME[6:].hex(' ')}", OTHER],
        [f"{BEGIN}{FRAME[:6].hex(' ')}", FRAME[6:9].hex(" "), FRAME[9:].hex(" "), OTHER],
        [f"{BEGIN}{FRAME[:6].hex(' ')} 2\\", f"A {FRAME[7:].hex(' ')}", OTHER],
    ],
)
def test_a_frame_that_goes_on_in_the_next_lines_is_whole(lines: list[str]) -> None:
    text = "\n".join(lines).encode()
    shape = find_text_shape(text)
    assert shape is not None
    assert shape.is_continued or shape.width
    reader = TextReader(shape)
    items = [*reader.feed(text), *reader.finish()]
    assert [item.frame for item in items if isinstance(item, LogLine)] == [FRAME, None]
    assert not reader.is_cut_off


def test_a_frame_that_nothing_continues_stays_as_it_is() -> None:
    text = LogText(TextShape(TextForm.LOG, is_continued=True))
    items = [*text.read([f"{BEGIN}BB DD", OTHER, f"{BEGIN}BB"]), *text.finish()]
    assert [item.frame for item in items] == [b"\xbb\xdd", None, b"\xbb"]
