"""The types of the handlers of messages and of their conclusions, and one handler that calls several.

A handler applies a message to one part of the charger, by the meaning of its command. It may return the earlier frame
that the message refers to.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from sniffer.core.charger.events import Event, Reference
from sniffer.core.protocol.message import Message

Handler = Callable[[Message, int, int | None], Reference | None]
"""The handler of a message, with the number of its record and its line in a text log."""

Conclusion = tuple[tuple[Event, ...], Reference | None]
"""The events that follow from an item, and the earlier record that it refers to, or None."""

NOTHING: Final[Conclusion] = ((), None)
"""The conclusion from most items."""


def join_handlers(handlers: Sequence[Handler]) -> Handler | None:
    """Return one handler that calls these in order; None if there are none.

    It returns the first reference to a cause, or else the first one, or None.
    """
    if len(handlers) > 1:
        return partial(_call_all, tuple(handlers))
    return handlers[0] if handlers else None


def _call_all(handlers: Sequence[Handler], message: Message, number: int, line: int | None) -> Reference | None:
    """Call these handlers; return the first reference to a cause, or else the first one, or None."""
    found: Reference | None = None
    for handler in handlers:
        reference = handler(message, number, line)
        if reference is None or (found is not None and found.kind != "relayed_by"):
            continue
        if found is None or reference.kind != "relayed_by":
            found = reference
    return found
