"""The item of a source whose frames were decoded ahead, by another process."""

from collections.abc import Sequence

from msgspec import Struct

from sniffer.core.protocol.message import Message


class DecodedFrames(Struct, frozen=True):
    """Consecutive frames of a saved session that were found and decoded already, each in a piece of its own.

    They are what the framer and the codec of the session return for the same bytes. `taps` holds the number of the tap
    of each, 0 if the session has only one. `size` is the number of their bytes.
    """

    messages: Sequence[Message]
    taps: bytes
    size: int

    @property
    def time(self) -> int | None:
        """The arrival of the first byte of the first frame in nanoseconds; None if that is not known."""
        return self.messages[0].frame.time
