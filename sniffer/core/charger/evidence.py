"""The base of all values that events carry, and the place in a session that something was seen at."""

from typing import Self

from msgspec import Struct


class FrozenValue:
    """A value that never changes: a copy of its holder shares it."""

    __slots__ = ()

    def __deepcopy__(self, memo: dict[int, object]) -> Self:
        return self


class Evidence(FrozenValue, Struct, frozen=True, gc=False):
    """A place in the session: the number of a record, and the line that a text log printed on it.

    `mended` is True if the record was read wrongly and mended: what rests on it is `assumed`.
    """

    number: int
    line: int | None
    time: int | None
    mended: bool = False
