"""The mending of a misread line of a text log: values that go with the frame or text that came out of it.

`sniffer.core.mending` makes them. What rests on a mended frame is `assumed`, however well the frame's meaning is known.
"""

from msgspec import Struct

CRC_VALUES = 1 << 16
"""A wrong reading of a frame has a valid CRC once in so many times."""


class MendedCharacter(Struct, frozen=True):
    """One mended character: what was read at this offset of the text, and what it stands for.

    `read` is empty for a character that is missing in the text, `mended` for one that stands for nothing.
    """

    at: int
    read: str
    mended: str


class Mended(Struct, frozen=True):
    """The mending of a line. `as_read` is its text before that, `tried` is the number of readings that were tried.

    Readings count by their likelihood: one that is twice as likely as the chosen one counts as two, and less likely
    ones count together. That the text is no whole frame counts as a reading as well. `tried` is never less than the
    plain number.

    `readings` are the frames that fit if there are several: then none of them was chosen, and the line is a text.
    `has_crc` is False for a line of words: no checksum confirms those.
    """

    as_read: str
    characters: tuple[MendedCharacter, ...]
    tried: int
    readings: tuple[bytes, ...] = ()
    has_crc: bool = True

    @property
    def chance(self) -> float | None:
        """The chance that the chosen reading fits by accident, from 0 to 1; None if no checksum confirms the line."""
        return min(1.0, self.tried / CRC_VALUES) if self.has_crc else None
