"""The parts of a link's layout: where numbers stand in a frame, and what says its length and its direction."""

import re
from collections.abc import Collection, Iterator, Mapping
from functools import cache

from msgspec import Struct, field

from sniffer.base.late_pattern import compile_late
from sniffer.core.wire.checks import ByteOrder, DigitCase, write_digits

Direction = str
"""The direction of a frame as the link's definition names it: `com>pwr` is from `com` to `pwr`."""

Place = tuple[int, int]
"""The place of a part in a frame: the offsets of its first byte and of the byte after it."""


class NumberField(Struct, frozen=True):
    """A number in the frames of a link. `at` is its offset from the first byte of the head, `size` is in bytes."""

    at: int
    size: int
    order: ByteOrder = "big"

    @property
    def end(self) -> int:
        """The offset of the byte after it."""
        return self.at + self.size

    @property
    def place(self) -> Place:
        """Where it is in a frame."""
        return self.at, self.end

    def read(self, raw: bytes, start: int = 0) -> int:
        """Return the number in the frame that begins at `start`."""
        return int.from_bytes(raw[start + self.at : start + self.at + self.size], self.order)


class LengthField(NumberField, frozen=True):
    """The number that says how long a frame is: it counts parts of `unit` bytes, and the frame has `adds` bytes more.

    Only numbers from `least` up to `most` that are a multiple of `multiple_of` are lengths.
    """

    adds: int = 0
    unit: int = 1
    least: int = 0
    most: int | None = None
    multiple_of: int = 1

    @property
    def highest(self) -> int:
        """The highest number that is a length."""
        return int(256**self.size - 1) if self.most is None else self.most

    def find_size(self, number: int) -> int:
        """Return the size of a frame with this number as its length, in bytes; 0 if the number is no length."""
        if number < self.least or number > self.highest or number % self.multiple_of:
            return 0
        return number * self.unit + self.adds


class Shape(Struct, frozen=True):
    """How long the frames of some commands are: by a `length` field, or of a fixed `size`.

    `codes` are the commands; empty: all of them. `direction` None: in both directions.
    """

    length: LengthField | None
    size: int = 0
    codes: frozenset[int] = frozenset()
    direction: Direction | None = None


class Delimiter(Struct, frozen=True):
    """The bytes that end each frame, and how the bytes of a frame that equal them are sent.

    The end of one frame may be repeated before the next. Between them, the `escape` byte and the byte behind it stand
    for one byte, that of the `table`. An `escape` of None is for frames that never hold the end. Each other place in a
    frame counts in its content: the bytes between the ends, without escapes.

    Frames with a `begin`, as DLE STX, have it in place of the end of another one. It and the end are the escape and a
    byte that says which, and an escape in the content is sent twice. The content of frames that are `is_stuffed` is
    sent with consistent overhead byte stuffing (COBS): each zero as the distance to the next one.
    """

    end: bytes
    escape: int | None = None
    table: Mapping[int, int] = field(default_factory=dict)
    begin: bytes = b""
    is_stuffed: bool = False

    def __hash__(self) -> int:
        return hash((self.end, self.escape, self.begin, self.is_stuffed))

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
        """Return the offset behind the ends that stand at `start` one after the other, as an idle line sends them."""
        while data.startswith(self.opening, start) and start < stop:
            start += len(self.opening)
        return min(start, stop)

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
            return self.end + _stuff(content) + self.end
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
            return _list_stuffed(body)
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


_NO_DIGIT: Mapping[DigitCase, re.Pattern[bytes]] = {
    "upper": compile_late(rb"[^0-9A-F]"),
    "lower": compile_late(rb"[^0-9a-f]"),
}


