"""Words that name two sides in place of directions."""

from sniffer.formats.text_files.hex_lines.hex_line import parse_hex_line
from sniffer.formats.text_files.hex_lines.side_words import find_side, find_side_words

FRAME = "BB DD DD 32 06 59 2A 59 68 59 AD 6B BC"
OTHER = "AA EE EE 04 01 01 BF 44"


def words_of(*lines: str) -> tuple[str, ...]:
    return find_side_words(lines, [parse_hex_line(line) for line in lines])


def test_the_heads_of_frames_prove_the_words() -> None:
    lines = f"D onData: {FRAME}", f"D putBytes: {OTHER}", f"D onData: {FRAME}"
    assert words_of(*lines) == ("onData", "putBytes")
    assert [find_side(line, ("onData", "putBytes")) for line in (*lines, "D close")] == [
        "onData",
        "putBytes",
        "onData",
        "",
    ]


def test_one_known_direction_may_stand_for_one_side() -> None:
    lines = f"Read of data: {FRAME}", f"put of data: {OTHER}", f"Read of data: {FRAME}"
    assert words_of(*lines) == ("Read", "put")


def test_words_that_do_not_tell_the_sides_apart_are_none() -> None:
    assert words_of(f"onData: {FRAME}", f"onData: {OTHER}", f"onData: {FRAME}") == ()
    assert words_of(f"onData: {FRAME}", f"putBytes: {FRAME}", f"onData: {FRAME}") == ()
    assert words_of(f"one: {FRAME}", f"two: {OTHER}") == ()
    assert words_of(f"rx: {FRAME}", f"tx: {OTHER}", f"rx: {FRAME}") == ()
    assert words_of(FRAME, OTHER, FRAME) == ()
