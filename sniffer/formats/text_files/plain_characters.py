"""Characters that web pages, chats and word processors put in place of those of ASCII.

In: a line. Out: the line as a terminal would print it: spaces of any width are blanks, full-width letters and digits,
quotation marks, dashes and arrows are those of ASCII, and characters that are not seen are left out. All others stay.
Arrows down and trays that something is put into stand for what is received, and those up for what is sent.
"""

from functools import cache

_SPACES = "\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_UNSEEN = (
    "\xad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069"
    "\ufe0e\ufe0f\ufeff"
)
_LIKE = {
    '"': "\u201c\u201d\u201e\u201f\u2033",
    "'": "\u2018\u2019\u201a\u201b\u2032\xb4",
    "-": "\u2010\u2011\u2012\u2013\u2014\u2015\u2212",
    "*": "\u2022\u25cf\u25e6\u2023\u25aa\xb7",
    "<": "\u2039",
    ">": "\u203a",
    "<<": "\xab",
    ">>": "\xbb",
    "[": "\u3010",
    "]": "\u3011",
    "=>": "\u21d2\u2192\u27a1\u2191\u2b06\u25b6\U0001f4e4\U0001f53c",
    "<=": "\u21d0\u2190\u2264\u2b05\u2193\u2b07\u25c0\U0001f4e5\U0001f53d",
    "|": "\u2502\u2503\u2506\u2507\u250a\u250b\u2551\xa6",
}
_FULL_WIDTH, _FROM_ASCII = range(0xFF01, 0xFF5F), 0xFEE0


def to_plain(line: str) -> str:
    """Return a line with characters of ASCII where another program replaced them by similar ones."""
    return line if line.isascii() else line.translate(_build_table())


@cache
def _build_table() -> dict[int, str]:
    """Return the replacements by code point."""
    table = {ord(one): " " for one in _SPACES} | {ord(one): "" for one in _UNSEEN}
    table |= {code: chr(code - _FROM_ASCII) for code in _FULL_WIDTH}
    return table | {ord(one): plain for plain, alike in _LIKE.items() for one in alike}
