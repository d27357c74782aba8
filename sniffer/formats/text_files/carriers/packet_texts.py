"""Packets of a serial line as Wireshark and tshark print them: `tshark -x`, `-V`, and `-T pdml`.

In: a line. Out: the lines of hex text that it holds, without the header of link type RTAC serial, whose time and
direction they have; None for lines that hold no bytes of the line.
"""

from collections.abc import Sequence

from sniffer.base.late_pattern import compile_late
from sniffer.formats.pcapng.rtac_serial import HEADER_SIZE, LINE_ERRORS, LOSSES, OF_SENT_BYTES, RtacEvent, unpack_header

_ROW = compile_late(r"(?P<offset>[0-9a-f]{4,8}) {2,3}(?P<bytes>(?:[0-9a-f]{2} ){0,15}[0-9a-f]{2}) {2,}\S.*")
_TIME = compile_late(r"\s+Epoch Time: (\d{9,10}\.\d{1,9})(?: seconds)?")
_EVENT = compile_late(r"\s+Event Type: DATA_([RT]X)_\w+ \(0x\d\d\)")
_DATA = compile_late(r"Data \(\d+ bytes?\)")
_FIELD_TIME = compile_late(r'\s*<field name="frame\.time_epoch" .*\bshow="(\d{9,10}\.\d{1,9})"/>')
_FIELD_EVENT = compile_late(r'\s*<field name="rtacser\.eventtype" .*\bshowname="Event Type: DATA_([RT]X)_.*')
_FIELD_DATA = compile_late(r'\s*<field name="(?:data\.data|usb\.capdata)" .*\bvalue="([0-9a-f]+)"/?>')
_EVENT_MEMBERS = ("rtacser.eventtype", "rtacser_rtacser_eventtype")
_WAYS = {f"0x0{event.value}": "TX" if event in OF_SENT_BYTES else "RX" for event in RtacEvent}
_SINCE = 946_684_800
"""The year 2000, in seconds. A header with an earlier time is none."""

_MICROSECONDS = 1_000_000


def parse_rtac_bytes(data: bytes) -> str | None:
    """Return the bytes of a packet of RTAC serial after their time and direction; None if it has no such header.

    Of an event without bytes, the line says what it is.
    """
    if len(data) < HEADER_SIZE:
        return None
    seconds, rest, event, _, footer = unpack_header(data)
    if seconds < _SINCE or rest >= _MICROSECONDS or footer:
        return None
    way = "TX:" if event in OF_SENT_BYTES else "RX:"
    if found := data[HEADER_SIZE:].hex(" "):
        return f"{seconds}.{rest:06} {way} {found}"
    error = LINE_ERRORS.get(event)
    return f"{seconds}.{rest:06} {f'{error.value} error' if error else LOSSES.get(event, way)}"


def hold_packets(lines: Sequence[str]) -> bool:
    """Return True if the dumps in these lines are packets of RTAC serial with their headers."""
    rows = (found for line in lines if (found := _ROW.fullmatch(line)))
    first = [bytes.fromhex(row["bytes"]) for row in rows if not row["offset"].strip("0")]
    return bool(first) and all(parse_rtac_bytes(data) for data in first)


def unwrap_packet(line: str) -> list[str] | None:
    """Return the bytes of a row of a packet, nothing for a blank line, and None for any other."""
    row = _ROW.fullmatch(line)
    if row is None:
        return None if line.strip() else []
    found = None if row["offset"].strip("0") else parse_rtac_bytes(bytes.fromhex(row["bytes"]))
    return [found or row["bytes"]]


def hold_details(lines: Sequence[str]) -> bool:
    """Return True if these lines are the details of packets, with the bytes after their headers as dumps."""
    return all(any(map(form.fullmatch, lines)) for form in (_TIME, _DATA, _ROW))


def unwrap_detail(line: str) -> list[str] | None:
    """Return the time, the direction or the bytes that a line of the details of a packet holds; nothing for a blank
    line, and None for all else.
    """
    if found := _TIME.fullmatch(line) or _EVENT.fullmatch(line):
        return [found[1]]
    row = _ROW.fullmatch(line)
    return [row["bytes"]] if row else None if line.strip() else []


def hold_fields(lines: Sequence[str]) -> bool:
    """Return True if these lines are packets in PDML."""
    return any(line.startswith("<pdml") for line in lines)


def unwrap_field(line: str) -> list[str]:
    """Return the time, the direction or the bytes of a field in PDML; nothing for all else."""
    found = _FIELD_TIME.fullmatch(line) or _FIELD_EVENT.fullmatch(line) or _FIELD_DATA.fullmatch(line)
    return [found[1]] if found else []


def pick_layers(members: dict[str, object]) -> dict[str, object]:
    """Return the members of a packet in JSON of Wireshark without the bytes of its headers and the repeated ones.

    The time and direction are those of the header. All members are returned if they are no such packet.
    """
    header, frame, packet = members.get("rtacser"), members.get("frame"), _find_first_text(members.get("frame_raw"))
    data = members.get("data_raw") or members.get("data")
    line = parse_rtac_bytes(_parse_hex(packet))
    if line is not None:
        return {"frame": frame, "line": line}
    if data is None or not (packet or isinstance(header, dict)):
        return members
    events = (header.get(key) for key in _EVENT_MEMBERS) if isinstance(header, dict) else ()
    way = next((_WAYS[event] for event in events if isinstance(event, str) and event in _WAYS), "")
    return {"dir": way, "frame": frame, "data": data if isinstance(data, dict) else _find_first_text(data)}


def _find_first_text(value: object) -> str:
    """Return a text, or the first item of a list if it is one; empty for anything else."""
    first = value[0] if isinstance(value, list) and value else value
    return first if isinstance(first, str) else ""


def _parse_hex(text: str) -> bytes:
    """Return the bytes of a text in hexadecimal; none if it is anything else."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""
