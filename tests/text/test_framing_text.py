"""A framing in words: given this candidate, these parts and this evidence."""

from msgspec.structs import replace

from sniffer.core.discovery.board_match import BoardMatch
from sniffer.core.discovery.checks.check_search import CheckFit
from sniffer.core.discovery.delimiters.delimiter_search import HDLC
from sniffer.core.discovery.framing_candidate import FramingCandidate
from sniffer.core.discovery.lengths.length_search import LengthFit
from sniffer.core.discovery.lengths.shape_search import FrameShape
from sniffer.core.wire.checks import Check, CrcParameters, SumConstants, build_sum, build_text_check
from sniffer.core.wire.coding.checked_delimiter import CheckedDelimiter
from sniffer.text.framing_text import list_boards_that_fit, list_evidence, list_parts

LENGTH = LengthFit(frozenset({0xA5}), 4, 2, "little", -2, (), 0)
CRC = CrcParameters(16, 0x1021, 0, is_reflected=False, final_xor=0)


def candidate(check: Check | None, *heads: bytes, tail: bytes = b"") -> FramingCandidate:
    return FramingCandidate(heads, LENGTH, CheckFit(check, 90, 100) if check else None, tail, 90, 100, 1e-12)


def test_all_parts_are_named() -> None:
    check = Check("CRC-16/XMODEM", 2, 2, "little", CRC.compute)
    assert [*list_parts(candidate(check, b"\xa5\x5a", b"\xa5\x5b", tail=b"\x77"))] == [
        "heads A5 5A, A5 5B",
        "length at byte 4 (2 bytes, little-endian): the frame has 2 bytes less",
        "check CRC-16/XMODEM (2 bytes, little-endian), from byte 2",
        "ends with 77",
    ]


def test_what_a_check_after_the_end_covers_of_it_is_named() -> None:
    check = Check("xor", 1, 1, "big", build_sum("xor", 1))
    for uncovered, text in enumerate(("with the end", "with 03 of the end", "without the end")):
        end = CheckedDelimiter(b"\x10\3", 0x10, {0x10: 0x10}, b"\x10\2", bytes_after=1, uncovered=uncovered)
        found = [*list_parts(replace(candidate(check), delimiter=end))]
        assert found[1] == "no length: each frame begins with 10 02 and ends with 10 03, escape 10"
        assert found[2] == f"check xor (1 byte), from byte 1 and {text}, after it"


def test_what_is_left_open_is_reported() -> None:
    unknown = candidate(None, b"\xa5")
    assert [*list_parts(unknown)][-1] == "check unknown"
    first, second, third = list_evidence(unknown)
    assert (first, second) == (
        "90 of 100 places with a head are frames;",
        "the chance of an accident is 1e-12 at most.",
    )
    assert third.startswith("The check is unknown: no sum")
    own = candidate(Check("CRC-16", 2, 0, "big", CRC.compute, CRC), b"\xa5", b"\x5a")
    assert [text.split()[0] for text in list_evidence(own)][2:] == ["The", "Two"]


def test_the_constant_of_a_sum_is_named() -> None:
    """Air conditioners of LG combine the sum with 55."""
    found = candidate(Check("sum", 2, 1, "big", constants=SumConstants(7, 0x55)), b"\xa5")
    check = [*list_parts(found)][-1]
    assert check == "check sum (2 bytes, big-endian), from byte 1, begins with 0x0007, result combined with 0x0055"
    assert [*list_evidence(found)][-1] == "The check has a constant of its maker, which follows from the frames."


def test_one_size_stands_in_place_of_a_length() -> None:
    fixed = LengthFit(frozenset({0xAA}), 0, 0, "big", 10, (), 0)
    _, length, *_ = list_parts(FramingCandidate((b"\xaa",), fixed, None, b"", 9, 10, 1e-30))
    assert length == "no length: each frame has 10 bytes"


def test_a_length_may_count_words() -> None:
    words = replace(candidate(None, b"\xa5"), length=LengthFit(frozenset(), 2, 1, "big", 5, (), 0, unit=2))
    text = "length at byte 2 (1 byte): in words of 2 bytes, the frame has 5 bytes more"
    assert [*list_parts(words)][1] == text
    shaped = replace(words, shapes=(FrameShape(2, 1, "big", 5, unit=2),))
    assert [*list_parts(shaped)][1] == f"frames with a {text}"


def test_the_boards_that_fit_are_named_with_how_to_use_them() -> None:
    assert [*list_boards_that_fit([BoardMatch("jbd", 12, 0.987)])] == [
        "These bytes fit the board jbd: 12 frames, 99% of the bytes.",
        "To use it: --definition jbd",
    ]


def test_sizes_and_delimiters_stand_in_place_of_a_length() -> None:
    shapes = (FrameShape(0, 0, "big", 8, frozenset({3, 16})), FrameShape(2, 1, "big", 5))
    by_command = FramingCandidate((), LENGTH, None, b"", 90, 100, 1e-12, shapes=shapes, command=1)
    assert [*list_parts(by_command)] == [
        "head none",
        "frames with 03, 10 at byte 1 of 8 bytes",
        "frames with a length at byte 2 (1 byte): the frame has 5 bytes more",
        "check unknown",
    ]
    assert next(list_evidence(by_command)) == "90 of 100 pieces are frames;"
    by_head = replace(by_command, heads=(b"\x55", b"\xa6"), shapes=(FrameShape(0, 0, "big", 6, head=1),))
    assert [*list_parts(by_head)][1] == "frames with head A6 of 6 bytes"
    delimited = replace(by_command, shapes=(), delimiter=HDLC)
    assert [*list_parts(delimited)][1] == "no length: each frame ends with 7E, escape 7D"


def test_a_check_in_digits_is_named_so() -> None:
    check = build_text_check(Check("xor", 1, 1, "big", build_sum("xor", 1)), "upper", b"*")
    assert [*list_parts(candidate(check, b"$"))][-1] == "check xor (2 upper case digits, after 2A), from byte 1"


def test_equal_readings_are_named_by_what_differs() -> None:
    unknown = candidate(None, b"\xa5", tail=b"\x77")
    other = replace(unknown, heads=(b"\x77\xa5",), tail=b"")
    *_, said, reading = list_evidence(replace(unknown, equals=(other,)))
    assert said == "Not certain, as these explain the same frames equally:"
    assert reading == "- head 77 A5, no tail"
