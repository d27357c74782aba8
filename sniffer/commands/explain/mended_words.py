"""Mend the words for `explain`: a misread log line, or a misread frame in hexadecimal.

In: the words of the command line. Out: the mended words, and how they were mended.
"""

from collections.abc import Sequence
from typing import NamedTuple

from msgspec.structs import replace

from sniffer.base.sanitize import printable
from sniffer.core.mending.frame_mender import mend_frame
from sniffer.core.mending.line_mender import LineMender
from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.log_lines import LogLineParser
from sniffer.core.wire.framer import Framer
from sniffer.core.wire.links import ROUTES_IN_BYTES
from sniffer.core.wire.mended import Mended
from sniffer.formats.charger_log import parse_hex, parse_line
from sniffer.text.mended_text import format_mended


class WordsToExplain(NamedTuple):
    """The words to explain. `mended` is None if they were read as they are."""

    words: Sequence[str]
    mended: Mended | None


def mend_words(words: Sequence[str], definition: Definition) -> WordsToExplain:
    """Return the words as mended; unchanged if they are a valid frame or a known line, or cannot be mended."""
    text = " ".join(words)
    line = parse_line(text)
    data = line.frame or parse_hex(text)
    framer = Framer(ROUTES_IN_BYTES)
    if (data and framer.parse_whole(data, None)) or LogLineParser(definition).read(line).is_known:
        return WordsToExplain(words, None)
    if found := LineMender(definition).mend(line):
        return WordsToExplain(words if found.mended and found.mended.readings else [found.text], found.mended)
    outcomes = [(route, mend_frame(text, route.link, route.head)) for route in ROUTES_IN_BYTES]
    frames = [one for _, outcome in outcomes for one in outcome.found]
    tried = sum(outcome.weight for _, outcome in outcomes)
    if len(frames) == 1:
        return WordsToExplain([frames[0].raw.hex(" ").upper()], Mended(text, frames[0].characters, tried))
    if not frames:
        return WordsToExplain(words, None)
    return WordsToExplain(words, replace(Mended(text, (), tried), readings=tuple(one.raw for one in frames)))


def describe_mending(mended: Mended) -> str:
    """Return the line that says how words were mended, and each reading if several fit."""
    readings = "".join(f"\n  {raw.hex(' ').upper()}" for raw in mended.readings)
    return printable(format_mended(mended).strip()) + readings
