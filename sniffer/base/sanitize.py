"""Text made safe to show: whatever it contains, a terminal shows it and does nothing else.

Visible escapes replace control characters (ESC and the C1 set among them), format characters that reorder or hide text,
and combining marks, which change the width of the character before them. Nothing is dropped, so a reader sees that the
character was there.
"""

import unicodedata


def printable(text: str) -> str:
    """Return the text with an escape in place of every character that could do more than be shown."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(char if is_safe(char) else _escape(char) for char in text)


def is_safe(char: str) -> bool:
    """Return True if a terminal shows this character and does nothing else."""
    return char.isprintable() and unicodedata.category(char)[0] != "M"


def _escape(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")
