"""The shape of a text of serial traffic, found from its beginning.

In: the first bytes of a text. Out: a `TextShape`, or None if no line fits. The rule where a text could be both: it is a
log of the charger if one line is a record of it, with the charger's own time and process, or prints a frame after one
of the charger's arrows, or names a known process in brackets. Otherwise it is hex text, if one line holds as many bytes
as the shortest frame, or if at least half of the lines that are not blank hold bytes.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum, auto
from functools import lru_cache

from msgspec import Struct, field
from msgspec.structs import replace

from sniffer.base.late_pattern import compile_late
from sniffer.formats.charger_log import zone_of
from sniffer.formats.text_files.byte_evidence import hold_bytes
from sniffer.formats.text_files.carriers.hex_carrier import HexCarrier, find_hex_carrier
from sniffer.formats.text_files.carriers.json_document import join_document
from sniffer.formats.text_files.carriers.log_carrier import (
    CarrierForm,
    LogCarrier,
    find_carrier,
    hold_encoded_records,
)
from sniffer.formats.text_files.dumps.dump_form import count_frames, find_dump_form, has_other_rows
from sniffer.formats.text_files.dumps.hex_dump import NO_OFFSET, DumpForm, find_prefixes, have_peers
from sniffer.formats.text_files.hex_flow import HexFlow
from sniffer.formats.text_files.hex_lines.hex_header import have_times_above
from sniffer.formats.text_files.hex_lines.hex_line import ParsedLine, parse_hex_line, parse_line, parse_rest
from sniffer.formats.text_files.hex_lines.line_parser import find_labels
from sniffer.formats.text_files.hex_lines.side_words import find_side_words
from sniffer.formats.text_files.line_decoder import MAX_LINE, LineDecoder, TextEncoding, find_encoding
from sniffer.formats.text_files.line_numbers import LineNumbers, find_line_numbers
from sniffer.formats.text_files.log_lines.log_prefix import is_timeless_record
from sniffer.formats.text_files.log_lines.log_wrapping import BYTES_ONLY, find_wrapping
from sniffer.formats.text_files.named_numbers import find_data_names
from sniffer.formats.text_files.notations.byte_notation import ByteNotation, find_notation, is_coded, rewrite
from sniffer.formats.text_files.plain_characters import to_plain
from sniffer.formats.text_files.printed_time import are_steps
from sniffer.formats.text_files.quoted_lines import are_quoted, unquote
from sniffer.formats.text_files.tables.byte_table import ByteTable, find_table, is_number_table
from sniffer.formats.text_files.text_misfit import is_encoded, is_of_other_kind

MOST_CHANNELS = 16

_LOG_SIGN = compile_late(r"\+\d\d:?\d\d \[|Z \[|[=<][=>]|\[(?:comproc|ocpp|tap)\]")
"""A pattern that every log matches in one of its lines, whole or wrapped."""

_OWN_SIGN = compile_late(r"pwrboard|dbus|\[(?:comproc|ocpp|tap)\]", re.IGNORECASE)
"""A pattern that a log matches in which the charger, and no other program, printed frames."""

_BARE_HEX = compile_late(
    r"(?:[ ,;:\[\]()<>-]*+(?:0[xX])?(?:[0-9A-Fa-f]{2})++)++[ ,;:\[\]()<>-]*+(?:0[xX]?)?[0-9A-Fa-f]?"
)
_ESCAPE = b"\x1b"
_FEWEST_BARE = 32
_ENOUGH_LINES = 50
_LEAST_WIDTH = 40
_MOST_TRIED = 20
_MOST_JOINED = 40


class TextForm(Enum):
    """The kind of a text of serial traffic."""

    LOG = auto()
    """The charger's log."""
    HEX = auto()
    """Bytes in hexadecimal."""


