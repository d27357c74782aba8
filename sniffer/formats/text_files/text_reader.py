"""The reader of a text of serial traffic: bytes of the text in, source items out.

In: the shape of the text (`find_text_shape`) and its bytes, however they are cut. Out: `LogLine`s of the charger's log,
or the `Chunks` of hex text and its other lines, so that nothing is lost. Memory is bounded.
"""

from collections.abc import Sequence
from datetime import tzinfo

from sniffer.base.phrasing import format_count
from sniffer.core.protocol.log_lines import LogLine
from sniffer.core.wire.items import Chunks, TapGap
from sniffer.formats.charger_log import is_cut_off, zone_of
from sniffer.formats.text_files.carriers.json_document import LONGEST, JsonJoiner
from sniffer.formats.text_files.hex_flow import HexFlow
from sniffer.formats.text_files.hex_items import TextItem
from sniffer.formats.text_files.hex_text import HexText
from sniffer.formats.text_files.line_decoder import LineDecoder
from sniffer.formats.text_files.log_lines.log_text import LogText
from sniffer.formats.text_files.text_shape import TextForm, TextShape, find_text_shape


class TextReader:
    """The reader of one text. `zone` is that of its times; None before the first."""

    def __init__(self, shape: TextShape) -> None:
        self._shape = shape
        self._decoder = LineDecoder(shape.encoding)
        self._joiner = JsonJoiner() if shape.is_json else None
        self._skipped = 0
        """Objects of JSON that were too long to be read."""
        self._hex = None if shape.form is TextForm.LOG else HexText(shape)
        self._lines = self._hex or LogText(shape)
        self._flow = HexFlow() if shape.is_flowing else None

    @property
    def zone(self) -> tzinfo | None:
        """The zone of the times; None before the first."""
        return self._lines.zone

    @property
    def is_cut_off(self) -> bool:
        """True if a log with times ended here within a record. The rest of a wrapped line does not show it."""
        rest = self._decoder.rest
        if self._shape.carrier:
            rest = self._shape.carrier.unwrap(rest)[-1]
        may_show = bool(self.zone) and self._shape.form is TextForm.LOG and bool(rest)
        is_wrapped = self._shape.width > 0 or self._shape.word_width > 0 or self._shape.is_continued
        return may_show and not (is_wrapped and zone_of(rest) is None) and is_cut_off(rest)

    def feed(self, data: bytes) -> Sequence[TextItem]:
        """Return the items that these bytes complete."""
        if self._flow and self._hex:
            return self._read_flow(self._flow, self._hex, data)
        lines = self._decoder.feed(data)
        if self._joiner:
            return [*self._lines.read(self._joiner.feed(lines)), *self._describe_skipped(self._joiner)]
        return self._lines.read(lines)

    def finish(self) -> Sequence[TextItem]:
        """Return the items that waited for more: the text has ended."""
        lines = self._decoder.finish()
        if self._flow and self._hex:
            *_, last = lines or [""]
            return [*self._hex.read_flow([*self._flow.feed(last), *self._flow.finish()]), *self._hex.finish()]
        if self._joiner:
            lines = self._joiner.feed(lines) + self._joiner.finish()
        skipped = self._describe_skipped(self._joiner) if self._joiner else ()
        return [*self._lines.read(lines), *skipped, *self._lines.finish()]

    def _read_flow(self, flow: HexFlow, text: HexText, data: bytes) -> Sequence[TextItem]:
        """Return the items of bytes on a line without an end, and of the lines after its end if it has one."""
        part, lines = self._decoder.feed_flow(data)
        found = flow.feed(part)
        if lines is None:
            return text.read_flow(found)
        self._flow = None
        return [*text.read_flow([*found, *flow.finish()]), *text.read(lines)]

    def _describe_skipped(self, joiner: JsonJoiner) -> Sequence[TextItem]:
        """Return a gap for the objects that were skipped since the last call."""
        count, self._skipped = joiner.skipped - self._skipped, joiner.skipped
        return (
            [TapGap(None, f"{format_count(count, 'JSON object')} longer than {LONGEST:,} characters")] if count else []
        )


def parse_hex_text(text: str) -> bytes | None:
    """Return the bytes of hex text of one or more lines in any form; None if a line of it is anything else."""
    data = text.encode("utf-8", "backslashreplace")
    shape = find_text_shape(data)
    if shape is None or shape.form is TextForm.LOG:
        return None
    reader = TextReader(shape)
    items = [*reader.feed(data), *reader.finish()]
    if any(isinstance(item, LogLine | TapGap) for item in items):
        return None
    return b"".join(data for item in items if isinstance(item, Chunks) for data, _ in item.pieces)
