"""The mark that a mail or a chat puts before each line of an answered message.

In: the lines of a text. Out: True if all of them have the mark, and a line without it. A line before them that ends
with a colon names the writer.
"""

from collections.abc import Sequence

from sniffer.base.late_pattern import compile_late

_MARK = compile_late(r"\s*>(?:\s?>)*(?:\s|$)")
_FEWEST = 2


def are_quoted(lines: Sequence[str]) -> bool:
    """Return True if all lines that are not blank have the mark, or name the writer of those that have it."""
    filled = [line for line in lines if line.strip()]
    quoted = sum(_MARK.match(line) is not None for line in filled)
    return quoted >= _FEWEST and all(_MARK.match(line) or line.rstrip().endswith(":") for line in filled)


def unquote(line: str) -> str:
    """Return a line without the mark; as it is if it has none."""
    found = _MARK.match(line)
    return line[found.end() :] if found else line
