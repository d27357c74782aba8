"""Identifiers in frames and in damaged ones."""

from sniffer.commands.bundle.frame_identifiers import FrameSpan, find_in_message, find_in_noise
from sniffer.commands.bundle.identifier_kinds import IdentifierKind
from sniffer.core.protocol.codec import Codec
from sniffer.core.wire.frame import Frame
from sniffer.core.wire.links import COM_TO_PWR, PWR_TO_COM, PWRBOARD
from tests.commands.convert.helpers import DEFINITION
from tests.known_frames import KNOWN_FRAMES

CODEC = Codec(DEFINITION)
ANNOUNCEMENT_ANSWER = KNOWN_FRAMES[2].raw
"""The answer to an announcement, with the charge point id 10427240 in its payload from byte 14 on."""


def spans(raw: bytes, route=COM_TO_PWR) -> list[tuple[bytes, IdentifierKind]]:
    """Return the identifiers in a frame, and their kinds."""
    message = CODEC.decode(Frame(route, None, raw))
    return [(raw[span.start : span.end], span.kind) for span in find_in_message(message)]


def test_a_field_is_found_without_its_padding() -> None:
    assert spans(ANNOUNCEMENT_ANSWER) == [(b"10427240", IdentifierKind.CHARGE_POINT)]


def test_an_empty_field_holds_none() -> None:
    assert spans(ANNOUNCEMENT_ANSWER.replace(b"10427240", bytes(8))) == []


def test_text_in_bytes_without_a_meaning_may_identify_something() -> None:
    frame = PWRBOARD.build(b"\xbb", 1, 0x77, b"\0\1CARD-0815\0voltage\0\2" + b"ab12")
    assert spans(frame, PWR_TO_COM) == [(b"CARD-0815", IdentifierKind.UNEXPLAINED)]


def test_a_damaged_frame_is_recognised_by_its_head_command_and_length() -> None:
    damaged = ANNOUNCEMENT_ANSWER.replace(b"10427240", b"10\x8727240")
    (span,) = find_in_noise(b"\x12\x34" + damaged, CODEC)
    assert span == FrameSpan(16, 24, IdentifierKind.CHARGE_POINT, is_text=True)


def test_a_frame_that_was_cut_off_is_found_up_to_there() -> None:
    (span,) = find_in_noise(ANNOUNCEMENT_ANSWER[:18], CODEC)
    assert ANNOUNCEMENT_ANSWER[span.start : span.end] == b"1042"
    assert [*find_in_noise(ANNOUNCEMENT_ANSWER[:14], CODEC)] == []


def test_garbage_holds_none() -> None:
    assert [*find_in_noise(b"\xaa\xbb\xff\x6a\xa6" * 50, CODEC)] == []
