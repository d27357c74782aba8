"""The bytes that end the content of each frame, with a check behind them."""

from sniffer.core.wire.coding.delimiter import Delimiter


class CheckedDelimiter(Delimiter, frozen=True):
    """The bytes that end the content of each frame, and a check behind them that covers them.

    A frame has `behind` bytes more behind its end: the check and a tail. They are sent as they are, whatever they
    equal. The content is all that the check covers, the end included, and the bytes behind it. Frames begin with a
    `begin` or with their head, and not with the end of another one.
    """

    behind: int = 0

    def __hash__(self) -> int:
        return hash((self.end, self.escape, self.begin, self.behind))

    @property
    def opening(self) -> bytes:
        return self.begin

    def find_end(self, data: bytes, start: int, stop: int) -> int:
        if self.begin:
            end = self._find_escaped_end(data, start, stop)
        else:
            found = data.find(self.end, start, stop)
            end = stop + 1 if found < 0 else found + len(self.end) if found > start else 0
        return end + self.behind if 0 < end <= stop else end

    def find_run_end(self, data: bytes, start: int, stop: int) -> int:
        return Delimiter.find_run_end(self, data, start, stop) if self.begin else start

    def has_ends(self, raw: bytes) -> bool:
        return Delimiter.has_ends(self, raw[: -self.behind])

    def unwrap(self, raw: bytes) -> bytes:
        front = raw[: -self.behind]
        body = Delimiter.unwrap(self, front) if front.endswith(self.end) else b""
        return body + self.end + raw[-self.behind :] if body or front == self.begin + self.end else b""

    def wrap(self, content: bytes) -> bytes:
        covered = content[: -self.behind]
        return Delimiter.wrap(self, covered.removesuffix(self.end)) + content[-self.behind :]

    def locate(self, raw: bytes) -> list[int]:
        """Return the offset in a frame of each byte of its content, and that of its last byte and one more."""
        *places, end = Delimiter.locate(self, raw[: -self.behind])
        return [*places, *range(end, len(raw) + 1)]
