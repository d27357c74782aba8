"""Lines of hex text that say something of the bytes in the lines after them, and hold none.

In: a line. Out: its time and direction, as of `[10:00:01] Read data (COM3)`; None if it says nothing.
"""

import re
from collections.abc import Sequence

from sniffer.base.late_pattern import compile_late
from sniffer.formats.text_files.hex_lines.channel_words import ARROW, WORD, names_port
from sniffer.formats.text_files.hex_lines.hex_line import HexLine
from sniffer.formats.text_files.hex_lines.hex_search import UNCLEAR, find_context, find_direction
from sniffer.formats.text_files.printed_time import PrintedTime, find_time

_HEADS_BYTES = compile_late(
    r"[\[{]\s*\Z|raw data\W*\Z|IRP_MJ_(?:READ|WRITE) - |\b(?:\d{1,6} ?bytes?|(?:len(?:gth)?|size)[=: ]{1,2}\d{1,6})\b"
    r"|\(\d{1,6}\):\s*\Z",
    re.IGNORECASE,
)
"""The form of a line whose direction is that of the bytes in the lines after it."""

_MEMBER = compile_late(
    r"\s*-?\s*[\"']?_?(?:dir(?:ection)?|way|richtung|sens)[\"']?\s?[:=]\s?[\"']?(\w{1,16})[\"']?,?\s*", re.IGNORECASE
)
_PEER = compile_late(r"\s*(?:-\s)?(peer): (\d{1,2})|\s*char (peer)(\d{1,2})_\d+\[\] = \{.*")
"""The side of a connection as Wireshark names it before the bytes of each packet."""

_TIME_MEMBER = compile_late(
    r"[\s\"'-]*@?(?:(?:observed)?time(?:stamp)?|ts|date|when|at)[\"']?\s?[:=]\s?(?:\w{1,12}\()?[\"']?", re.IGNORECASE
)
_REST_OF_MEMBER = compile_late(r"(?:\sUTC)?[\s\"'),;]*")
_QUOTES = ("'", '"')
_BRACKETED = compile_late(r"\s*\[\s.*\s\]\s*")
_WORD = compile_late(r"[A-Za-z]{2,}")
_LONGEST_WORD = 16
_FEWEST_RECORDS = 2
_MOST_WORDS = 8
"""Words after the time of a header. A sentence has more."""

_PACKET_MARK = compile_late(r"([IO])\s+(?=\d)")
"""The names of the direction of a packet for `text2pcap`."""

_TAGS = compile_late(r"(?:\]?\s*\[[^\[\]\s]{1,300}\]:?)+\s*")
"""The text of a logger between the time and the message, which stands in the next line."""


def _find_member(line: str) -> str:
    """Return the direction that a line of an object names, as `direction: 'Rx',`; empty without one."""
    found = _MEMBER.fullmatch(line)
    word = WORD.match(f"{found[1]}:") if found else None
    return found[1] if found and word and word.end() == len(found[1]) else ""


def _find_time_member(line: str) -> PrintedTime | None:
    """Return the time that a line of an object names, as `ts: ISODate('..'),`; None for other lines."""
    name = _TIME_MEMBER.match(line)
    printed = find_time(line, name.end()) if name else None
    return printed if printed and _REST_OF_MEMBER.fullmatch(line, printed.end) else None


def _find_alone(line: str) -> str:
    """Return the direction that is all of a line, such as a cell of a table; empty for other lines."""
    text = line.strip(" \t|[]():*-")
    word = WORD.match(f"{text}:") if 1 < len(text) <= _LONGEST_WORD else None
    is_way = word is not None and word.lastgroup == "way" and word.end() == len(text)
    return text if is_way and text.lower() not in UNCLEAR else ""


def have_times_above(texts: Sequence[str], found: Sequence[HexLine | None]) -> bool:
    """Return True if above all bytes without a time stands a line that begins with one, as loggers print that write two
    lines for each record.
    """
    has_bytes = [one is not None and bool(one.data) for one in found]
    begun = (at for at, one in enumerate(found) if one and one.data and not one.printed)
    first = [at for at in begun if not (at and has_bytes[at - 1])]
    return len(first) >= _FEWEST_RECORDS and all(at and _begins_with_time(texts[at - 1]) for at in first)


def _begins_with_time(line: str) -> bool:
    return find_time(line.lstrip(" \t[<(")) is not None


def find_header(line: str, *, is_after_bytes: bool = False, is_time_enough: bool = False) -> HexLine | None:
    """Return the time and direction of a line that other words say more of, without bytes; None without both of them.

    They hold for the lines that follow, as with `[10:00:01] Read data (COM3)`. The direction alone is enough before a
    list of numbers, as with `RX Uint8Array(13) [`, or with the number of bytes, as with `Read 13 bytes:`. With
    `is_after_bytes`, a direction that is a member of an object is that of the bytes before it. With `is_time_enough`,
    a line that begins with a time is a header, whatever else it says.
    """
    mark = _PACKET_MARK.match(line)
    # The characters of the bytes may look like arrows.
    end = line.find(line.rstrip()[-1:]) if line.rstrip().endswith(_QUOTES) else len(line)
    printed, channel = find_context(line, mark.end() if mark else 0, end)
    if peer := _PEER.fullmatch(line):
        return HexLine(b"", None, f"{peer[1] or peer[3]} {peer[2] or peer[4]}")
    if not is_after_bytes and (member := _find_member(line)):
        return HexLine(b"", None, member)
    if time := _find_time_member(line):
        return HexLine(b"", time, "")
    if alone := _find_alone(line):
        return HexLine(b"", None, alone)
    if printed is None:
        if not _HEADS_BYTES.search(line):
            return None
        if channel.lower() in UNCLEAR or not channel or names_port(channel) or ARROW.fullmatch(channel):
            channel = find_direction(line, 0, end) or channel
        return HexLine(b"", None, channel) if channel else None
    if is_time_enough and _begins_with_time(line):
        return HexLine(b"", printed, channel)
    is_sentence = channel.lower() in UNCLEAR or len(_WORD.findall(line, printed.end)) > _MOST_WORDS
    if channel and is_sentence and not _HEADS_BYTES.search(line):
        return None
    channel = mark[1] if mark else channel or find_direction(line, 0, printed.end)
    is_header = channel or _TAGS.fullmatch(line, printed.end) or _BRACKETED.fullmatch(line)
    return HexLine(b"", printed, channel) if is_header else None