class TextShape(Struct, frozen=True):
    """The shape of a text.

    `has_own_times` is True for a log of the charger with its own times. `width` is the number of characters after which
    a terminal or a mail has wrapped lines, 0 if none has, and `word_width` that at which one has wrapped them between
    words. `carrier` is what another program made of them, None if it
    only printed before them. `dump` is the form of a dump with offsets, None for other hex text. With `has_prefix`,
    another program printed before its offsets, and with `has_peers`, its rows are of two sides. `table` describes the
    table of which the lines are rows, None if they
    are none. `notation` is how bytes are printed in other hex text. `numbers` are those before the
    lines. With `is_quoted`, each has the mark of an answered mail. With `has_steps`, times are those since the line
    before, and with `has_times_above`, those of the next line. `is_continued` is True for a log whose frames go on in
    lines of their own. `is_flowing` is True for hex text of which one line has no end, so that its bytes are read as
    they come. `channels` are the directions or ports in hex text, `labels` the words that stand before its bytes, and
    `hex_carrier` is what another program made of its lines. `side_words` name two sides in place of directions.
    `data_names` are the names after which frames stand, if a few bytes after other names are numbers.
    """

    form: TextForm
    encoding: TextEncoding = field(default_factory=TextEncoding)
    has_own_times: bool = True
    width: int = 0
    word_width: int = 0
    carrier: LogCarrier | None = None
    hex_carrier: HexCarrier | None = None
    dump: DumpForm | None = None
    has_prefix: bool = False
    has_peers: bool = False
    table: ByteTable | None = None
    notation: ByteNotation = ByteNotation.PAIRS
    numbers: LineNumbers = LineNumbers.NONE
    is_quoted: bool = False
    has_steps: bool = False
    has_times_above: bool = False
    is_continued: bool = False
    is_flowing: bool = False
    channels: tuple[str, ...] = ()
    side_words: tuple[str, ...] = ()
    data_names: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()

    @property
    def is_json(self) -> bool:
        """True if JSON carries the lines, of which one may go over several lines."""
        return self.hex_carrier is HexCarrier.JSON or (
            self.carrier is not None and self.carrier.form is CarrierForm.JSON
        )


@lru_cache(maxsize=2)
def find_text_shape(head: bytes) -> TextShape | None:
    """Return the shape of the text that begins with these bytes; None if no line of it fits."""
    encoding = find_encoding(head)
    decoder = LineDecoder(encoding)
    whole, rest = decoder.feed(head), decoder.finish()
    # The last line may be cut off where the head ends.
    lines = join_document(whole if len(whole) >= _ENOUGH_LINES else [*whole, *rest])
    if is_of_other_kind(lines):
        return None
    if log := _find_log_shape(lines, encoding):
        return log
    shape = _find_hex_shape(lines, encoding)
    # Codes of a terminal are dropped from whole lines.
    return replace(shape, is_flowing=False) if shape and shape.is_flowing and _ESCAPE in head else shape


def _find_log_shape(lines: Sequence[str], encoding: TextEncoding) -> TextShape | None:
    """Return the shape of a log of the charger; None if it is none, or one of another program that prints frames."""
    if not any(map(_LOG_SIGN.search, lines)) and not hold_encoded_records(lines):
        return None
    if carrier := find_carrier(lines):
        lines = [part for line in lines for part in carrier.unwrap(line)]
    wrapping = find_wrapping(lines)
    has_own_times = any(wrapping[:2]) or any(zone_of(line) for line in lines)
    if not has_own_times and not any(map(is_timeless_record, lines)):
        return None
    if not any(map(_OWN_SIGN.search, lines)) and _hold_frames(lines):
        return None
    return TextShape(TextForm.LOG, encoding, has_own_times, *wrapping[:2], carrier, is_continued=wrapping[2])


def _hold_frames(lines: Iterable[str]) -> bool:
    """Return True if a frame of the charger is in what these lines hold as hex text.

    Other programs print times and names in brackets as the charger does.
    """
    return count_frames(b"".join(found.data for line in lines if (found := parse_hex_line(line)))) > 0


def is_bare_hex(text: str) -> bool:
    """Return True if a text holds two digits for each byte and no other letters or digits, and is no short word."""
    return len(text) >= _FEWEST_BARE and _BARE_HEX.fullmatch(text) is not None


def _is_flow(line: str, text: str) -> bool:
    """Return True if a line is bare hex whose pairs of digits are all bytes, and none of them characters.

    `text` is the line as plain hex text.
    """
    if not is_bare_hex(line):
        return False
    flow, parsed = HexFlow(), parse_hex_line(text)
    data = b"".join(one for one in [*flow.feed(line), *flow.finish()] if isinstance(one, bytes))
    # The last byte may be cut off.
    return parsed is not None and parsed.data in (data, data[:-1])


