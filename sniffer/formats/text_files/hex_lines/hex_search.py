"""Find bytes in hexadecimal anywhere in a line, after words that say nothing about them.

In: a line and a place. Out: the next bytes from there on that cannot be words or numbers, with the last time and
direction before them. Chats, loggers and tools print whatever they like before bytes, so nothing is expected there.
What may be another number, such as a hash, counts as bytes only where a word before it says so.
"""

import re
from typing import NamedTuple

from sniffer.base.late_pattern import compile_late
from sniffer.formats.text_files.hex_lines.channel_words import ARROW, WORD
from sniffer.formats.text_files.hex_lines.hex_bytes import FEWEST, PAIR, HexBytes, take_bytes
from sniffer.formats.text_files.printed_time import PrintedTime, find_time

UNMISTAKABLE = compile_late(
    rf"{PAIR}(?P<sep>,\s|[ ,:-]){PAIR}(?:(?P=sep){PAIR}){{5,}}"
    r"|(?=[0-9]*+[A-Fa-f])(?:[0-9A-Fa-f]{2}){7,}(?![0-9A-Za-z])"
)
"""Bytes after such words: pairs with one separator, or hexadecimal digits in a row, but no years and large numbers."""

_RUN = compile_late(
    rf"(?<![0-9A-Za-z_.]){PAIR}(?P<sep>,\s?|[ \t:;-]|){PAIR}(?:(?P=sep){PAIR}){{5,}}(?![0-9A-Za-z])"
    r"|(?<=[<\[(])[0-9A-Fa-f]{8}(?: [0-9A-Fa-f]{8})*(?: (?:[0-9A-Fa-f]{2}){1,4})?(?=[>\])])"
)
_LETTER = compile_late(r"(?<![0-9])[A-Fa-f]|[A-Fa-f](?![0-9])|0[0-9]")
_SAFE_SEPARATORS = (" ", "\t", ",", ", ")
_INTRODUCTION = compile_late(
    r"(?:hex|data|bytes?|payload|frame|packet|raw|msg|message|buf(?:fer)?|value)\W{0,4}\Z", re.IGNORECASE
)
_CLOCK = compile_late(r"(?:[01][0-9]|2[0-3]):[0-5][0-9](?=\]|\s[A-Za-z])")
"""A time of day without seconds."""

_IDENTIFIER = compile_late(
    r"(?<!\w)(?:commit|tree|parent|hash|sha-?\d*|md5|checksum|fingerprint|thumbprint|digest|uuid|guid|etag|token"
    r"|serial[ _]number|modulus|bssid|mac(?: address)?|hwaddr|lladdr|identifier)\W{1,3}\Z",
    re.IGNORECASE,
)
"""A name of what is a number or a key, however many digits it has."""

_LONGEST_IDENTIFIER = 20
"""Characters of such a name and the signs after it."""

_WORD_NUMBER = compile_late(r"0[xX](?:[0-9A-Fa-f]{8}|[0-9A-Fa-f]{4})(?![0-9A-Za-z])")
"""A number of two or four bytes, such as the address or the value of a register."""

_BEGINNING = compile_late(r"(?<![\w.:-])(?=[^\W_])|(?<=[^\x00-\x7f])(?=[A-Za-z0-9])")
_FIRST = compile_late(r"[\W_]*+(?:\d{1,9}[\W_]++)?")
UNCLEAR = ("request", "response", "answer", "reply", "device", "host", "in", "out")
_NAMES_OF_CURRENTS = ("", "I")
_AMPERES = compile_late(r"(?:[0-9]A[ ,]{1,2})+[0-9]A")
_NAMED = compile_late(r"[A-Za-z]\w*[\"']?\s*[:=]?\s*\Z")
_REACH = 160
"""Characters before bytes in which their time is looked for."""

_NEAR = 24
"""Characters before bytes without a time in which their direction is looked for."""


class FoundBytes(NamedTuple):
    """Bytes of a line with their time and direction, and the place after them. `begin` is that of the first one."""

    data: bytes
    printed: PrintedTime | None
    channel: str
    begin: int
    end: int


