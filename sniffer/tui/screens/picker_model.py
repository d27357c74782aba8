"""The values that go into the source picker and come out of it.

The texts may come from an adapter or a file, so the picker makes them safe to show.
"""

from collections.abc import Callable, Sequence

from msgspec import Struct

AUTO = 0
"""The baud rate of a line whose rate is to be found automatically."""


class SourceOption(Struct, frozen=True):
    """A source that can be chosen. `title` names it, `about` describes it, `detail` adds a second line.

    `mark` is a warning, such as that a port is in use. `has_line` is true for a serial line, which needs a baud rate;
    `baud` is the rate it was last read at, `AUTO` if that rate was found automatically, None if it was never read.
    """

    source: str
    title: str
    about: str = ""
    detail: str = ""
    mark: str = ""
    has_line: bool = False
    baud: int | None = None


class Section(Struct, frozen=True):
    """Options of one kind. If there are none, `hint` says how to get one; without a hint the section is not shown."""

    title: str
    options: tuple[SourceOption, ...]
    hint: str = ""


class SourceChoice(Struct, frozen=True):
    """The source that the user chose, and its baud rate; None if the rate is to be found automatically."""

    source: str
    baud: int | None


SourceScan = Callable[[], Sequence[Section]]
"""The function that returns the sources that exist now."""