def _find_hex_shape(lines: Sequence[str], encoding: TextEncoding) -> TextShape | None:
    """Return the shape of hex text; None if it is none."""
    if is_quoted := are_quoted(lines):
        lines = [*map(unquote, lines)]
    printed, lines = lines, [*map(to_plain, lines)]
    if carrier := find_hex_carrier(lines):
        lines = [part for line in lines for part in carrier.unwrap(line) or ()]
    table = find_table(lines)
    if table:
        lines = [table.rewrite(line) for line in lines]
    # The offsets of a dump may look like numbers of lines.
    numbers = find_line_numbers(lines)
    if numbers is not LineNumbers.NONE and find_dump_form(lines):
        numbers = LineNumbers.NONE
    lines = [numbers.strip(line) for line in lines]
    begins = find_prefixes(lines)
    dump = find_dump_form([line[begin:] for line, begin in zip(lines, begins, strict=True)])
    # Rows without offsets have nothing before them.
    if dump and not (any(begins) and dump.radix == NO_OFFSET):
        return TextShape(
            TextForm.HEX,
            encoding,
            hex_carrier=carrier,
            dump=dump,
            has_prefix=any(begins),
            has_peers=have_peers(lines),
            numbers=numbers,
            is_quoted=is_quoted,
        )
    if has_other_rows(lines) or (table is None and is_number_table(lines)):
        return None
    shape = TextShape(TextForm.HEX, encoding, hex_carrier=carrier, table=table, numbers=numbers, is_quoted=is_quoted)
    return _find_bytes_shape(lines, printed, shape)


def _find_bytes_shape(lines: Sequence[str], printed: Sequence[str], around: TextShape) -> TextShape | None:
    """Return the shape of hex text that is no dump; None if too few lines hold bytes.

    `around` is the shape of what stood around these lines, which are without it. `printed` are all characters of the
    text.
    """
    is_plain = around.hex_carrier is None and around.table is None
    width = _find_hex_width(lines) if is_plain and around.numbers is LineNumbers.NONE else 0
    lines = list(join_wrapped(lines, width)) if width else lines
    notation = find_notation(lines)
    if is_plain and around.numbers is LineNumbers.NONE and not width and is_coded(printed, notation):
        notation, lines = ByteNotation.CODED, printed
    if notation is not ByteNotation.BASE64 and is_encoded(lines):
        return None
    texts = [rewrite(line, notation) for line in lines if line.strip()]
    parsed = [parse_line(text) for text in texts]
    found = [one and one.parts for one in parsed]
    fitting = [one for one in found if one and one.data]
    if not hold_bytes(printed, texts, found):
        return None
    times = [one.printed for one in fitting if one.printed]
    channels = _find_channels(texts, parsed)
    side_words = find_side_words(texts, found)
    return replace(
        around,
        width=width,
        notation=notation,
        has_steps=around.hex_carrier is HexCarrier.STEPS or are_steps(times),
        has_times_above=have_times_above(texts, found),
        is_flowing=is_plain and len(lines) == 1 and _is_flow(lines[0], texts[0]),
        channels=side_words or channels,
        side_words=side_words,
        data_names=find_data_names(texts, found),
        labels=find_labels(texts, parsed),
    )


def _find_channels(texts: Sequence[str], parsed: Sequence[ParsedLine | None]) -> tuple[str, ...]:
    """Return the directions and ports that these lines name, in order. A line may hold the bytes of two of them."""
    channels = dict[str, None]()
    for text, one in zip(texts, parsed, strict=True):
        if one:
            channels[one.parts.channel] = None
            others = parse_rest(text, one.parts, one.end) if one.parts.data and one.end else ()
            channels |= {other.channel: None for other in others}
    return tuple(channel for channel in channels if channel)[:MOST_CHANNELS]


def join_wrapped(lines: Iterable[str], width: int) -> Iterator[str]:
    """Yield lines of hex text that were wrapped at this width as they were; a space at the end may be missing."""
    waiting = ""
    for line in lines:
        joined = waiting + line
        waiting = joined if len(line) == width else f"{joined} " if len(line) == width - 1 else ""
        if not waiting or len(waiting) > MAX_LINE:
            yield joined
            waiting = ""
    if waiting:
        yield waiting


def _find_hex_width(lines: Sequence[str]) -> int:
    """Return the width at which the lines of hex text were wrapped; 0 if they were not.

    Frames prove it: more of them are valid in the joined lines.
    """
    width = max(map(len, lines), default=0)
    full = sum(len(line) == width for line in lines)
    # Lines of bytes alone go on in the next one anyway, unless they are cut within a byte.
    if width < _LEAST_WIDTH or full == 0 or full == len(lines) or not any(map(_is_cut, lines)):
        return 0
    joined, plain = (
        b"".join(found.data for line in some if (found := parse_hex_line(line)))
        for some in (join_wrapped(lines, width), lines)
    )
    return width if count_frames(joined) > count_frames(plain) else 0


def _is_cut(line: str) -> bool:
    """Return True if a line may be the rest of one that was cut within its bytes."""
    return BYTES_ONLY.fullmatch(line) is not None
