"""Lines of one text that are laid out alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sniffer.base.times import SECOND
from sniffer.formats.text_files.hex_lines.hex_line import HexLine, parse_hex_line, parse_line
from sniffer.formats.text_files.hex_lines.line_parser import HexLineParser, find_labels, parse_plain_run
from sniffer.formats.text_files.printed_time import PrintedTime

FRAME = bytes.fromhex("BBDDDD3206592A596859AD6BBC")
OTHER = bytes.fromhex("AAEEEE040101BF44")
SPACED = FRAME.hex(" ").upper()


def test_lines_that_are_laid_out_alike_give_what_each_gives_alone() -> None:
    lines = [
        f"[00:00:01.000] Rx <= {SPACED}",
        f"[00:00:02.000] Rx <= {SPACED}  ...2.Y*YhY.k.",
        f"[00:00:02.000] Tx => {SPACED}",
        "[00:00:03.000] Rx <= AA 0",
        f"[0:00:04.000] Rx <= {SPACED}",
        "[00:00:05.000] Rx <= hello",
        f"[00:00:99.000] Rx <= {SPACED}",
        *(f"10:00:01 RX: {FRAME.hex(separator)}" for separator in ":,-;:"),
        f"10:00:01 RX: {FRAME[:5].hex(':')} : {FRAME[5:].hex(':')}",
        "10:00:01 RX: BB::DD",
        "uart-1: BB",
        "uart-1: DD",
        "uart-2: DD",
    ]
    parser = HexLineParser()
    assert [parser.parse(line) for line in lines * 2] == [parse_hex_line(line) for line in lines * 2]


UNIT, CTRL = "10:00:00.000 UNIT ", "10:00:00.000 CTRL "


def labels_of(*lines: str) -> tuple[str, ...]:
    return find_labels(lines, map(parse_line, lines))


def test_words_before_bytes_in_several_lines_are_labels() -> None:
    lines = [f"{UNIT}{SPACED}", f"{CTRL}06", f"{CTRL}{SPACED}", f"{UNIT}{SPACED}", f"[10:00:00.000] {SPACED}", SPACED]
    assert labels_of(*lines) == (" UNIT ",)
    assert labels_of(*lines, f"{CTRL}{SPACED}") == (" UNIT ", " CTRL ")
    assert labels_of(f"board = {SPACED}", f"board = {SPACED}", "board = 06") == ("board = ",)


@pytest.mark.parametrize(
    ("line", "data"),
    [
        (f"{UNIT}06", "06"),
        (f"{UNIT}02 46 31 77 03", "02 46 31 77 03"),
        (f"{UNIT}02:46:31", "02 46 31"),
        (f"{UNIT}02 46 31 sent", ""),
        (f"{UNIT}battery 46", ""),
        (f"{CTRL}06", ""),
        ("UNIT 06", ""),
        ("[10:00:00.000 UNIT 06", "06"),
    ],
)
def test_a_few_bytes_count_after_a_label(line: str, data: str) -> None:
    parsed = HexLineParser((" UNIT ",)).parse(line)
    assert (parsed.data if parsed else b"") == bytes.fromhex(data)
    if parsed and data:
        assert parsed.printed
        assert parsed.printed.time == 10 * 3600 * SECOND
    without = HexLineParser().parse(line)
    assert not (without and without.data)


@given(st.text('0123456789abcdefx:,-|<=>[](){}"\\/ \tRTrx.', max_size=60))
def test_no_line_raises(line: str) -> None:
    HexLineParser().parse(line)


@pytest.mark.parametrize(
    "line",
    [
        f"RX: {SPACED}<br>TX: {OTHER.hex(' ')}",
        f"RX: {SPACED} | the answer was TX: {OTHER.hex()}",
        f"RX: {SPACED}\u2028TX: {OTHER.hex(' ')}",
    ],
)
def test_all_bytes_of_a_line_are_read(line: str) -> None:
    assert list(HexLineParser().parse_all(line)) == [HexLine(FRAME, None, "RX"), HexLine(OTHER, None, "TX")]


@pytest.mark.parametrize(
    "line",
    [
        f"RX: {SPACED} (data {FRAME.hex()})",
        f"RX: {SPACED}   ...2.Y*YhY.k.",
        b"BBDDDD3206592A59".hex(" ") + "  BBDDDD3206592A59",
    ],
)
def test_the_same_bytes_in_another_form_are_not_read_again(line: str) -> None:
    assert len(HexLineParser().parse_all(line)) == 1


def test_lines_in_one_second_are_a_run() -> None:
    lines = [f"00:00:01.00{digit} RX: {SPACED}" for digit in range(4)] + [f"00:00:02.000 RX: {SPACED}"]
    parser = HexLineParser()
    assert parser.parse_run(lines, 0) is None
    parser.parse(lines[0])
    parser.parse(lines[1])
    run = parser.parse_run(lines, 2)
    assert run
    assert (run.second, run.channel) == (PrintedTime(SECOND, False, None, 12), "RX")
    assert run.pieces == [(FRAME, 2_000_000), (FRAME, 3_000_000)]


def test_plain_lines_are_a_run_up_to_the_first_with_anything_else() -> None:
    lines = ["AA BB", "CC", "DD EE", "RX: 00", "11"]
    assert parse_plain_run(lines, 1, 100) == (b"\xcc\xdd\xee", 3)
    assert parse_plain_run(lines, 0, 2) == (b"\xaa\xbb", 1)
    assert parse_plain_run(lines, 3, 100) == (b"", 3)
