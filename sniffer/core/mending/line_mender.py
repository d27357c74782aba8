"""Mend the lines of a photographed log: frames by their CRC, words by the known lines, beginnings by their form.

In: a `LogLine` in which no valid frame and no known text, or a wrong name of its process was read. Out: the line with
what was mended, which `mended` describes, or None. A frame that is printed in two pieces, because its line was wrapped
or cut into columns, is joined: a piece without an arrow ends one of the last frames that did not end.

Nothing here runs unless the user asks for it, and never on the bytes of a port.
"""

import re
from collections import deque

from msgspec import Struct, structs
from msgspec.structs import replace

from sniffer.base.late_pattern import compile_late
from sniffer.core.mending.frame_beginning import mend_beginning
from sniffer.core.mending.frame_mender import MOST_READINGS, Outcome, mend_frame
from sniffer.core.mending.line_head import LineHead, read_head
from sniffer.core.mending.word_mender import WordMender, count_edits
from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.log_lines import ARROWS, LogLine, LogLineParser, format_frame
from sniffer.core.wire.link import Route
from sniffer.core.wire.links import COM_TO_PWR, PWR_TO_COM, ROUTES
from sniffer.core.wire.mended import Mended, MendedCharacter

PIECES_KEPT = 8
"""The beginnings of frames that can still be ended by a later line."""

PIECE_LINES = 40
"""The lines within which a frame is ended: those of a page."""

_ARROW = compile_late(
    r"[\s:.;,]*+(?P<arrow>(?P<way>(?:[=<]\s(?=[>=-]))?[=<>«»\u2018\u2019'~_-]{0,3})\s*+(?P<link>\w{3,9})\s*+[:;.]?)\s*+(?P<hex>\S.*)",
    re.DOTALL,
)
_WITHIN = compile_late(r"(?:=[=>]|<[=-])\s{0,4}(?:pw\w{3,7}|\wbus)\s{0,4}[:;.]", re.IGNORECASE)
"""An arrow after a beginning that is not readable."""

_PIECE = compile_late(r"\s*+(?:\S{1,4}(?:\s++|$)){3,}")
_LEFT, _RIGHT = "<«", ">»"
_POWER_BOARD = "pwrboard"
_MOST_EDITS = 2
"""The characters by which the name of the power board may differ where its arrow is lost."""


class _Piece(Struct, frozen=True):
    """The beginning of a frame that did not end. `at` is the number of its line."""

    at: int
    line: LogLine
    route: Route
    hex: str


