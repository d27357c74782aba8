"""The frames of a photographed log that were printed in several lines: wrapped at its edge, or cut into columns.

In: the beginnings of frames that no reading completes, and lines that may go on with them. Out: the pieces to try
together. A frame that was wrapped goes on in the next lines. One in two columns goes on in some later line.
"""

from collections import deque
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from sniffer.base.late_pattern import compile_late
from sniffer.core.protocol.log_lines import LogLine
from sniffer.core.wire.link import Route

COLUMNS_KEPT = 8
"""The beginnings of frames that can still be ended by a later line."""

COLUMN_LINES = 40
"""The lines within which a frame in two columns is ended: those of a page."""

_LONGEST_BYTE = 5
"""Characters of a word of a wrapped line that most likely is one byte or two."""

_COLUMN = compile_late(r"\s*+(?:\S{1,4}(?:\s++|$)){3,}")


class FramePiece(Struct, frozen=True):
    """The beginning of a frame that did not end. `at` is the number of its last line, `printed` its arrow as read."""

    at: int
    line: LogLine
    routes: tuple[Route, ...]
    printed: str
    hex: str

    def join(self, text: str, at: int) -> "FramePiece":
        """Return the piece with the text of another line. A byte that was cut in two is joined."""
        words, following = self.hex.split(), text.split()
        is_cut = bool(words and following and len(words[-1]) % 2 and len(following[0]) % 2)
        return replace(self, at=at, hex=f"{self.hex.rstrip()}{'' if is_cut else ' '}{text.strip()}")


class FramePieces:
    """The beginnings of frames of one log that did not end yet."""

    def __init__(self) -> None:
        self._columns: deque[FramePiece] = deque(maxlen=COLUMNS_KEPT)
        self._open: FramePiece | None = None
        """The frame that was begun last, with the lines after it."""

    def add(self, piece: FramePiece) -> None:
        """Add the beginning of a frame."""
        self._columns.append(piece)
        self._open = piece

    def join_wrapped(self, text: str, at: int) -> FramePiece | None:
        """Return the frame that the line before did not end together with this line; None if it does not go on so.

        The next line may go on with it.
        """
        if self._open is None or self._open.at != at - 1 or not _is_like_bytes(text):
            return None
        self._open = self._open.join(text, at)
        return self._open

    def join_columns(self, text: str, at: int) -> Iterator[FramePiece]:
        """Yield each frame that this line may end as the second column."""
        if _COLUMN.fullmatch(text):
            for piece in [*self._columns]:
                if at - piece.at <= COLUMN_LINES:
                    yield piece.join(text, at)

    def remove(self, piece: FramePiece) -> None:
        """Remove the beginning of a frame that has ended."""
        self._open = None
        for one in [*self._columns]:
            if one.line is piece.line:
                self._columns.remove(one)


def _is_like_bytes(text: str) -> bool:
    """Return True if most words of a line are as short as bytes."""
    words = text.split()
    return 2 * sum(len(word) <= _LONGEST_BYTE for word in words) > len(words)
