"""The forms in which other programs carry the lines of hex text: JSON objects, pages in HTML, a journal, and events.

In: the first lines of a text. Out: a `HexCarrier`, or None if its lines stand there as they were printed. `unwrap`
returns the lines of hex text that a line carries, each with the time and direction that belong to it.

One line may hold many objects of JSON, and an object may stand after other words
(`sniffer.formats.text_files.carriers.json_bytes`).
"""

from collections.abc import Callable, Sequence
from enum import Enum, auto
from html import unescape
from itertools import islice

from sniffer.base.late_pattern import compile_late
from sniffer.formats.text_files.carriers.event_lines import (
    find_version,
    is_transfer,
    unwrap_recording,
    unwrap_steps,
    unwrap_transfer,
)
from sniffer.formats.text_files.carriers.json_bytes import find_bytes, load, load_last_object
from sniffer.formats.text_files.carriers.packet_texts import (
    hold_details,
    hold_fields,
    hold_packets,
    unwrap_detail,
    unwrap_field,
    unwrap_packet,
)
from sniffer.formats.text_files.carriers.trace_events import parse_event
from sniffer.formats.text_files.hex_lines.hex_line import parse_hex_line
from sniffer.formats.text_files.hex_lines.hex_search import find_direction
from sniffer.formats.text_files.hex_lines.words_around import find_topic
from sniffer.formats.text_files.printed_time import find_time

_TAG = compile_late(
    r"</?(?:html|head|body|pre|code|p|br|hr|div|span|font|table|tbody|thead|tr|td|th|ul|ol|li|b|i|u|em|strong|a|Events?"
    r"|System|EventData|Data)\b[^<>]{0,300}/?>",
    2,
)
_BREAK = compile_late(r"<br\b[^<>]{0,99}>|</(?:p|div|tr|li|Event)>|</pre>(?!\s*</t[dh]>)", 2)
_CELL = compile_late(
    r"(?P<bytes>[0-9a-f]{2}[ \xa0][0-9a-f]{2}\s*)?(?:</(?:pre|code|tt|span|font)>\s*)*</t[dh]>|</Data>", 2
)
_SPACE_CODE = compile_late(r"&nbsp;|&#160;|&#xa0;", 2)
_REALTIME = compile_late(r"__REALTIME_TIMESTAMP=([0-9]{9,11})([0-9]{6})")
_FIELD = compile_late(r"_{0,2}[A-Z][A-Z0-9_]*=")
_MOST_TRIED = 100


class HexCarrier(Enum):
    """A form in which another program carries the lines of hex text."""

    JSON = auto()
    """In JSON objects, one or more a line."""
    HTML = auto()
    """Between tags."""
    JOURNAL = auto()
    """In fields of `journalctl -o export`, one a line."""
    TRANSFERS = auto()
    """In transfers of `usbmon`, one a line."""
    RECORDING = auto()
    """In what a recorded terminal printed."""
    STEPS = auto()
    """In what a recorded terminal printed, whose times are those since the event before."""
    PACKETS = auto()
    """In the rows of packets that Wireshark printed with their headers."""
    DETAILS = auto()
    """In the details of packets that Wireshark printed."""
    FIELDS = auto()
    """In PDML of Wireshark."""

    def unwrap(self, line: str) -> list[str] | None:
        """Return the lines of hex text that a line carries, the line itself if this program did not make it; None if
        it carries no bytes.
        """
        return _UNWRAP[self](line)


def find_hex_carrier(lines: Sequence[str]) -> HexCarrier | None:
    """Return the carrier of these lines; None if they are as they were printed."""
    filled = list(islice((line for line in lines if line.strip()), _MOST_TRIED))
    if filled and (version := find_version(filled[0])):
        return HexCarrier.RECORDING if version == 2 else HexCarrier.STEPS
    if any(map(is_transfer, filled)):
        return HexCarrier.TRANSFERS
    if any(line.lstrip()[:1] in ("{", "[") and load(line) is not None for line in filled):
        return HexCarrier.JSON
    ended = filter(None, (load_last_object(line) for line in filled if '{"' in line))
    if any(parse_hex_line(found) for _, value in ended for found in find_bytes(value)):
        return HexCarrier.JSON
    if any(map(_REALTIME.fullmatch, filled)):
        return HexCarrier.JOURNAL
    if packets := _find_packets(filled):
        return packets
    if any(_TAG.search(line) or _SPACE_CODE.search(line) for line in filled):
        return HexCarrier.HTML
    return None


def _find_packets(lines: Sequence[str]) -> HexCarrier | None:
    """Return the form in which Wireshark printed packets; None if it did not."""
    if hold_fields(lines):
        return HexCarrier.FIELDS
    if hold_packets(lines):
        return HexCarrier.PACKETS
    return HexCarrier.DETAILS if hold_details(lines) else None


def _unwrap_json(line: str) -> list[str] | None:
    """Return a line of hex text for each bytes of an object, any other line itself; None if an object holds none."""
    if line.lstrip()[:1] in ("{", "["):
        found = load(line)
        if isinstance(found, dict) and "ph" in found and parse_event(found):
            return list(find_bytes(found))
        return [line] if found is None else list(find_bytes(found)) or None
    found_object = load_last_object(line) if '{"' in line else None
    if found_object is None:
        return [line]
    begin, value = found_object
    before = line[:begin].rstrip()
    if any(map(find_time, find_bytes(value))):
        return list(find_bytes(value, way=find_topic(before) or find_direction(before, 0, begin)))
    return [f"{before} {one}" for one in find_bytes(value)] or [line]


def _unwrap_html(line: str) -> list[str]:
    """Return the lines of a line of a page, without its tags."""
    # Two spaces end bytes, as the same ones may follow as characters.
    text = _CELL.sub(lambda found: f"{found['bytes']}  " if found["bytes"] else " ", _BREAK.sub("\n", line))
    parts = unescape(_TAG.sub("", text)).replace("\xa0", " ").split("\n")
    return [part for part in parts if part.strip()] or [""]


def _unwrap_journal(line: str) -> list[str] | None:
    """Return the message or the time that a field holds, a line that is no field; None for any other field."""
    if time := _REALTIME.fullmatch(line):
        return [f"{time[1]}.{time[2]}"]
    field = _FIELD.match(line)
    return [line] if field is None else [line[field.end() :]] if field[0] == "MESSAGE=" else None


_UNWRAP: dict[HexCarrier, Callable[[str], list[str] | None]] = {
    HexCarrier.JSON: _unwrap_json,
    HexCarrier.HTML: _unwrap_html,
    HexCarrier.JOURNAL: _unwrap_journal,
    HexCarrier.TRANSFERS: unwrap_transfer,
    HexCarrier.RECORDING: unwrap_recording,
    HexCarrier.STEPS: unwrap_steps,
    HexCarrier.PACKETS: unwrap_packet,
    HexCarrier.DETAILS: unwrap_detail,
    HexCarrier.FIELDS: unwrap_field,
}
