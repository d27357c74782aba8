"""The bytes that end each frame, with escapes or byte stuffing in its content."""

from collections.abc import Mapping

from msgspec import Struct, field

from sniffer.core.wire.coding.byte_stuffing import list_stuffed, stuff


class Delimiter(Struct, frozen=True):
    """The bytes that end each frame, and how the bytes of a frame that equal them are sent.

    The end of one frame may be repeated before the next. Between them, the `escape` byte and the byte after it stand
    for one byte, that of the `table`. An `escape` of None is for frames that never hold the end. Each other place in a
    frame counts in its content: the bytes between the ends, without escapes.

    Frames with a `begin`, as DLE STX, have it in place of the end of another one. It and the end are the escape and a
    byte that says which; the begin may be the escape alone. An escape in the content is sent twice. The content of
    frames that are `is_stuffed` is sent with consistent overhead byte stuffing (COBS): each zero as the distance to the
    next one.
    """

    end: bytes
    escape: int | None = None
    table: Mapping[int, int] = field(default_factory=dict)
    begin: bytes = b""
    is_stuffed: bool = False

    def __hash__(self) -> int:
        return hash((self.end, self.escape, self.begin, self.is_stuffed))

    @property
    def mask(self) -> int:
        """The number with which each escaped byte is combined by exclusive or; 0 if that is not how they are sent."""
        mask = self.table.get(0, 0)
        return mask if all(self.table.get(byte) == byte ^ mask for byte in range(256)) else 0

    @property
    def opening(self) -> bytes:
        """The bytes by which the beginning of a frame can be seen."""
        return self.begin or self.end

    def find_end(self, data: bytes, start: int, stop: int) -> int:
        """Return the offset where the frame that begins at `start` ends; `stop` + 1 if its end is not there yet.

        Returns 0 if no byte is between two ends, or if no frame with a `begin` can begin there.
        """
        if self.begin:
            return self._find_escaped_end(data, start, stop)
        at = start + len(self.end) if data.startswith(self.end, start) else start
        found = data.find(self.end, at, stop)
        if found < 0:
            return stop + 1
        return found + len(self.end) if found > at else 0

    def _find_escaped_end(self, data: bytes, start: int, stop: int) -> int:
        """Return the offset where the frame with a `begin` ends that begins at `start`, as `find_end` returns it."""
        if not data.startswith(self.begin, start, stop):
            return stop + 1 if self.begin.startswith(data[start:stop]) else 0
        at = start + len(self.begin)
        while (at := data.find(self.end[:1], at, stop)) >= 0 and at + 1 < stop:
            if data[at + 1] != self.escape:
                return at + len(self.end) if data.startswith(self.end, at) else 0
            at += 2
        return stop + 1

    def find_run_end(self, data: bytes, start: int, stop: int) -> int:
        """Return the offset after the ends that stand at `start` one after the other, as an idle line sends them."""
        while data.startswith(self.opening, start) and start < stop:
            start += len(self.opening)
        return min(start, stop)

    def has_ends(self, raw: bytes) -> bool:
        """Return True if these bytes begin and end as a frame does."""
        return raw.startswith(self.begin) and raw.endswith(self.end)

    def unwrap(self, raw: bytes) -> bytes:
        """Return the content of a frame; empty if an escape in it stands for nothing."""
        body = raw.removeprefix(self.opening).removesuffix(self.end)
        if not self.is_stuffed and (self.escape is None or self.escape not in body):
            return body
        places = self._list_places(body)
        return bytes(byte for _, byte in places) if places else b""

    def wrap(self, content: bytes) -> bytes:
        """Return the frame with this content, between two ends."""
        if self.is_stuffed:
            return self.end + stuff(content) + self.end
        sent = {meant: byte for byte, meant in self.table.items()}
        escaped = () if self.escape is None else (self.escape,) if self.begin else (self.escape, *self.end)
        body = bytearray()
        for byte in content:
            if byte in escaped and self.escape is not None:
                body += bytes([self.escape, sent.get(byte, byte)])
            else:
                body.append(byte)
        return self.opening + bytes(body) + self.end

    def locate(self, raw: bytes) -> list[int]:
        """Return the offset in a frame of each byte of its content, and that of its end."""
        first = len(self.opening) if raw.startswith(self.opening) else 0
        places = self._list_places(raw[first : -len(self.end)])
        return [*(first + at for at, _ in places), len(raw) - len(self.end)]

    def _list_places(self, body: bytes) -> list[tuple[int, int]]:
        """Return the offset and the value of each byte of the content; nothing if an escape stands for nothing."""
        if self.is_stuffed:
            return list_stuffed(body)
        places, at = [], 0
        while at < len(body):
            byte, start = body[at], at
            if byte == self.escape:
                at += 1
                meant = self.table.get(body[at]) if at < len(body) else None
                if meant is None:
                    return []
                byte = meant
            places.append((start, byte))
            at += 1
        return places
