"""The link types of captures: how the bytes of a serial line stand in a packet.

In: the number of a link type, from a capture or from `--dlt`. Out: a `PacketLayout`, or None if the packets are not of
a serial line. The numbers are those of tcpdump.org's list of link types.
"""

from collections.abc import Callable, Mapping

from msgspec import Struct

from sniffer.base.late_pattern import compile_late
from sniffer.base.times import SECOND
from sniffer.formats.pcapng import rtac_serial
from sniffer.formats.pcapng.blocks import RTAC_SERIAL
from sniffer.formats.pcapng.rtac_serial import RtacEvent

USER_TYPES = range(147, 163)
"""The link types that everybody may use for what they like."""

MOST_SKIPPED_BYTES = 1024
_LARGEST = 0xFFFF
_OPTION = compile_late(r"(\d{1,5})=(?:(rtac)|raw(?:\+(\d{1,4}))?)")
_CLOCKS_APART = 2 * 24 * 3600
"""Seconds by which the two times of an RTAC packet may differ: one of them may be a local time."""

_NAMES = {
    0: "BSD loopback",
    1: "Ethernet",
    9: "PPP",
    12: "raw IP",
    101: "raw IP",
    105: "802.11 wireless LAN",
    113: "Linux cooked",
    127: "802.11 wireless LAN",
    189: "USB",
    220: "USB",
    227: "CAN bus",
    228: "raw IP",
    249: "USB",
    276: "Linux cooked",
}


_NETWORK_FIELDS = "tcp.payload -e udp.payload"
_FIELDS = {
    "Ethernet": _NETWORK_FIELDS,
    "Linux cooked": _NETWORK_FIELDS,
    "raw IP": _NETWORK_FIELDS,
    "USB": "usb.capdata",
}
"""The fields of `tshark` with the bytes that an adapter or a port server passed on, by names of link types."""


class PacketLayout(Struct, frozen=True):
    """The content of a packet: the header of RTAC serial if `is_rtac`, else `skipped` bytes; then those of the line."""

    is_rtac: bool = False
    skipped: int = 0

    @property
    def header_size(self) -> int:
        """The number of bytes before those of the line."""
        return rtac_serial.HEADER_SIZE if self.is_rtac else self.skipped


RTAC = PacketLayout(is_rtac=True)
RAW = PacketLayout()

LinkTypes = Mapping[int, PacketLayout]
"""The layouts that the user named, by link types."""


def parse_link_type(text: str) -> tuple[int, PacketLayout]:
    """Return the link type and its layout of `147=rtac`, `147=raw` or `147=raw+4`. Raises `ValueError`."""
    found = _OPTION.fullmatch(text)
    if not found or int(found[1]) > _LARGEST or int(found[3] or 0) > MOST_SKIPPED_BYTES:
        raise ValueError(f"{text}: name a link type and what is in its packets, such as 147=rtac, 147=raw or 147=raw+4")
    return int(found[1]), RTAC if found[2] else PacketLayout(skipped=int(found[3] or 0))


def find_layout(
    link_type: int,
    data: bytes,
    time: int | None,
    link_types: LinkTypes,
    is_frame: Callable[[bytes], bool] = lambda data: False,
) -> PacketLayout | None:
    """Return the layout of the packets of an interface, found from its first one; None if it is of no serial line.

    A user link type has the header of RTAC serial if the first packet begins with what that header can hold, and else
    nothing but bytes. A header whose time is not that of the packet counts if a frame stands after it. `is_frame`
    returns True for the bytes of one.
    """
    if link_type in link_types:
        return link_types[link_type]
    if link_type == RTAC_SERIAL:
        return RTAC
    if link_type not in USER_TYPES:
        return None
    return RTAC if _has_rtac_header(data, time, is_frame) else RAW


def is_serial(link_type: int, link_types: LinkTypes) -> bool:
    """Return True if packets of this link type can be read."""
    return link_type in link_types or link_type == RTAC_SERIAL or link_type in USER_TYPES


def format_link_type(link_type: int) -> str:
    """Return the number and, if it is known, the name of a link type."""
    name = _NAMES.get(link_type)
    return f"link type {link_type} ({name})" if name else f"link type {link_type}"


def describe_refusal(link_type: int) -> str:
    """Return why packets of a link type cannot be read, and what to do."""
    fields = _FIELDS.get(_NAMES.get(link_type, ""), "")
    passed_on = (
        f"`tshark -r FILE -T fields -e frame.time_epoch -e {fields} > FILE.txt` and open that, " if fields else ""
    )
    return (
        f"{format_link_type(link_type)} is not a serial line's: {passed_on}record the line itself with `evse-sniff "
        f"record PORT -o FILE`, or read the packets as its bytes all the same with --dlt {link_type}=raw"
    )


def _has_rtac_header(data: bytes, time: int | None, is_frame: Callable[[bytes], bool]) -> bool:
    """Return True if a packet begins with the header of RTAC serial. `time` is that of the packet, or None."""
    if len(data) < rtac_serial.HEADER_SIZE:
        return False
    seconds, microseconds, event, _, footer = rtac_serial.unpack_header(data)
    is_possible = microseconds < 1_000_000 and event <= max(RtacEvent) and footer == 0
    has_its_time = time is None or abs(seconds - time // SECOND) <= _CLOCKS_APART
    return is_possible and (has_its_time or is_frame(data[rtac_serial.HEADER_SIZE :]))
