"""Why a text holds no bytes that can be read, and what to type to get them.

In: the first lines of a text that no reader understands. Out: one sentence if it was made from bytes by a known
program, else nothing.
"""

from collections.abc import Sequence

from sniffer.base.late_pattern import compile_late

_ROW = compile_late(r"\s*[0-9A-Fa-f]{6,16}:?(?P<body>(?:\s+\S+)+)\s*")
_NAMES = compile_late(r"\s(?:nul|soh|stx|etx|eot|enq|ack|bel|dle|dc[1-4]|nak|syn|etb|can|sub|esc|del)(?=\s|$)")
_NUMBER = compile_late(r"[-+]?[0-9][0-9.eE+-]*")
_FEWEST_ROWS = 0.5


def describe_misfit(lines: Sequence[str]) -> str:
    """Return what these lines are and how to print their bytes; empty if that is not known."""
    filled = [line for line in lines if line.strip()]
    rows = [found["body"] for line in filled if (found := _ROW.fullmatch(line))]
    if not rows or len(rows) < _FEWEST_ROWS * len(filled):
        return ""
    if any(map(_NAMES.search, rows)):
        return "a dump of `od -a`, which leaves out one bit of each byte: print it with `od -A x -t x1z -v` or `xxd`"
    if all(_NUMBER.fullmatch(word) for word in rows[0].split()):
        return "a dump of numbers that do not show the bytes: print it with `od -A x -t x1z -v` or `xxd`"
    return ""
