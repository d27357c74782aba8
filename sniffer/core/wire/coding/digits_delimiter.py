"""The bytes around a content that is sent as digits in hexadecimal."""

import re
from collections.abc import Mapping

from sniffer.base.late_pattern import compile_late
from sniffer.core.wire.checks import DigitCase, write_digits
from sniffer.core.wire.coding.delimiter import Delimiter

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