def search_bytes(line: str, at: int = 0, since: int | None = None) -> FoundBytes | None:
    """Return the next bytes of a line from this place on; None if there are none.

    Their time and direction are looked for from `since` on, if it is another place.
    """
    first = at if since is None else since
    for found in _RUN.finditer(line, at):
        if not found["sep"] and (time := find_time(line, found.start())) and time.end >= found.end():
            continue
        if _is_identifier(line, found.start()):
            continue
        printed, channel = find_context(line, first, found.start())
        is_named = bool(channel) or _INTRODUCTION.search(line, first, found.start()) is not None
        if not is_named and (found["sep"] not in _SAFE_SEPARATORS or not _LETTER.search(found[0])):
            continue
        taken = take_bytes(line, found.start(), found.end())
        if taken and len(taken.data) >= FEWEST:
            return FoundBytes(taken.data, printed, channel, found.start(), taken.end)
    return None


def are_bytes(line: str, at: int, found: HexBytes, fewest: int, channel: str) -> bool:
    """Return True if what looks like bytes at this place is no number or current, after words that need `fewest`."""
    is_short = len(found.data) < FEWEST and not channel
    if (is_short and _WORD_NUMBER.match(line, at)) or _is_identifier(line, at):
        return False
    if is_short and _CLOCK.match(line, at):
        return False
    if fewest > 1:
        return len(found.data) >= fewest and UNMISTAKABLE.match(line, at) is not None
    may_be_amperes = channel in _NAMES_OF_CURRENTS and len(found.data) < FEWEST
    return not (may_be_amperes and _are_amperes(line, at, found.end))


def _is_identifier(line: str, at: int) -> bool:
    """Return True if the name before this place is that of a number or a key, such as the hash of a commit."""
    return _IDENTIFIER.search(line, max(0, at - _LONGEST_IDENTIFIER), at) is not None


def _are_amperes(line: str, at: int, end: int) -> bool:
    """Return True if between these places are currents after their name, as in `current: 0A 0A 0A`."""
    if not _AMPERES.fullmatch(line, at, end):
        return False
    return _NAMED.search(line, 0, at) is not None and not _INTRODUCTION.search(line, 0, at)


def find_context(line: str, begin: int, end: int) -> tuple[PrintedTime | None, str]:
    """Return the last time between these places of a line, and the last direction after it; None and nothing without
    one.
    """
    printed, at, has_clock = None, max(begin, end - _REACH), False
    for place in _BEGINNING.finditer(line, at, end):
        if place.start() < at or not (found := find_time(line, place.start())) or found.end > end:
            continue
        is_clock = ":" in line[place.start() : found.end]
        if is_clock or not has_clock:
            # The seconds after a time of day are those that something took.
            printed, at, has_clock = found, found.end, is_clock
    if printed is None:
        at = max(begin, end - _NEAR)
    return printed, find_direction(line, at, end) or _find_first_way(line, begin, end)


def _find_first_way(line: str, begin: int, end: int) -> str:
    """Return the direction that is the first word between these places, after a number or none; empty without one."""
    first = _FIRST.match(line, begin, end)
    word = WORD.match(line, first.end()) if first else None
    is_clear = word is not None and word.lastgroup == "way" and word[0].lower() not in UNCLEAR
    return word[0] if word and is_clear and word.end() <= end else ""


def find_direction(line: str, begin: int, end: int) -> str:
    """Return the last direction between these places of a line, or else the last port or arrow; empty without one."""
    words = [word for place in _BEGINNING.finditer(line, begin, end) if (word := WORD.match(line, place.start()))]
    fitting = [word for word in words if word.end() <= end]
    arrows = ARROW.findall(line[begin:end])
    if fitting and all(word.lastgroup == "port" for word in fitting) and arrows:
        return f"{fitting[-1][0]} {arrows[-1]}"
    if fitting:
        # A direction says more than the port, and than the kind of message.
        ways = [word for word in fitting if word.lastgroup != "port"]
        clear = [word for word in ways if word[0].lower() not in UNCLEAR]
        return (clear or ways or fitting)[-1][0]
    return arrows[-1] if arrows else ""
