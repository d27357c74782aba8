"""The items of hex text: its bytes as chunks with their times and taps, and the other lines between them.

In: bytes, with the time and the direction or port that the text prints. Out: `TextItem`s. Bytes with the same time and
tap wait for each other until the items are taken. Each direction or port that the text names is a tap of its own.
"""

from collections.abc import Iterable, Sequence

from sniffer.core.protocol.log_lines import LogLine
from sniffer.core.wire.items import Chunks, Piece, Tap, TapGap
from sniffer.formats.text_files.text_shape import MOST_CHANNELS

TextItem = LogLine | Chunks | Tap | TapGap

MOST_TOGETHER = 500
"""Chunks that are handed over in one item."""


class HexItems:
    """The items of one text that were not taken yet. `channels` are the directions and ports that it is known to name.

    `data` are the bytes that wait for more of the same time and tap; `time` is theirs.
    """

    def __init__(self, channels: Sequence[str]) -> None:
        self.data = bytearray()
        self.time: int | None = None
        self._tap = 0
        self._taps = {name: at for at, name in enumerate(channels, 1)} if len(channels) > 1 else {}
        self._only = channels[0] if len(channels) == 1 else ""
        self._described = 0
        self._items: list[TextItem] = []
        self._pieces: list[Piece] = []
        """The complete chunks of the tap."""

    def take(self) -> Sequence[TextItem]:
        """Remove and return all items."""
        self._end_chunks()
        items, self._items = self._items, []
        return items

    def begin_bytes(self, time: int | None, channel: str, *, is_printed: bool) -> None:
        """Set the time and the direction or port of the bytes that follow; without one, they are of the tap so far.

        Waiting bytes become a chunk if the tap or the time is another one, or if this time `is_printed` with the bytes.
        """
        tap = self._find_tap(channel)
        if tap != self._tap:
            self._end_chunks()
            self._tap = tap
        if is_printed or time != self.time:
            self.end_chunk()
            self.time = time
        if len(self._taps) != self._described:
            self.describe_taps()

    def add_pieces(self, pieces: Iterable[Piece]) -> None:
        """Add complete chunks of the tap, after the one of the waiting bytes."""
        self.end_chunk()
        self._pieces += pieces

    def add_text(self, line: str) -> None:
        """Add a line that holds no bytes."""
        self._add(LogLine(self.time, None, line))

    def add_gap(self, reason: str) -> None:
        """Add a gap in the bytes of the tap."""
        self._add(TapGap(self.time, reason, self._tap))

    def describe_taps(self) -> None:
        """Add the descriptions of taps that are new."""
        for name, tap in list(self._taps.items())[self._described :]:
            self._add(Tap(tap, name))
        self._described = len(self._taps)

    def end_chunk(self) -> None:
        """Make a chunk of the bytes that wait."""
        if self.data:
            self._pieces.append((bytes(self.data), self.time))
            self.data.clear()
            if len(self._pieces) >= MOST_TOGETHER:
                self._end_chunks()

    def _end_chunks(self) -> None:
        """Make one item of the chunks of this tap."""
        self.end_chunk()
        if self._pieces:
            self._items.append(Chunks(self._pieces, self._tap))
            self._pieces = []

    def _add(self, item: TextItem) -> None:
        """Add an item after the bytes that wait."""
        self._end_chunks()
        self._items.append(item)

    def _find_tap(self, channel: str) -> int:
        """Return the tap of a direction or port; that of the line before if the line names none."""
        if not channel or channel == self._only:
            return self._tap
        if channel not in self._taps and len(self._taps) < MOST_CHANNELS:
            self._taps[channel] = len(self._taps) + 1
        return self._taps.get(channel, 0)
