"""The messages for a broker, and the key that each of them carries.

A message names its session and its record. They stand in its JSON and, so that a broker or a store need not read the
JSON, in the user properties of MQTT 5.
"""

import json
from typing import Any

from msgspec import Struct

EVENT, MEASURE, FRAMES, STATUS = "event", "measure", "frames", "status"
"""The last level of the topics."""

JSON = "application/json"


class SessionKey(Struct, frozen=True):
    """The session that messages are from: the name of the bench, and the name of the session that all share."""

    bench: str
    session: str

    @property
    def properties(self) -> tuple[tuple[str, str], ...]:
        """The user properties of each message."""
        return ("bench", self.bench), ("session", self.session)

    def add_to(self, line: str) -> str:
        """Return the text of a JSON object with the keys of this session at its end."""
        return f'{line[:-1]}, "bench": {json.dumps(self.bench)}, "session": {json.dumps(self.session)}}}'


class OutboxMessage(Struct, frozen=True):
    """One message. `topic` is its last level. `properties` are user properties of MQTT 5."""

    topic: str
    payload: bytes
    properties: tuple[tuple[str, str], ...] = ()
    content_type: str = JSON
    is_retained: bool = False


def encode_object(found: dict[str, Any]) -> bytes:
    """Return a JSON object as the payload of a message."""
    return json.dumps(found).encode()
