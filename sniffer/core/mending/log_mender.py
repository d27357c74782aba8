"""Mend the misread lines of one log, or find out whether there are any.

In: the lines of a log that print no valid frame and no known text. Out: the mended line, or None. A log that is not to
be mended is searched within a bound, so that its reader can be pointed to it.
"""

from collections.abc import Sequence

from sniffer.core.mending.frame_mender import MOST_READINGS
from sniffer.core.mending.line_mender import LineMender
from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.log_lines import LogLine
from sniffer.core.wire.link import Link

LINES_SEARCHED, READINGS_SEARCHED = 8, 512
"""The lines that are searched in a log that is not to be mended, and the readings of each. A damaged log of any length
costs no more time.
"""

READINGS_STUDIED = 1024
"""The readings of a frame that are tried to learn from it, at most."""


class LogMender:
    """The mender of one log. `is_mendable`: a frame was found that could be mended, but was not to be.

    `is_mending`: lines are to be mended. Without it, none is.
    """

    def __init__(self, definition: Definition, *, mending: bool) -> None:
        self.is_mendable = False
        self._definition = definition
        self.is_mending = mending
        self._lines: LineMender | None = None
        self._left = LINES_SEARCHED

    def mend(self, line: LogLine) -> LogLine | None:
        """Return a line as mended; None if it cannot be, or is not to be."""
        if self.is_mending:
            return self._find_lines().mend(line)
        # Hexadecimal digits alone are no sign of a photograph: such bytes may have been damaged on the line.
        if self._left and not self.is_mendable and line.frame is None and _is_like_frame(line.text):
            self._left -= 1
            found = self._find_lines().mend(line)
            self.is_mendable = found is not None and found.frame is not None and found.mended is not line.mended
        return None

    def study(self, lines: Sequence[LogLine]) -> None:
        """Learn from the next lines, before they are mended, how the characters of their page are read."""
        glyphs = self._find_lines().glyphs
        student = LineMender(self._definition, READINGS_STUDIED, glyphs, is_learning=True)
        for line in lines:
            if line.frame is not None and line.route is not None and _is_valid(line.frame, line.route.link):
                glyphs.add_bytes(line.frame)
            else:
                student.mend(line)

    def has_misread_process(self, line: LogLine) -> bool:
        """Return True if lines are to be mended, and the name of the process of this one is."""
        return self.is_mending and line.process is not None and self._find_lines().has_misread_process(line.process)

    def _find_lines(self) -> LineMender:
        """Return the mender of lines, which is made when the first line needs it."""
        if self._lines is None:
            most = MOST_READINGS if self.is_mending else READINGS_SEARCHED
            self._lines = LineMender(self._definition, most)
        return self._lines


def _is_like_frame(text: str) -> bool:
    """Return True if a text may print a frame: it has the name of a link in it, with an arrow or a colon."""
    text = text.lower()
    return ("=" in text or "<" in text or ":" in text) and ("board" in text or "pwr" in text or "bus" in text)


def _is_valid(raw: bytes, link: Link) -> bool:
    """Return True if bytes are one whole frame of a link."""
    return link.frame_end(raw, 0, len(raw)) == len(raw) and link.is_valid(raw)