class DigitsDelimiter(Delimiter, frozen=True):
    """The bytes around a content that is sent as digits in hexadecimal, two for each byte, with letters of one case.

    Neither the `begin` nor the end is of digits. What has another byte between them, or an odd number of digits, is no
    frame.
    """

    digits: DigitCase = "upper"

    def __hash__(self) -> int:
        return hash((self.begin, self.end, self.digits))

    def find_end(self, data: bytes, start: int, stop: int) -> int:
        first = start + len(self.begin)
        if not data.startswith(self.begin, start, stop):
            return stop + 1 if self.begin.startswith(data[start:stop]) else 0
        found = _NO_DIGIT[self.digits].search(data, first, stop)
        if found is None:
            return stop + 1
        at = found.start()
        if data.startswith(self.end, at, stop):
            return at + len(self.end) if at > first and (at - first) % 2 == 0 else 0
        return stop + 1 if self.end.startswith(data[at:stop]) else 0

    def unwrap(self, raw: bytes) -> bytes:
        body = raw.removeprefix(self.begin).removesuffix(self.end)
        is_text = len(body) % 2 == 0 and not _NO_DIGIT[self.digits].search(body)
        return bytes.fromhex(body.decode()) if is_text else b""

    def wrap(self, content: bytes) -> bytes:
        return self.begin + write_digits(content, self.digits) + self.end

    def locate(self, raw: bytes) -> list[int]:
        return [*range(len(self.begin), len(raw) - len(self.end) + 1, 2)]


class AddedNumber(Struct, frozen=True):
    """A number that is added to each byte of the payload on the wire, modulo 256.

    The payload stands from the offset `start` of a frame up to the last `behind` bytes.
    """

    number: int
    start: int
    behind: int

    def unwrap(self, raw: bytes) -> bytes:
        """Return the frame with its payload as it is meant."""
        end = len(raw) - self.behind
        return raw[: self.start] + raw[self.start : end].translate(_list_sums(-self.number)) + raw[end:]

    def add(self, payload: bytes) -> bytes:
        """Return a payload as it is sent."""
        return payload.translate(_list_sums(self.number))


@cache
def _list_sums(number: int) -> bytes:
    """Return each byte with a number added to it, in the order of the bytes."""
    return bytes((byte + number) % 256 for byte in range(256))


LONGEST_RUN = 0xFF
"""The distance in a stuffed frame that stands for no zero: so many bytes less one without any."""


def _stuff(content: bytes) -> bytes:
    """Return the bytes in which a content is sent: before each run without a zero stands its size, and one more."""
    out, largest = bytearray(), LONGEST_RUN - 1
    *runs, last = content.split(b"\0")
    for run in (*runs, last):
        full = len(run) - len(run) % largest
        for at in range(0, full, largest):
            out += bytes([LONGEST_RUN]) + run[at : at + largest]
        # The last run needs no distance to a zero if it ends with a full one.
        if run is not last or not run or full < len(run):
            out += bytes([len(run) - full + 1]) + run[full:]
    return bytes(out)


def _list_stuffed(body: bytes) -> list[tuple[int, int]]:
    """Return the offset and the value of each byte of a stuffed content; nothing if a distance leads out of it.

    A zero is where the distance to the next one stands.
    """
    places: list[tuple[int, int]] = []
    at = 0
    while at < len(body):
        following = at + body[at]
        if following == at or following > len(body):
            return []
        places += [(place, body[place]) for place in range(at + 1, following)]
        if body[at] < LONGEST_RUN and following < len(body):
            places.append((following, 0))
        at = following
    return places


class DirectionField(Struct, frozen=True):
    """The number that says which way a frame goes, such as an address: the numbers of each direction.

    A number of several directions leaves the direction open.
    """

    number: NumberField
    values: Mapping[Direction, tuple[int, ...]]

    def __hash__(self) -> int:
        return hash(self.number)


class Turn(Struct, frozen=True):
    """How the order of frames says which way a frame goes: an answer follows its request.

    `requests` is the direction of requests, `answers` that of answers. An answer comes `within` this time of its
    request, in nanoseconds; a frame that comes later is a request again.
    """

    requests: Direction
    answers: Direction
    within: int


class _AnyKey(Collection[bytes]):
    """All bytes: the shared keys of a link whose frames have no sequence."""

    def __contains__(self, key: object) -> bool:
        return True

    def __iter__(self) -> Iterator[bytes]:
        return iter(())

    def __len__(self) -> int:
        return 0


ANY_KEY: Collection[bytes] = _AnyKey()
