"""A note of the user, on its way from a saved session."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Note:
    """What the user noted at a record: that of `number`, or where it is None, the next one that comes.

    An empty text takes away what was noted there.
    """

    text: str
    number: int | None = None
