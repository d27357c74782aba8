"""The records of a session without identifiers.

In: records with their notes, twice: first to collect the identifiers, then to replace them. Out: records that a capture
can be written from. A frame keeps its length, command and sequence, and gets a new CRC. Damaged bytes stay noise: what
can be recognised in them is replaced as well. Times and everything that was measured stay.
"""

import json
from collections.abc import Mapping

from msgspec import structs
from msgspec.structs import replace

from sniffer.commands.bundle.frame_identifiers import FrameSpan, find_in_message, find_in_noise
from sniffer.commands.bundle.pseudonyms import Pseudonyms
from sniffer.commands.bundle.text_identifiers import find_in_text
from sniffer.core.charger.events import Event
from sniffer.core.charger.tap_events import RateFound, SourceBack, SourceLost, SourceShared
from sniffer.core.protocol.codec import Codec
from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.log_lines import LogLine, TextMessage
from sniffer.core.protocol.message import Message
from sniffer.core.record import Record
from sniffer.core.wire.frame import Frame, Noise
from sniffer.core.wire.mended import Mended

DAMAGED = b"X"
"""The text that replaces the bytes of a damaged identifier."""

_TEXT_NAMES: Mapping[type, str] = {
    SourceLost: "reason",
    SourceBack: "how",
    RateFound: "evidence",
    SourceShared: "holder",
}
"""The events of a tap that hold a text, and the name of its attribute."""


class Redactor:
    """The replacement of all identifiers in one session: `collect` all of it, then `redact` each record."""

    def __init__(self, definition: Definition, pseudonyms: Pseudonyms) -> None:
        self._codec = Codec(definition)
        self._pseudonyms = pseudonyms

    def collect(self, record: Record, note: str) -> None:
        """Add the identifiers in this record and in its note."""
        item = record.item
        if isinstance(item, Message):
            for span in find_in_message(item):
                self._pseudonyms.add(_read_span(item.frame.raw, span), span.kind, is_hex=not span.is_text)
        elif isinstance(item, TextMessage):
            self.collect_text(item.line.text)
        for event in record.events:
            self.collect_text(_text_of(event))
        self.collect_text(note)

    def collect_text(self, text: str) -> None:
        """Add the identifiers in a text."""
        for start, end, kind in find_in_text(text):
            # JSON may write a character as itself or as an escape.
            plain = _unescape(text[start:end])
            for form in (text[start:end], plain, json.dumps(plain)[1:-1]):
                self._pseudonyms.add(form, kind)

    def redact(self, record: Record) -> Record:
        """Return the record without identifiers. Its events are those of its tap only."""
        item = record.item
        events = tuple(self._redact_event(event) for event in record.events)
        if isinstance(item, Message):
            item = self._redact_message(item)
        elif isinstance(item, Noise):
            item = replace(item, raw=self._redact_noise(item.raw))
        elif isinstance(item, TextMessage):
            item = structs.replace(item, line=self._redact_line(item.line))
        printed = record.printed
        if printed:
            process, mended = self._redact_process(printed.process), _redact_mended(printed.mended)
            printed = structs.replace(printed, process=process, mended=mended)
        return structs.replace(record, item=item, events=events, printed=printed)

    def redact_text(self, text: str) -> str:
        """Return the text without identifiers."""
        parts, at = [], 0
        for start, end, _ in find_in_text(text):
            parts += [self._pseudonyms.replace_anywhere(text[at:start]), self._pseudonyms.replace(text[start:end])]
            at = end
        return "".join([*parts, self._pseudonyms.replace_anywhere(text[at:])])

    def _redact_line(self, line: LogLine) -> LogLine:
        """Return the line of a log without identifiers."""
        process, mended = self._redact_process(line.process), _redact_mended(line.mended)
        return structs.replace(line, text=self.redact_text(line.text), process=process, mended=mended)

    def _redact_process(self, process: str | None) -> str | None:
        """Return the name of a process of a log without identifiers; None if the log names none."""
        return process and self._pseudonyms.replace_anywhere(process)

    def _redact_message(self, message: Message) -> Message:
        """Return the message of the frame without identifiers, with a new CRC; the same message if it has none."""
        frame = message.frame
        if frame.link.coding:
            return self._blank_payload(frame) if any(find_in_message(message)) else message
        raw = bytearray(frame.raw)
        for span in find_in_message(message):
            raw[span.start : span.end] = self._replace_span(frame.raw, span) or raw[span.start : span.end]
        link, end = frame.link, len(raw) - frame.link.trailer_size
        raw[link.payload_at : end] = self._pseudonyms.replace_bytes(bytes(raw[link.payload_at : end]))
        if raw == frame.raw:
            return message
        raw[end:] = link.build_trailer(bytes(raw[:end]))
        return self._codec.decode(Frame(frame.route, frame.time, bytes(raw)))

    def _blank_payload(self, frame: Frame) -> Message:
        """Return the message of a frame with a payload of zeros: where bytes are coded, none is replaced in place."""
        link, content = frame.link, frame.content
        size = len(content) - link.trailer_size - link.payload_at
        raw = link.assemble(content[: link.payload_at], bytes(size))
        return self._codec.decode(Frame(frame.route, frame.time, raw))

    def _redact_noise(self, noise: bytes) -> bytes:
        """Return the bytes of noise without identifiers. What no whole frame had as well is overwritten as damaged."""
        raw = bytearray(noise)
        for span in find_in_noise(noise, self._codec):
            # What was not collected from a whole frame is damaged.
            raw[span.start : span.end] = self._replace_span(noise, span) or DAMAGED * (span.end - span.start)
        return self._pseudonyms.replace_pieces(self._pseudonyms.replace_bytes(bytes(raw)))

    def _replace_span(self, raw: bytes, span: FrameSpan) -> bytes | None:
        """Return as many bytes as replace an identifier; None if it was not collected."""
        original = _read_span(raw, span)
        placeholder = self._pseudonyms.replace(original)
        if placeholder == original:
            return None
        size = span.end - span.start
        return placeholder.encode("ascii").ljust(size, b"-")[:size] if span.is_text else bytes.fromhex(placeholder)

    def _redact_event(self, event: Event) -> Event:
        """Return the event of a tap with its text redacted; other events as they are."""
        name = _TEXT_NAMES.get(type(event))
        return replace(event, **{name: self.redact_text(_text_of(event))}) if name else event


def _redact_mended(mended: Mended | None) -> Mended | None:
    """Return the mending of a line without its text, in which a misread identifier is not found; None without one."""
    return mended and Mended("", (), mended.tried, has_crc=mended.has_crc)


def _read_span(raw: bytes, span: FrameSpan) -> str:
    """Return an identifier in a frame as text; a number or plain bytes in hexadecimal."""
    data = raw[span.start : span.end]
    return data.decode("latin-1") if span.is_text else data.hex()


def _unescape(text: str) -> str:
    """Return a text from JSON with its escapes replaced; the text itself if they are no JSON."""
    try:
        plain = json.loads(f'"{text}"') if "\\" in text else text
    except ValueError:
        return text
    return str(plain)


def _text_of(event: Event) -> str:
    """Return the text of an event of a tap, which may name a port or a user; empty for other events."""
    name = _TEXT_NAMES.get(type(event))
    return str(getattr(event, name)) if name else ""
