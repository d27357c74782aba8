"""The colours of lines on a terminal, as SGR sequences (ECMA-48, 8.3.117).

In: a line and its rank. Out: the line in the colour of its rank. Only the terminal's own palette is used, which people
set up to be read on their background.
"""

from collections.abc import Mapping

from sniffer.text.ranks import Rank

SGR_CODES: Mapping[Rank, str] = {
    Rank.FAULT: "1;31",
    Rank.WARNING: "33",
    Rank.GOOD: "32",
    Rank.STATE: "94",
    Rank.NOTE: "35",
    Rank.ROUTINE: "",
    Rank.QUIET: "2",
}
"""The SGR parameters of each rank; empty for the colour that the terminal has."""


def color_line(line: str, rank: Rank) -> str:
    """Return a line in the colour of its rank; the terminal has its own colour again at the end of the line."""
    code = SGR_CODES[rank]
    return f"\x1b[{code}m{line}\x1b[0m" if code else line
