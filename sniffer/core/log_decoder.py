"""The decoder of the lines of one text log.

In: each line, in order. Out: what it prints: the frames and noise in its bytes, or its text, each with its meaning.
With `mending`, a line that was read wrongly is mended before; without, such lines are only looked for (`is_mendable`).
"""

from collections.abc import Sequence

from msgspec import Struct

from sniffer.core.mending.log_mender import LogMender
from sniffer.core.protocol.codec import Codec
from sniffer.core.protocol.log_lines import LogLine, LogLineParser, Print, PrintCache, TextMessage
from sniffer.core.protocol.message import Message
from sniffer.core.wire.frame import Frame, Noise
from sniffer.core.wire.framer import Framer
from sniffer.core.wire.link import Route
from sniffer.core.wire.links import find_possible_routes


class DecodedLine(Struct, frozen=True, gc=False):
    """A line, mended if it was, and what it prints. `printed` is None if it prints no bytes."""

    line: LogLine
    items: Sequence[Message | Noise | TextMessage]
    printed: Print | None = None


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

    def decode(self, line: LogLine) -> DecodedLine:
        """Return the frames and noise in the bytes of a line, or its text if it prints no bytes."""
        data, route = line.frame, line.route
        if data is None or route is None:
            message = self._parser.read(line)
            is_unknown = message.meaning is None and message.ocpp is None
            if (is_unknown or self._mender.has_misread_process(line)) and (mended := self._mender.mend(line)):
                return self.decode(mended)
            return DecodedLine(line, (message,))
        framer = self._framers.get(route)
        if framer is None:
            framer = self._framers[route] = Framer(find_possible_routes(route))
        if frame := framer.parse_whole(data, line.time):
            return DecodedLine(line, (self._codec.decode(frame),), self._prints.find(line, route))
        items = [*framer.feed(data, line.time), *framer.flush()]
        if all(isinstance(item, Noise) for item in items) and (mended := self._mender.mend(line)):
            return self.decode(mended)
        decoded = [self._codec.decode(item) if isinstance(item, Frame) else item for item in items]
        return DecodedLine(line, decoded, self._prints.find(line, route))
