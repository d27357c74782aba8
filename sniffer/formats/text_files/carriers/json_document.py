"""JSON over several lines, as `jq .` and other programs print it: the lines of one object become one line.

In: the lines of a text, however they are cut, of which some may belong to JSON. Out: each outermost object as one line,
those of an array one by one, and all other lines as they are. What begins like JSON and goes on with anything else is
returned as the lines that it was. Memory is bounded: an object longer than `LONGEST` characters is skipped and counted.
"""

import json
import re
from collections.abc import Iterator, Sequence
from itertools import islice

from sniffer.base.late_pattern import compile_late
from sniffer.formats.text_files.carriers.trace_events import BEGINNING
from sniffer.formats.text_files.line_decoder import MAX_LINE

LONGEST = 1 << 24
"""Characters of an object that is kept."""

_TOKEN = compile_late(
    r"(?P<open>[{\[])|(?P<shut>[}\]])|(?P<text>\")|(?P<between>[\s,:]++)"
    r"|[-0-9][0-9.eE+-]*+|true|false|null|NaN|-?Infinity"
)
_TEXT = compile_late(r"(?:[^\"\\]++|\\.)*+", re.DOTALL)
_BEGINNING = compile_late(r"\s*+(?:\{\s*+(?:[\"}]|\Z)|\[\s*+(?:[\[{\"\]]|-?[0-9]{1,3}\s*+(?:,|\Z)|\Z))")
_BEGUN_WORD = compile_late(r"[A-Za-z]{1,7}\Z")
_REST_OF_WORD = compile_late(r"[A-Za-z0-9.+-]{0,30}")
_SHUTS = {"{": "}", "[": "]"}
_MOST_TRIED = 20
_DEEPEST = 100
"""Objects and lists within each other. No program that prints bytes needs more."""


