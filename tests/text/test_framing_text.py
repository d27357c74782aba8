"""A framing in words: given this candidate, these parts and this evidence."""

from sniffer.core.discovery.board_match import BoardMatch
from sniffer.core.discovery.check_search import CheckFit
from sniffer.core.discovery.delimiter_hint import KINDS
from sniffer.core.discovery.framing_candidate import FramingCandidate
from sniffer.core.discovery.length_search import LengthFit
from sniffer.core.wire.checks import Check, CrcParameters
from sniffer.text.framing_text import describe_undetermined, list_boards_that_fit, list_evidence, list_parts

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


def test_what_is_left_open_is_said() -> None:
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


def test_one_size_stands_in_place_of_a_length() -> None:
    fixed = LengthFit(frozenset({0xAA}), 0, 0, "big", 10, (), 0)
    _, length, *_ = list_parts(FramingCandidate((b"\xaa",), fixed, None, b"", 9, 10, 1e-30))
    assert length == "no length: each frame has 10 bytes"


def test_the_boards_that_fit_are_named_with_how_to_use_them() -> None:
    assert [*list_boards_that_fit([BoardMatch("jbd", 12, 0.987)])] == [
        "These bytes fit the board jbd: 12 frames, 99% of the bytes.",
        "To use it: --definition jbd",
    ]


def test_a_suspicion_is_said_where_nothing_was_found() -> None:
    assert describe_undetermined(None).startswith("Undetermined: no head and length")
    assert describe_undetermined(KINDS[0]).startswith(
        "Undetermined, but these bytes have the escapes of SLIP: frames that end with C0."
    )
