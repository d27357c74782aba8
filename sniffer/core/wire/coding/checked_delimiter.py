"""The bytes that end the content of each frame, with a check after them."""

from sniffer.core.wire.coding.delimiter import Delimiter


class CheckedDelimiter(Delimiter, frozen=True):
    """The bytes that end the content of each frame, and a check after them that covers them.

    A frame has `bytes_after` bytes after its end: the check and a tail. They are sent as they are, whatever they
    equal. The content is all that the check covers, and the bytes after the end. The check covers the end too, but for
    its first bytes that are `uncovered`. Frames begin with a `begin` or with their head, and not with the end of
    another one.
    """

    bytes_after: int = 0
    uncovered: int = 0

    def __hash__(self) -> int:
        return hash((self.end, self.escape, self.begin, self.bytes_after, self.uncovered))

    @property
    def opening(self) -> bytes:
        return self.begin

    @property
    def covered(self) -> bytes:
        """The bytes of the end that the check covers."""
        return self.end[self.uncovered :]

    def find_end(self, data: bytes, start: int, stop: int) -> int:
        if self.begin:
            end = self._find_escaped_end(data, start, stop)
        else:
            found = data.find(self.end, start, stop)
            end = stop + 1 if found < 0 else found + len(self.end) if found > start else 0
        return end + self.bytes_after if 0 < end <= stop else end

    def find_run_end(self, data: bytes, start: int, stop: int) -> int:
        return Delimiter.find_run_end(self, data, start, stop) if self.begin else start

    def has_ends(self, raw: bytes) -> bool:
        return Delimiter.has_ends(self, raw[: -self.bytes_after])

    def unwrap(self, raw: bytes) -> bytes:
        front = raw[: -self.bytes_after]
        body = Delimiter.unwrap(self, front) if front.endswith(self.end) else b""
        return body + self.covered + raw[-self.bytes_after :] if body or front == self.begin + self.end else b""

    def wrap(self, content: bytes) -> bytes:
        body = content[: -self.bytes_after].removesuffix(self.covered)
        return Delimiter.wrap(self, body) + content[-self.bytes_after :]

    def locate(self, raw: bytes) -> list[int]:
        """Return the offset in a frame of each byte of its content, and that of its last byte and one more."""
        *places, end = Delimiter.locate(self, raw[: -self.bytes_after])
        return [*places, *range(end + self.uncovered, len(raw) + 1)]
