"""Evidence that the numbers of a text are bytes of a serial line, and not others.

In: the lines of a text, and the bytes that were found in them. Out: True if they are. A frame of the charger proves it.
Other boards have bytes too, so without one the number of lines, of bytes in them, and the words around them decide.
"""

from collections import Counter
from collections.abc import Sequence

from sniffer.base.late_pattern import compile_late
from sniffer.formats.text_files.dumps.dump_form import count_frames
from sniffer.formats.text_files.hex_lines.hex_bytes import FEWEST
from sniffer.formats.text_files.hex_lines.hex_line import HexLine, parse_hex_line
from sniffer.formats.text_files.named_numbers import find_name, may_be_number
from sniffer.formats.text_files.shown_bytes import has_words
from sniffer.formats.text_files.text_misfit import describe_foreign_text

_FEWEST_LONG = 2
_FEWEST_NUMBERS = 3
_LETTERS = frozenset("abcdef")
_SIZES_OF_IDENTIFIERS = frozenset((8, 12, 16, 20, 32, 64))
_WORD_AFTER = compile_late(r"^[\s\"']{1,3}[a-z]{2,}")


def hold_bytes(lines: Sequence[str], texts: Sequence[str], found: Sequence[HexLine | None]) -> bool:
    """Return True if the lines of a text hold bytes rather than other numbers.

    Half of them do, and most of these are no numbers after other words; or two have as many as the shortest frame,
    after words that may stand there; or a frame of the charger is in them. `texts` are the lines without notation.
    """
    pairs = [(text, one) for text, one in zip(texts, found, strict=True) if one and one.data]
    if not pairs:
        return False
    is_other = _are_decimal([one for _, one in pairs]) or _are_identifiers(pairs) or _are_few(pairs)
    is_other = is_other or bool(describe_foreign_text(lines))
    names = Counter(find_name(text) for text, one in pairs if may_be_number(one) and has_words(text, one))
    numbers = sum(names.values()) - max(names.values(), default=0)
    if len(found) <= 2 * len(pairs) and 2 * numbers <= len(pairs) and not is_other:
        return True
    long = [text for text, one in pairs if len(one.data) >= FEWEST]
    strict = (parse_hex_line(text, may_search=False) for text in long)
    if not is_other and sum(one is not None and len(one.data) >= FEWEST for one in strict) >= _FEWEST_LONG:
        return True
    return count_frames(b"".join(one.data for _, one in pairs)) > 0


def _are_decimal(found: Sequence[HexLine]) -> bool:
    """Return True if these may be decimal numbers, as in a calendar: none has a letter, a time or a direction."""
    if len(found) < _FEWEST_NUMBERS or any(one.printed or one.channel for one in found):
        return False
    return not any(_LETTERS.intersection(one.data.hex()) for one in found)


def _are_few(pairs: Sequence[tuple[str, HexLine]]) -> bool:
    """Return True if these may be numbers in a table: too few for a frame, among words, without name or direction."""
    size = sum(len(one.data) for _, one in pairs)
    are_alone = (has_words(text) and not (find_name(text) or one.printed or one.channel) for text, one in pairs)
    return size < FEWEST and all(are_alone)


def _are_identifiers(pairs: Sequence[tuple[str, HexLine]]) -> bool:
    """Return True if these may be identifiers: one number of the same size in each line, with words after it."""
    sizes = {len(one.data) for _, one in pairs}
    if len(pairs) < _FEWEST_NUMBERS or sizes.isdisjoint(_SIZES_OF_IDENTIFIERS) or len(sizes) > 1:
        return False
    return all(_WORD_AFTER.search(text.lower().rpartition(one.data.hex())[2]) for text, one in pairs)