class JsonJoiner:
    """Joins the lines of each object of one text. `skipped` counts the objects that were too long."""

    def __init__(self) -> None:
        self.skipped = 0
        self._parts: list[str] = []
        """The lines of the object that is not complete."""
        self._size = 0
        """Characters of the object that is not complete. Above `LONGEST`, its lines are not kept."""
        self._depth = 0
        self._floor = 0
        """The depth around an object: 1 within an array of objects, else 0."""
        self._is_array_begun = False
        self._is_in_text = False
        self._is_escaped = False
        self._indentation = ""
        """The text before an object. After a damaged one, the next is found by it."""
        self._is_cut = False
        """True if the line before may be a part of one that is too long, which goes on in the next one."""

    def feed(self, lines: Sequence[str]) -> list[str]:
        """Return the lines that these complete."""
        found: list[str] = []
        for line in lines:
            if not self._depth and line.startswith(BEGINNING):
                found += self._read(line[len(BEGINNING) :])
            elif self._depth:
                found += self._read(line)
            elif not _BEGINNING.match(line) or _is_whole(line):
                found.append(line)
            else:
                found += self._read(line)
        return found

    def finish(self) -> list[str]:
        """Return the object that is not complete: its whole members and the rest, or its lines if it has none."""
        text, rest = complete("".join(self._parts)) if self._parts else ("", "")
        if text:
            self._parts = [text, rest] if rest.strip() else [text]
        return list(self._give_up())

    def _read(self, line: str) -> Iterator[str]:
        """Yield the lines that this line completes."""
        if self._depth > self._floor and not self._is_cut and line.startswith(f"{self._indentation}{{"):
            floor = self._floor
            yield from self.finish()
            self._depth = self._floor = floor
        rest = _REST_OF_WORD.match(line) if self._is_cut and not self._is_in_text else None
        at, begin = rest.end() if rest else 0, 0
        self._is_cut = len(line) >= MAX_LINE or line.endswith(" ")
        while at < len(line):
            if self._is_in_text:
                at = self._read_text(line, at)
                continue
            token = _TOKEN.match(line, at)
            if token is None and self._is_cut and _BEGUN_WORD.match(line, at):
                break
            if token is None or not (self._depth or token["open"] or token["between"]):
                yield from self._give_up()
                yield line[begin:]
                return
            at = token.end()
            if token["between"]:
                continue
            if self._is_array_begun and not token["open"]:
                # It is no array of objects.
                self._floor = 0
                self._keep("[")
                begin = token.start()
            self._is_array_begun = False
            if token["text"]:
                self._is_in_text = True
            elif token["open"]:
                if self._depth == self._floor:
                    begin, self._indentation = token.start(), line[: len(line) - len(line.lstrip())]
                self._open(token[0])
            elif token["shut"] and self._shut():
                self._keep(line[begin:at])
                yield from self._end_object("".join(self._parts))
                begin = at
        if self._depth > self._floor:
            self._keep(line[begin:])

    def _open(self, bracket: str) -> None:
        """Enter an object or an array."""
        self._is_array_begun = not self._depth and bracket == "["
        self._depth += 1
        self._floor = max(self._floor, int(self._is_array_begun))

    def _shut(self) -> bool:
        """Leave an object or an array. Return True if this completes an outermost object."""
        self._depth -= 1
        if self._depth < self._floor:
            self._floor = 0
            return False
        return self._depth == self._floor

    def _read_text(self, line: str, at: int) -> int:
        """Read on in a string; return the place after it, or after the line."""
        end = at + 1 if self._is_escaped else at
        found = _TEXT.match(line, end)
        end = found.end() if found else end
        self._is_escaped = line[end : end + 1] == "\\"
        self._is_in_text = line[end : end + 1] != '"'
        return end + 1

    def _keep(self, part: str) -> None:
        """Keep a part of the object, if it is not too long."""
        self._size += len(part)
        if self._size > LONGEST:
            self._parts.clear()
        else:
            self._parts.append(part)

    def _end_object(self, text: str) -> Iterator[str]:
        """Yield an object that is complete, unless it was too long."""
        is_skipped = self._size > LONGEST
        self._parts, self._size = [], 0
        self._is_in_text = self._is_escaped = False
        if is_skipped:
            self.skipped += 1
        else:
            yield text

    def _give_up(self) -> Iterator[str]:
        """Yield lines that are no JSON as they are, unless they were too long."""
        self.skipped += self._size > LONGEST
        yield from self._parts
        self._parts, self._size, self._depth, self._floor = [], 0, 0, 0
        self._is_array_begun = self._is_in_text = self._is_escaped = False


def join_document(lines: Sequence[str]) -> Sequence[str]:
    """Return the lines of the beginning of a text, with those of JSON joined; as they are if they hold none."""
    if not any(map(_BEGINNING.match, islice(filter(str.strip, lines), _MOST_TRIED))):
        return lines
    joiner = JsonJoiner()
    return [*joiner.feed(lines), *joiner.finish()]


def complete(text: str) -> tuple[str, str]:
    """Return the members of the beginning of an object that are whole, as an object, and the rest of the text.

    The object is empty if there are none.
    """
    shuts, at, end, closing = list[str](), 0, 0, ""
    while token := _TOKEN.match(text, at):
        if token["text"]:
            found = _TEXT.match(text, token.end())
            at = found.end() + 1 if found else len(text)
            continue
        at = token.end()
        if token["open"]:
            shuts.append(_SHUTS[token[0]])
            if len(shuts) > _DEEPEST:
                return "", text
        elif token["shut"] and shuts:
            shuts.pop()
        if token["open"] or token["shut"] or "," in token[0]:
            end = at if "," not in token[0] else token.start() + token[0].index(",")
            closing = "".join(reversed(shuts))
    whole = text[:end] + closing
    try:
        return (whole, text[end:]) if json.loads(whole) else ("", text)
    except (ValueError, RecursionError):
        return "", text


def _is_whole(line: str) -> bool:
    """Return True if a line is one object, as nearly all of JSON lines are."""
    text = line.rstrip()
    if not text.startswith("{") or not text.endswith("}") or "}{" in text:
        return False
    return text.count("{") == text.count("}") and text.count("[") == text.count("]")
