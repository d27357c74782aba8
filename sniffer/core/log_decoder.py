"""The decoder of the lines of one text log.

In: each line, in order. Out: what it prints: the frames and noise in its bytes, or its text, each with its meaning.
With `mending`, a line that was read wrongly is mended before; without, such lines are only looked for (`is_mendable`).
"""

from collections.abc import Iterable, Sequence

from sniffer.core.mending.log_mender import LogMender
from sniffer.core.protocol.codec import Codec
from sniffer.core.protocol.log_lines import LogLine, LogLineParser, Print, PrintCache, TextMessage
from sniffer.core.protocol.message import Message
from sniffer.core.wire.frame import Frame, Noise
from sniffer.core.wire.framer import Framer
from sniffer.core.wire.link import Route
from sniffer.core.wire.links import find_possible_routes

DecodedItem = tuple[Message | Noise | TextMessage, LogLine, Print | None]
"""What a line prints, or one piece of its bytes; the line, mended if it was; and the print, None without bytes."""


class LogDecoder:
    """The decoder of one log, by the definition of `codec`."""

    def __init__(self, codec: Codec, *, mending: bool) -> None:
        self._codec = codec
        self._parser = LogLineParser(codec.definition)
        self._mender = LogMender(codec.definition, mending=mending)
        self._prints = PrintCache()
        self._framers: dict[Route, Framer] = {}
        """The framers of the routes that lines print. They are empty between two lines."""

    @property
    def is_mendable(self) -> bool:
        """True if a line was found that would be mended, but was not."""
        return self._mender.is_mendable

    def decode_all(self, lines: Sequence[LogLine]) -> list[DecodedItem]:
        """Return the frames and noise in the bytes of each line, or its text if it prints no bytes."""
        if self._mender.is_mending:
            self._mender.study(lines)
        return self._decode_lines(lines)

    def _decode_lines(self, lines: Iterable[LogLine]) -> list[DecodedItem]:
        """Return what lines print. What was mended is decoded without a second look at its page."""
        framers, find_print, decode, read = self._framers, self._prints.find, self._codec.decode, self._parser.read
        is_mending, found = self._mender.is_mending, list[DecodedItem]()
        for line in lines:
            data, route = line.frame, line.route
            if data is None or route is None:
                message = read(line)
                is_known = message.meaning is not None or message.ocpp is not None
                if is_known and not is_mending:
                    found.append((message, line, None))
                else:
                    found += self._decode_text(message)
            elif frame := (framers.get(route) or self._add_framer(route)).parse_whole(data, line.time):
                found.append((decode(frame), line, find_print(line, route)))
            else:
                found += self._decode_pieces(line, data, route)
        return found

    def _decode_text(self, message: TextMessage) -> list[DecodedItem]:
        """Return what a line prints that may have been misread."""
        line = message.line
        if not message.is_known or self._mender.has_misread_process(line):
            mended = self._mender.mend(line)
            if mended:
                return self._decode_lines((mended,))
        return [(message, line, None)]

    def _decode_pieces(self, line: LogLine, data: bytes, route: Route) -> list[DecodedItem]:
        """Return what a line prints whose bytes are not just one frame."""
        framer = self._framers[route]
        items = [*framer.feed(data, line.time), *framer.flush()]
        if all(isinstance(item, Noise) for item in items) and (mended := self._mender.mend(line)):
            return self._decode_lines((mended,))
        printed = self._prints.find(line, route)
        return [(self._codec.decode(item) if isinstance(item, Frame) else item, line, printed) for item in items]

    def _add_framer(self, route: Route) -> Framer:
        """Return a new framer for a route, which is kept."""
        framer = self._framers[route] = Framer(find_possible_routes(route))
        return framer
