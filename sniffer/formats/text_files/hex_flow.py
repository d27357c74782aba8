"""Bytes on a line that has no end, as a terminal program prints them: they are read as they come.

In: the characters of the line, however they are cut. Out: the bytes, and the words between them that hold none. What is
returned does not depend on the cuts: a word that may go on is held until it is known, and of a long one every pair of
digits counts by itself.
"""

import re

from sniffer.base.late_pattern import compile_late

_DIGITS = r"(?:0[xX])?(?:[0-9A-Fa-f]{2})++"
_WHOLE = compile_late(rf"(?:[^0-9A-Za-z]*+{_DIGITS}(?=[^0-9A-Za-z]))++")
"""Words that hold bytes and are known to be whole."""

_WORD = compile_late(r"[^0-9A-Za-z]*+([0-9A-Za-z]*+)")
_BYTES = compile_late(_DIGITS)
_PAIRS = compile_late(r"(?:[0-9A-Fa-f]{2})++")
_NO_DIGIT = compile_late(r"0[xX]|[^0-9A-Fa-f]+")
_LONG = 16
"""Characters of a word from which on it is not waited for."""

_DAMAGE = compile_late(rf"[0-9A-Fa-f]?[G-Zg-z]{{1,{_LONG}}}|[0-9A-Fa-f]")


class HexFlow:
    """The bytes of one line without an end. It holds the word that may go on."""

    def __init__(self) -> None:
        self._rest = ""
        self._is_in_word = False
        """True if what is held goes on with a long word, of which the beginning was returned."""

    def feed(self, text: str) -> list[bytes | str]:
        """Return the bytes and texts that these characters complete."""
        return self._read(self._rest + text, is_end=False)

    def finish(self) -> list[bytes | str]:
        """Return the rest that was held back: the line has ended."""
        return self._read(self._rest, is_end=True)

    def _read(self, text: str, *, is_end: bool) -> list[bytes | str]:
        """Return what is known of these characters, and hold the rest."""
        found: list[bytes | str] = []
        at = 0
        while at < len(text):
            if not self._is_in_word and (whole := _WHOLE.match(text, at)):
                found.append(_bytes_of(whole))
                at = whole.end()
            word = _WORD.match(text, at)
            if word is None or not word[1]:
                at = len(text) if word is None else word.end()
                self._is_in_word = False
                continue
            if word.start(1) > at:
                self._is_in_word = False
            is_open = word.end() == len(text) and not is_end
            at = word.start(1)
            if self._is_in_word or len(word[1]) >= _LONG:
                at = self._read_long(text, at, found, is_open=is_open)
            elif not is_open:
                pairs = _BYTES.fullmatch(text, at, word.end())
                found.append(_bytes_of(pairs) if pairs else word[1])
                at = word.end()
            if is_open:
                break
        self._rest = text[at:]
        return found

    def _read_long(self, text: str, at: int, found: list[bytes | str], *, is_open: bool) -> int:
        """Add the bytes of a long word, and what is damaged of it, and return the place after what is known."""
        if not self._is_in_word and text[at : at + 2] in ("0x", "0X"):
            at += 2
        self._is_in_word = is_open
        while at < len(text) and text[at].isalnum():
            if pairs := _PAIRS.match(text, at):
                found.append(_bytes_of(pairs))
                at = pairs.end()
                continue
            damage = _DAMAGE.match(text, at)
            if damage is None or (is_open and damage.end() == len(text) and len(damage[0]) < _LONG):
                break
            found.append(damage[0])
            at = damage.end()
        return at


def _bytes_of(found: re.Match[str]) -> bytes:
    try:
        return bytes.fromhex(found[0])
    except ValueError:
        # Something else than spaces stands between them.
        return bytes.fromhex(_NO_DIGIT.sub("", found[0]))
