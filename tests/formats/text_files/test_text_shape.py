"""A text is the charger's log, hex text, or neither; a rule decides where it could be both."""

import pytest

from sniffer.formats.text_files.dumps.hex_dump import DumpForm
from sniffer.formats.text_files.line_decoder import TextEncoding
from sniffer.formats.text_files.line_numbers import LineNumbers
from sniffer.formats.text_files.text_shape import TextForm, TextShape, find_text_shape

RECORD = "2023-11-30T00:00:49+0000 [comproc] Com boot!"
HEX = "BB DD DD 32 06 59 2A 59 68 59 AD 6B BC"
LOG = TextShape(TextForm.LOG)
FRAME = f"2023-11-30T00:00:49+0000 [comproc] <=pwrboard:{HEX}"


def shape(*lines: str) -> TextShape | None:
    return find_text_shape("\n".join(lines).encode())


@pytest.mark.parametrize(
    "lines",
    [
        [RECORD],
        ["text", f"[10:00:01] {RECORD}"],
        [HEX, HEX, HEX, RECORD],
        [HEX, f"> {RECORD}"],
    ],
)
def test_one_record_makes_a_text_a_log_whatever_hex_it_holds(lines: list[str]) -> None:
    assert shape(*lines) == LOG


@pytest.mark.parametrize("line", [f"[10:00:01] <=pwrboard:{HEX}", "12 [ocpp] CP_INFO"])
def test_an_arrow_or_a_known_process_makes_a_log_without_times(line: str) -> None:
    assert shape(HEX, line) == TextShape(TextForm.LOG, has_own_times=False)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["a chat", "with a dump", HEX, "in it", "and more"], TextShape(TextForm.HEX)),
        (["uart-1: BB", "uart-1: Start bit"], TextShape(TextForm.HEX, channels=("uart-1",))),
        ([f"Rx: {HEX}", f"Tx: {HEX}"], TextShape(TextForm.HEX, channels=("Rx", "Tx"))),
        ([f"unit {HEX}", "unit 06", f"unit {HEX}"], TextShape(TextForm.HEX, labels=("unit ",))),
        (["0000  bb dd", "0002  dd"], TextShape(TextForm.HEX, dump=DumpForm(16))),
        ([f"1:{HEX}", f"2:{HEX}"], TextShape(TextForm.HEX, numbers=LineNumbers.COUNT)),
        (["12:bb:dd:dd:32:06:59:2a", "12:bb:dd:dd:32:06:59:2a"], TextShape(TextForm.HEX)),
    ],
)
def test_hex_text_is_known_by_its_bytes(lines: list[str], expected: TextShape) -> None:
    assert shape(*lines) == expected


def test_a_few_bytes_after_other_words_make_no_hex_text_unless_a_frame_is_in_them() -> None:
    others = ["a text", "that is long", "and tells of"]
    assert shape(*others, "1 of 2 00 11 22 33 44 55 66 7A") is None
    found = shape(*others, f"1 of 2 {HEX}")
    assert found
    assert found.form is TextForm.HEX


@pytest.mark.parametrize("lines", [[], [""], ["hello"], ["hello", "be", "quick"], ["BB DD", "x", "y"]])
def test_other_texts_have_no_shape(lines: list[str]) -> None:
    assert shape(*lines) is None


def test_the_encoding_is_part_of_the_shape() -> None:
    assert find_text_shape(RECORD.encode("utf-16")) == TextShape(TextForm.LOG, TextEncoding("utf-16-le"))


@pytest.mark.parametrize(
    ("lines", "width"),
    [
        ([FRAME[:70], FRAME[70:], RECORD], 70),
        ([FRAME[:69], FRAME[70:], f"{RECORD:<70}"], 70),
        ([FRAME[:50], FRAME[50:70], FRAME[70:]], 50),
        ([FRAME[:70], "hello", FRAME[70:]], 0),
        ([FRAME[:70], RECORD], 0),
        ([FRAME[:70], FRAME[70:], RECORD * 2], 0),
        ([FRAME[:-3], RECORD[:7]], 0),
        ([RECORD, "continued", RECORD, "continued"], 0),
    ],
)
def test_a_frame_that_is_whole_with_the_lines_after_it_shows_the_width(lines: list[str], width: int) -> None:
    found = shape(*lines)
    assert found
    assert (found.form, found.width) == (TextForm.LOG, width)


@pytest.mark.parametrize(
    ("text", "is_flowing"),
    [
        *[(f"{HEX} ", True), ("".join(f"[{one}]" for one in HEX.split()), True)],
        *[
            (HEX.replace(" ", ""), False),
            (2 * HEX.replace(" ", ""), True),
            (f"{HEX}\n{HEX}", False),
            (f"RX {HEX}", False),
        ],
    ],
)
def test_bytes_on_a_line_without_an_end_are_read_as_they_come(text: str, is_flowing: bool) -> None:
    found = shape(text)
    assert found
    assert found.is_flowing is is_flowing
