"""Mend the lines of a photographed log: frames by their CRC, words by the known lines, beginnings by their form.

In: a `LogLine` in which no valid frame and no known text, or a wrong name of its process was read. Out: the line with
what was mended, which `mended` describes, or None. A frame that is printed in several lines is joined. Where the arrow
is lost that shows the direction of a frame, the definition may have its command in one direction only.

Nothing here runs unless the user asks for it, and never on the bytes of a port.
"""

from collections.abc import Sequence

from msgspec import structs
from msgspec.structs import replace

from sniffer.core.mending.confusions import packaged_table
from sniffer.core.mending.expected_commands import ExpectedCommands
from sniffer.core.mending.frame_arrow import FrameArrow, find_arrow
from sniffer.core.mending.frame_mender import MOST_READINGS, Outcome, mend_frame
from sniffer.core.mending.frame_pieces import FramePiece, FramePieces
from sniffer.core.mending.line_head import LineHead, read_head
from sniffer.core.mending.page_glyphs import PageGlyphs
from sniffer.core.mending.word_mender import WordMender
from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.log_lines import ARROWS, LogLine, LogLineParser, format_frame
from sniffer.core.wire.link import Route
from sniffer.core.wire.mended import Mended, MendedCharacter

COLUMN_SHARE = 8
"""The share of the readings of a frame that are tried for each beginning that a second column may end."""

MOST_TO_LEARN = 256
"""The weight of a frame whose characters are counted, at most: such a frame hardly ever is an accident."""


