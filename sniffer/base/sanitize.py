"""Make text from the wire safe to show: whatever it holds, a terminal takes it as text and nothing else.

Control characters (ESC and the C1 set among them), format characters that reorder or hide text, and marks that change
the width of what stands before them are replaced by visible escapes. Nothing is dropped: a reader sees that it was
there.
"""

import unicodedata


def printable(text: str) -> str:
    """`text` with every character that could do more than stand there written as an escape."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        char if char.isprintable() and unicodedata.category(char)[0] != "M" else _escaped(char) for char in text
    )


def _escaped(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")
