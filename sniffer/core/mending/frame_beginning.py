"""Mend a frame with extra characters after it, which text recognition made of the edge of a screen, a shadow or moire.

In: the text of a frame in hexadecimal, its link and its head. Out: an `Outcome`, without a frame if the text is not
longer than the length that it claims. The words up to that length, and up to a byte less or more, are tried as the
frame, each within a smaller bound, until one fits. All readings count, so that the chance of an accidental fit holds.
"""

from sniffer.base.late_pattern import compile_late
from sniffer.core.mending.confusions import ConfusionTable, packaged_table
from sniffer.core.mending.frame_mender import LONGEST_TEXT, MOST_READINGS, FoundFrame, Outcome, mend_frame
from sniffer.core.wire.link import Link
from sniffer.core.wire.mended import MendedCharacter

_TOLERANCE = 2
"""The characters by which the text of a frame may be longer or shorter than its length says."""

SHARE = 16
"""The share of the readings of a whole text that are tried for each end, as there are several."""

_WORD = compile_late(r"\S+")


def mend_beginning(text: str, link: Link, head: bytes, *, most: int = MOST_READINGS) -> Outcome:
    """Return the frames that the beginning of a text can stand for. `most` is the bound of readings of a whole text."""
    tried = 0
    for end in _find_ends(text[:LONGEST_TEXT], link, head, packaged_table()):
        outcome = mend_frame(text[:end], link, head, most=most // SHARE)
        tried += outcome.tried
        if outcome.found:
            rest = text[end:].strip()
            after = MendedCharacter(text.index(rest, end), rest, "")
            found = (FoundFrame(one.raw, (*one.characters, after)) for one in outcome.found)
            return Outcome(tuple(found), tried)
    return Outcome((), tried)


def _find_ends(text: str, link: Link, head: bytes, table: ConfusionTable) -> list[int]:
    """Return the ends of the words after which a frame may end, the likeliest first, without that of the last word."""
    digits = [_likely_digit(character, table) for character in text if character.isalnum()]
    data = head + bytes.fromhex("".join(digits[: len(digits) // 2 * 2]))[len(head) :]
    size = link.frame_end(data, 0, len(data))
    count, ends = 0, list[tuple[int, int]]()
    for word in [*_WORD.finditer(text)][:-1]:
        count += sum(map(str.isalnum, word[0]))
        ends.append((abs(count - 2 * size), word.end()))
    if len(digits) <= 2 * size + _TOLERANCE:
        return []
    return [end for distance, end in sorted(ends) if distance <= _TOLERANCE]


def _likely_digit(character: str, table: ConfusionTable) -> str:
    digits = table.digits_of(character)
    return f"{min(digits, key=digits.__getitem__):x}"