class LineMender:
    """The mender of one log from its first line on, by this definition. `most` is the bound of readings of a frame.

    With `is_learning`, the characters of the frames that it mends are counted in `glyphs`.
    """

    def __init__(
        self,
        definition: Definition,
        most: int = MOST_READINGS,
        glyphs: PageGlyphs | None = None,
        *,
        is_learning: bool = False,
    ) -> None:
        self._most = most
        self.glyphs = glyphs or PageGlyphs(packaged_table())
        self._is_learning = is_learning
        self._words = WordMender(definition.lines)
        self._parser = LogLineParser(definition)
        self._commands = {(one.route, one.route.link.code_bytes(one.code), one.size) for one in definition.commands}
        self._expected = ExpectedCommands(definition.commands)
        self._pieces = FramePieces()
        self._count = 0

    def mend(self, line: LogLine) -> LogLine | None:
        """Return the next line as mended, None if it cannot be. Its text has to be the whole line if it has no time."""
        if line.frame and line.route and not line.text:
            line = structs.replace(line, text=format_frame(line.route, line.frame))
        if line.mended or not line.text.strip() or _has_surrogates(line.text):
            return None
        self._count += 1
        as_read = line.text
        is_part = line.process is None or line.continues
        head = read_head(as_read, self._words) if is_part else None
        start, parts = 0, tuple[MendedCharacter, ...]()
        if head:
            line, start, parts = _apply_head(line, head), head.start, head.mended
        elif not is_part:
            line, parts = self._mend_process(line)
        text = as_read[start:]
        arrow = find_arrow(text)
        if arrow:
            return self._mend_frame(line, as_read, arrow, start, parts)
        if is_part and not head and (ended := self._end_wrapped(line) or self._end_column(line)):
            return ended
        return self._mend_words(line, as_read, text, parts, is_record=head is not None)

    def has_misread_process(self, process: str) -> bool:
        """Return True if the name of a process would be mended."""
        return self._words.find_process(process) not in (None, process)

    def _mend_frame(
        self, line: LogLine, as_read: str, arrow: FrameArrow, start: int, parts: tuple[MendedCharacter, ...]
    ) -> LogLine | None:
        """Return a line with an arrow and the frame that it prints; None if no reading fits."""
        hex_text = as_read[start + arrow.hex_start :]
        outcome, route = self._find_frame(arrow.routes, hex_text, self._most)
        if not outcome.found:
            self._pieces.add(FramePiece(self._count, line, arrow.routes, arrow.printed, hex_text))
        if route is None:
            return None
        printed = f"{ARROWS[route]}:"
        if arrow.printed != printed:
            parts = (*parts, MendedCharacter(start + arrow.start, arrow.printed, printed))
        return _add_outcome(line, as_read, route, outcome, start + arrow.hex_start, parts)

    def _find_frame(self, routes: Sequence[Route], hex_text: str, most: int) -> tuple[Outcome, Route | None]:
        """Return the frames that a text can stand for, and their route; None without frames, or if it is not certain.

        The routes have the same link and head.
        """
        link, head = routes[0].link, routes[0].head
        outcome = mend_frame(hex_text, link, head, most=most, glyphs=self.glyphs, commands=self._expected)
        if not outcome.found:
            return outcome, None
        if self._is_learning and len(outcome.found) == 1 and outcome.weight <= MOST_TO_LEARN:
            self.glyphs.add(outcome.found[0].glyphs)
        possible = [one for one in routes if len(routes) == 1 or self._is_known(one, outcome.found[0].raw)]
        return outcome, possible[0] if len(possible) == 1 else None

    def _is_known(self, route: Route, raw: bytes) -> bool:
        """Return True if the definition has the command of a frame on this route, with a payload of this size."""
        start, end = route.command_place
        size = len(raw) - route.link.overhead
        return any((route, raw[start:end], one) in self._commands for one in (size, None))

    def _mend_words(
        self, line: LogLine, as_read: str, text: str, parts: tuple[MendedCharacter, ...], *, is_record: bool
    ) -> LogLine | None:
        """Return a line of words as the nearest known line has it; None if nothing in it was mended."""
        found = self._words.mend(text) if line.frame is None else None
        if found and self._parser.read(structs.replace(line, text=found.text)).meaning is None:
            found = None
        if found:
            offset = len(as_read) - len(text)
            moved = (replace(one, at=one.at + offset) for one in found.characters)
            mended = Mended(as_read, (*parts, *moved), self._words.count, has_crc=False)
            return structs.replace(line, text=found.text, mended=mended)
        if not parts:
            return None
        # The text of a record is its own, whether it is known or not.
        text = text if is_record else line.text
        return structs.replace(line, text=text, mended=Mended(as_read, parts, 1, has_crc=False))

    def _mend_process(self, line: LogLine) -> tuple[LogLine, tuple[MendedCharacter, ...]]:
        """Return a record with the name of its process mended, and what was mended."""
        process = self._words.find_process(line.process or "")
        if process is None or process == line.process:
            return line, ()
        return structs.replace(line, process=process), (MendedCharacter(0, line.process or "", process),)

    def _end_wrapped(self, line: LogLine) -> LogLine | None:
        """Return the frame that this line ends after the lines before it, at the time of its beginning, or None."""
        piece = self._pieces.join_wrapped(line.text, self._count)
        if piece is None:
            return None
        outcome, route = self._find_frame(piece.routes, piece.hex, self._most)
        return self._end_piece(piece, outcome, route) if route else None

    def _end_column(self, line: LogLine) -> LogLine | None:
        """Return the frame that this line ends, at the time of its beginning; None if it ends none, or several."""
        found, weight = list[tuple[FramePiece, Outcome, Route | None]](), 0
        for joined in self._pieces.join_columns(line.text, self._count):
            outcome, route = self._find_frame(joined.routes, joined.hex, self._most // COLUMN_SHARE)
            weight += outcome.weight
            if outcome.found:
                found.append((joined, outcome, route))
        if len(found) != 1:
            return None
        piece, outcome, route = found[0]
        return self._end_piece(piece, replace(outcome, weight=weight), route) if route else None

    def _end_piece(self, piece: FramePiece, outcome: Outcome, route: Route) -> LogLine:
        """Return the line of a frame that was printed in several lines."""
        self._pieces.remove(piece)
        printed = f"{ARROWS[route]}:"
        parts = () if piece.printed == printed else (MendedCharacter(0, piece.printed, printed),)
        return _add_outcome(piece.line, f"{piece.printed}{piece.hex}", route, outcome, len(piece.printed), parts)


def _has_surrogates(text: str) -> bool:
    """Return True if a text holds half of a surrogate pair, which is no character."""
    return any("\ud800" <= character <= "\udfff" for character in text)


def _apply_head(line: LogLine, head: LineHead) -> LogLine:
    """Return the line with the number, time and process of its beginning; a missing time is that of the line before."""
    time = line.time if head.time is None else head.time
    return structs.replace(line, number=head.number, time=time, process=head.process, continues=False)


def _add_outcome(
    line: LogLine, as_read: str, route: Route, outcome: Outcome, start: int, parts: tuple[MendedCharacter, ...]
) -> LogLine:
    """Return the line with the frame that was found. Several are listed, and none of them is chosen."""
    if len(outcome.found) > 1:
        mended = Mended(as_read, parts, outcome.weight, tuple(one.raw for one in outcome.found))
        return structs.replace(line, mended=mended)
    found = outcome.found[0]
    moved = (replace(one, at=one.at + start) for one in found.characters)
    mended = Mended(as_read, (*parts, *moved), outcome.weight)
    return structs.replace(line, text=format_frame(route, found.raw), frame=found.raw, route=route, mended=mended)
