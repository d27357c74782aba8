"""What the picker offers and what it answers, as values. Texts may come from an adapter or a file: from anyone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

AUTO = 0
"""The baud rate of a line whose rate is found by trying."""


@dataclass(frozen=True, slots=True)
class SourceOption:
    """A source to choose. `title` names it, `about` says what it is, `detail` more of it on a line of its own.

    `mark` is what speaks against it now. `has_line`: it comes at a baud rate; `baud` is the one it was read at before,
    `AUTO` where it was found.
    """

    source: str
    title: str
    about: str = ""
    detail: str = ""
    mark: str = ""
    has_line: bool = False
    baud: int | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """Offers of one kind; where there are none, `hint` says how to get one. A section without either is not shown."""

    title: str
    offers: tuple[SourceOption, ...]
    hint: str = ""


@dataclass(frozen=True, slots=True)
class SourceChoice:
    """What the user wants to watch, at which rate of a serial line; None: it is to be found."""

    source: str
    baud: int | None


SourceScan = Callable[[], Sequence[Section]]
"""How the picker learns what there is now."""