class LineMender:
    """The mender of one log from its first line on, by this definition. `most` is the bound of readings of a frame."""

    def __init__(self, definition: Definition, most: int = MOST_READINGS) -> None:
        self._most = most
        self._words = WordMender(definition.lines)
        self._parser = LogLineParser(definition)
        self._pieces: deque[_Piece] = deque(maxlen=PIECES_KEPT)
        self._count = 0

    def mend(self, line: LogLine) -> LogLine | None:
        """Return the next line as mended, None if it cannot be. Its text has to be the whole line if it has no time."""
        self._count += 1
        if line.frame and line.route and not line.text:
            line = structs.replace(line, text=format_frame(line.route, line.frame))
        if line.mended or not line.text.strip() or _has_surrogates(line.text):
            return None
        as_read = line.text
        head = read_head(as_read, self._words) if line.process is None or line.continues else None
        start, parts = 0, tuple[MendedCharacter, ...]()
        if head:
            line, start, parts = _apply_head(line, head), head.start, head.mended
        elif line.process is not None and not line.continues:
            line, parts = self._mend_process(line)
        elif piece := self._end_piece(line):
            return piece
        if head is None and (line.process is None or line.continues) and (within := _WITHIN.search(as_read)):
            start = within.start()
        text = as_read[start:]
        arrow = _ARROW.fullmatch(text)
        if arrow and (route := _find_route(arrow["way"], arrow["link"]) or _find_route_by_head(arrow)):
            return self._mend_frame(line, as_read, route, arrow, start, parts)
        return self._mend_words(line, as_read, text, parts, is_record=head is not None)

    def has_misread_process(self, process: str) -> bool:
        """Return True if the name of a process would be mended."""
        return self._words.find_process(process) not in (None, process)

    def _mend_frame(
        self,
        line: LogLine,
        as_read: str,
        route: Route,
        arrow: re.Match[str],
        start: int,
        parts: tuple[MendedCharacter, ...],
    ) -> LogLine | None:
        """Return a line with an arrow and the frame that it prints; None if no reading fits."""
        outcome = mend_beginning(arrow["hex"], route.link, route.head, most=self._most)
        if not outcome.found:
            tried = outcome.tried
            outcome = mend_frame(arrow["hex"], route.link, route.head, most=self._most)
            outcome = replace(outcome, tried=outcome.tried + tried)
        if not outcome.found:
            self._pieces.append(_Piece(self._count, line, route, arrow["hex"]))
            return None
        printed = f"{ARROWS[route]}:"
        if arrow["arrow"] != printed:
            parts = (*parts, MendedCharacter(start + arrow.start("arrow"), arrow["arrow"], printed))
        return _add_outcome(line, as_read, route, outcome, start + arrow.start("hex"), parts)

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

    def _end_piece(self, line: LogLine) -> LogLine | None:
        """Return the frame that this line ends, at the time of its beginning; None if it ends none, or several."""
        if not _PIECE.fullmatch(line.text):
            return None
        found, tried = list[tuple[_Piece, Outcome]](), 0
        for piece in self._pieces:
            if self._count - piece.at <= PIECE_LINES:
                hex_text = f"{piece.hex} {line.text}"
                outcome = mend_frame(hex_text, piece.route.link, piece.route.head, most=self._most // PIECES_KEPT)
                tried += outcome.tried
                if outcome.found:
                    found.append((piece, outcome))
        if len(found) != 1:
            return None
        piece, outcome = found[0]
        self._pieces.remove(piece)
        as_read = f"{ARROWS[piece.route]}:{piece.hex} {line.text}"
        outcome = replace(outcome, tried=tried)
        return _add_outcome(piece.line, as_read, piece.route, outcome, len(ARROWS[piece.route]) + 1, ())


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
        mended = Mended(as_read, parts, outcome.tried, tuple(one.raw for one in outcome.found))
        return structs.replace(line, mended=mended)
    found = outcome.found[0]
    moved = (replace(one, at=one.at + start) for one in found.characters)
    mended = Mended(as_read, (*parts, *moved), outcome.tried)
    return structs.replace(line, text=format_frame(route, found.raw), frame=found.raw, route=route, mended=mended)


def _find_route(way: str, link: str) -> Route | None:
    """Return the route that an arrow shows; None if its direction or its link is not certain."""
    left, right = any(mark in way for mark in _LEFT), any(mark in way for mark in _RIGHT)
    if left == right:
        return None
    for route in ROUTES:
        printed = ARROWS[route]
        is_near = count_edits(link.lower(), printed[2:].lower()) <= (2 if len(printed) > 8 else 1)
        if is_near and printed.startswith("<" if left else "="):
            return route
    return None


def _find_route_by_head(arrow: re.Match[str]) -> Route | None:
    """Return the route to or from the power board whose head the bytes begin with; None if the name of the link or the
    head is not certain.

    One of its two digits may have been misread.
    """
    digits = arrow["hex"][:2].upper()
    if count_edits(arrow["link"].lower(), _POWER_BOARD) > _MOST_EDITS:
        return None
    heads = {route.head.hex().upper(): route for route in (COM_TO_PWR, PWR_TO_COM)}
    near = [route for head, route in heads.items() if set(head) & set(digits)]
    return near[0] if len(near) == 1 else None
