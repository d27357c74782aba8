"""The decoder: both formats by their first bytes, and how a capture ended."""

import pytest

from sniffer.base.errors import CutOffError, SkippedError, SourceError
from sniffer.config.definition_files import load_definition
from sniffer.core.wire.items import Segments
from sniffer.core.wire.links import COM_TO_PWR, PWRBOARD
from sniffer.formats.capture_decoder import MAGICS, CaptureDecoder, check_head
from sniffer.formats.link_types import RAW, LinkTypes
from sniffer.formats.pcap.reader import VARIANTS
from sniffer.formats.pcapng.reader import CaptureError
from sniffer.formats.pcapng.rtac_serial import RtacEvent
from tests.commands.wireshark.helpers import INBOUND, capture_of
from tests.formats.pcap.helpers import header, record, rtac
from tests.formats.pcapng.test_reader import interface, packet, section

POLL = PWRBOARD.build(COM_TO_PWR.head, 1, 0x32, b"\1\2\3")
RECEIVED = rtac(RtacEvent.RECEIVED, POLL)


def decode(capture: bytes, size: int = 1 << 16, link_types: LinkTypes | None = None) -> tuple[list[object], str]:
    """Return the items of a capture, and how it ended."""
    decoder, items, ending = CaptureDecoder(link_types), list[object](), "whole"
    for at in range(0, len(capture), size):
        items += decoder.feed(capture[at : at + size])
    items += decoder.flush()
    assert decoder.position == len(capture)
    try:
        decoder.check_end()
    except SourceError as error:
        ending = f"{type(error).__name__}: {error}"
    return items, ending


@pytest.mark.parametrize("size", [1, 3, 1 << 16])
def test_both_formats_give_the_same_items(size: int) -> None:
    classic = header() + record(RECEIVED)
    pcapng = section("<") + interface("<") + packet("<", 1_000_000, RECEIVED)
    assert decode(classic, size) == decode(pcapng, size) == ([Segments([(POLL, 10**9)])], "whole")


def test_a_frame_that_goes_on_in_the_next_read_is_one_frame() -> None:
    first = header() + record(rtac(RtacEvent.RECEIVED, POLL[:5]))
    second = record(rtac(RtacEvent.RECEIVED, POLL[5:]))
    assert decode(first + second, len(first)) == ([Segments([(POLL, 10**9)])], "whole")


@pytest.mark.parametrize("left", [24, 30, 41, 70])
def test_a_capture_that_is_cut_off_gives_all_before_the_cut(left: int) -> None:
    items, ending = decode((header() + record(RECEIVED) + record(RECEIVED))[:left])
    assert items == [Segments([(POLL, 10**9)])] * (left > 50)
    assert ending == (
        "whole"
        if left == 24
        else f"CutOffError: the capture was cut off {'after packet 1' if left > 50 else 'before its first packet'}; "
        "all before it was read"
    )


def test_what_waits_before_damage_is_given_out_first() -> None:
    decoder = CaptureDecoder()
    items = decoder.feed(header() + record(rtac(RtacEvent.RECEIVED, POLL[:5])) + b"\xff" * 16)
    assert next(items) == Segments(((POLL[:5], 10**9),))
    with pytest.raises(CaptureError, match="damaged at byte 57"):
        next(items)


def test_packets_of_other_link_types_are_counted_once() -> None:
    mixed = section("<") + interface("<") + interface("<").replace(b"\xfa\0", b"\1\0", 1)
    other = packet("<", 1, b"x", number=1)
    assert decode(mixed + other + packet("<", 1_000_000, RECEIVED) + other) == (
        [Segments([(POLL, 10**9)])],
        "SkippedError: skipped: 2 packets of link type 1 (Ethernet); all others were read",
    )
    _, ending = decode(mixed + packet("<", 1, RECEIVED) + other + other[:-1])
    assert ending == (
        "CutOffError: the capture was cut off after packet 2; all before it was read; "
        "skipped: 1 packet of link type 1 (Ethernet)"
    )


def test_a_capture_without_any_packet_of_a_serial_line_is_refused() -> None:
    capture = section("<") + interface("<").replace(b"\xfa\0", b"\1\0", 1) + packet("<", 1, POLL)
    assert decode(capture)[1].startswith("NothingReadError: link type 1 (Ethernet) is not a serial line's")
    assert decode(capture, link_types={1: RAW}) == ([Segments([(POLL, 1000)])], "whole")


def test_a_classic_capture_of_another_link_type_is_refused_before_its_packets() -> None:
    with pytest.raises(SourceError, match=r"^link type 1 \(Ethernet\) is not a serial line's: .*--dlt 1=raw$"):
        list(CaptureDecoder().feed(header(link_type=1) + record(POLL)))
    assert decode(header(link_type=1) + record(POLL), link_types={1: RAW})[1] == "whole"


@pytest.mark.parametrize("magic", VARIANTS)
def test_variants_of_the_format_are_named(magic: bytes) -> None:
    assert magic in MAGICS
    with pytest.raises(SourceError, match=r"variant of pcap .*editcap FILE new\.pcapng"):
        check_head(magic + bytes(20), {})


def test_errors_are_those_of_the_small_tree() -> None:
    assert issubclass(SkippedError, CutOffError)


def test_packets_of_another_program_are_searched_for_the_frames_of_the_given_links() -> None:
    """The bytes of these frames look like beginnings of the charger's, and each is cut by the end of a packet."""
    definition = load_definition(["modbus"])
    check = definition.links.links["modbus"].check
    frames = [body + check.build(body) for body in (bytes([1, 6, 0, 0xBB, 0xAA, number]) for number in range(20))]
    data = b"".join(frames)
    capture = capture_of([(INBOUND, 2, data[start : start + 11]) for start in range(0, len(data), 11)])
    decoder = CaptureDecoder(definition=definition)
    items = [*decoder.feed(capture), *decoder.flush()]
    pieces = [raw for item in items if isinstance(item, Segments) for raw, _ in item.pieces]
    assert pieces == frames
