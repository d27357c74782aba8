"""The name of a session, from its first record: two copies of a capture have the same name, on every machine.

In: the first record. Out: when it was received, in UTC, and a part of the SHA-256 of its time and content. The times of
a recording are in nanoseconds, so no two of them begin alike. Text logs can: a charger whose clock is not set begins
each of them at the same second with the same line. They are named by the content of the whole file instead.
"""

import hashlib
from collections.abc import Callable
from datetime import UTC

from sniffer.base.times import as_datetime
from sniffer.core.charger.events import EVENT_NAMES
from sniffer.core.protocol.log_lines import TextMessage
from sniffer.core.protocol.message import Message
from sniffer.core.record import Record

DIGITS = 12
"""The digits of the hash in a name: enough that no two sessions of a fleet share one."""


def name_session(first: Record, read_digest: Callable[[], str] | None = None) -> str:
    """Return the name of the session that begins with this record: `20260301T081500Z-1f3a5c7e9b0d`.

    `read_digest` returns the SHA-256 of all that was saved; None for a session that is not complete.
    """
    item, time = first.item, first.time
    if isinstance(item, Message):
        content = item.frame.raw
    elif isinstance(item, TextMessage):
        content = item.line.text.encode()
    elif item is not None:
        content = item.raw
    else:
        content = " ".join(EVENT_NAMES[type(event)] for event in first.events).encode()
    is_precise = time is not None and first.line is None
    if read_digest and not is_precise:
        digest = read_digest()
    else:
        digest = hashlib.sha256(f"{time} ".encode() + content).hexdigest()
    began = "untimed" if time is None else f"{as_datetime(time, UTC):%Y%m%dT%H%M%SZ}"
    return f"{began}-{digest[:DIGITS]}"
