"""A number that is added to each byte of a payload on the wire."""

from functools import cache

from msgspec import Struct


class AddedNumber(Struct, frozen=True):
    """A number that is added to each byte of the payload on the wire, modulo 256.

    The payload stands from the offset `start` of a frame up to the last `trailer_size` bytes.
    """

    number: int
    start: int
    trailer_size: int

    def unwrap(self, raw: bytes) -> bytes:
        """Return the frame with its payload as it is meant."""
        end = len(raw) - self.trailer_size
        return raw[: self.start] + raw[self.start : end].translate(_list_sums(-self.number)) + raw[end:]

    def add(self, payload: bytes) -> bytes:
        """Return a payload as it is sent."""
        return payload.translate(_list_sums(self.number))


@cache
def _list_sums(number: int) -> bytes:
    """Return each byte with a number added to it, in the order of the bytes."""
    return bytes((byte + number) % 256 for byte in range(256))
