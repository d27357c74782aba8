"""The pieces of frames that were printed in several lines."""

from sniffer.core.mending.frame_pieces import COLUMN_LINES, COLUMNS_KEPT, FramePiece, FramePieces
from sniffer.core.protocol.log_lines import LogLine
from sniffer.core.wire.links import PWR_TO_COM


def piece(at: int, text: str) -> FramePiece:
    return FramePiece(at, LogLine(at, "comproc", text), (PWR_TO_COM,), "<=pwrboard:", text)


def test_a_wrapped_frame_goes_on_in_each_next_line() -> None:
    pieces = FramePieces()
    pieces.add(piece(1, "BB DD"))
    assert [one and one.hex for one in (pieces.join_wrapped("00 01", 2), pieces.join_wrapped("E1 9E", 3))] == [
        "BB DD 00 01",
        "BB DD 00 01 E1 9E",
    ]
    assert pieces.join_wrapped("00", 5) is None


def test_a_byte_that_was_cut_in_two_is_joined() -> None:
    assert piece(1, "BB DD 4").join("F 00", 2).hex == "BB DD 4F 00"
    assert piece(1, "BB DD 4F").join("00", 2).hex == "BB DD 4F 00"


def test_a_line_of_words_does_not_go_on_with_a_frame() -> None:
    pieces = FramePieces()
    pieces.add(piece(1, "BB DD"))
    assert pieces.join_wrapped("Convert to hexadecimal", 2) is None


def test_a_second_column_may_end_each_frame_of_the_page() -> None:
    pieces = FramePieces()
    for at in range(COLUMNS_KEPT + 1):
        pieces.add(piece(at, f"BB {at:02X}"))
    assert [one.hex for one in pieces.join_columns("00 01 02", 9)] == [
        f"BB {at:02X} 00 01 02" for at in range(1, COLUMNS_KEPT + 1)
    ]
    assert [*pieces.join_columns("two words", 9)] == []
    assert [*pieces.join_columns("00 01 02", COLUMNS_KEPT + COLUMN_LINES + 1)] == []


def test_a_frame_that_has_ended_goes_on_no_more() -> None:
    pieces = FramePieces()
    pieces.add(piece(1, "BB DD"))
    joined = pieces.join_wrapped("00 01 02", 2)
    assert joined
    pieces.remove(joined)
    assert pieces.join_wrapped("03", 3) is None
    assert [*pieces.join_columns("00 01 02", 3)] == []
