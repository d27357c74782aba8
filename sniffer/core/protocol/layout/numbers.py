"""The bytes of numbers in payloads, both ways.

In: fields, and bytes or raw values. Out: raw values or bytes, by size, sign, byte and word order of the field.
"""

from sniffer.core.protocol.definition import Field


def decode_number(field: Field, piece: bytes) -> int:
    """Return the raw value of a number in a payload."""
    if field.is_swapped:
        piece = _swap_words(piece)
    return int.from_bytes(piece, field.order, signed=field.is_signed)


def encode_number(field: Field, raw: int) -> bytes:
    """Return the bytes of a raw value, one byte if the size varies. Raises `OverflowError` if it does not fit."""
    size = field.size if isinstance(field.size, int) else 1
    data = raw.to_bytes(size, field.order, signed=field.is_signed)
    return _swap_words(data) if field.is_swapped else data


def _swap_words(data: bytes) -> bytes:
    """Return the words of two bytes in the reverse order."""
    return b"".join(data[at : at + 2] for at in range(len(data) - 2, -1, -2))
