"""The parts of a frame, read from its bytes, are those of the known frames on both links."""

import pytest

from sniffer.core.wire.frame import Frame, Noise, Reason
from sniffer.core.wire.items import Chunk
from sniffer.core.wire.link import Route
from sniffer.core.wire.links import COM_TO_PWR, PWR_TO_COM, ROUTES
from tests.core.wire.boards import load_links
from tests.known_frames import KNOWN_FRAMES, STATUS_REPORT, KnownFrame


def route_of(known: KnownFrame) -> Route:
    return next(route for route in ROUTES if route.direction == known.direction)


@pytest.mark.parametrize("known", KNOWN_FRAMES, ids=lambda known: known.name)
def test_a_frame_shows_its_parts(known: KnownFrame) -> None:
    frame = Frame(route_of(known), 7, known.raw)
    parts = (frame.link.name, frame.direction, frame.sequence, frame.command, frame.payload)
    assert parts == (known.link, known.direction, known.sequence, known.command, known.payload)


def test_frames_are_equal_by_value() -> None:
    frame = Frame(COM_TO_PWR, 7, b"\xaa")
    assert frame == Frame(route=COM_TO_PWR, time=7, raw=b"\xaa")
    assert frame not in (Frame(PWR_TO_COM, 7, b"\xaa"), Frame(COM_TO_PWR, 8, b"\xaa"), Frame(COM_TO_PWR, 7, b"\xbb"))
    assert hash(frame) == hash(Frame(COM_TO_PWR, 7, b"\xaa"))


def test_the_reasons_are_the_words_of_the_contract() -> None:
    assert [str(reason) for reason in Reason] == ["crc", "truncated", "garbage"]


def test_a_chunk_needs_no_time() -> None:
    assert Chunk(b"\xaa") == Chunk(b"\xaa", None)


@pytest.mark.parametrize(
    "value", [Chunk(b""), Frame(COM_TO_PWR, None, STATUS_REPORT.raw), Noise(Reason.CRC, None, b"\xaa")]
)
def test_frames_noise_and_chunks_cannot_be_changed(value: Chunk | Frame | Noise) -> None:
    with pytest.raises(AttributeError):
        value.time = 1  # type: ignore[misc]


def test_what_an_answer_repeats_is_the_sequence_or_else_the_address() -> None:
    assert Frame(PWR_TO_COM, None, STATUS_REPORT.raw).key_text == "61D9"
    text = """
    [[link]]
    name = "bus"
    heads = { "a>b" = "A5" }
    address = { at = 1 }
    length = { at = 2, adds = 4 }
    payload = 3
    check = { name = "sum" }
    """
    (addressed,) = load_links(text).routes
    (plain,) = load_links(text.replace("address = { at = 1 }", "")).routes
    raw = b"\xa5\x0a\x00\xaf"
    assert (Frame(addressed, None, raw).key_text, Frame(plain, None, raw).key_text) == ("0A", "")


def test_an_address_may_be_the_serial_number_of_a_meter() -> None:
    text = """
    [[link]]
    name = "meter"
    heads = { "a>b" = "68" }
    address = { at = 1, size = 6, order = "little" }
    length = { at = 7, adds = 9 }
    payload = 8
    check = { name = "sum" }
    """
    (route,) = load_links(text).routes
    assert Frame(route, None, bytes.fromhex("68 66 55 44 33 22 11 00 CD")).key_text == "112233445566"
