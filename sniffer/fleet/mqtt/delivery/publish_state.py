"""The state of publishing, for the screen and for people. It knows nothing of the broker or the library."""

from msgspec import Struct


class PublishState(Struct, frozen=True):
    """The state of publishing, for people and for metrics.

    `failure` is why nothing can be published now; empty if all is well. `records` were read for publishing, of which
    `waiting` messages are not confirmed. `messages` were confirmed. `oversized` were larger than the broker takes.
    """

    is_connected: bool = False
    failure: str = ""
    records: int = 0
    waiting: int = 0
    messages: int = 0
    oversized: int = 0
    is_done: bool = False
