"""Random protocols: head, numbers before the length, length, payload and check, with damage and noise between."""

import random
from dataclasses import dataclass

from sniffer.core.wire.checks import SUMS, XORS, ByteOrder, Compute, build_sum, list_crcs

NAMED = [(name, crc) for name, crc in list_crcs().items() if crc.width <= 32]


@dataclass(frozen=True)
class Truth:
    """The framing that is to be found. `check` is its name, `unknown` for a checksum that is no CRC and no sum."""

    heads: tuple[bytes, ...]
    length: tuple[int, int, ByteOrder, int]
    check: tuple[str, int, ByteOrder, int] | None


def make_session(seed: int, *, frames: int = 100, noise: float = 0.05) -> tuple[bytes, Truth]:
    """Return the bytes of a session of a random protocol, and what is to be found in them."""
    chance = random.Random(seed)
    head_size, before, after = chance.choice([1, 1, 2, 2, 3]), chance.randrange(4), chance.randrange(3)
    firsts = chance.sample(range(1, 256), chance.choice([1, 1, 2]))
    heads = [bytes([first, *(chance.randrange(1, 256) for _ in range(head_size - 1))]) for first in firsts]
    at, size = head_size + before, chance.choice([1, 1, 2])
    order: ByteOrder = chance.choice(("big", "little")) if size > 1 else "big"
    start = chance.choice([0, head_size])
    check_order: ByteOrder = chance.choice(("big", "little"))
    name, check_size, compute = _choose_check(chance)
    front = at + size + after
    adds = chance.choice([front + check_size, 0, at + size])
    commands, out = [chance.randrange(256) for _ in range(5)], bytearray()
    for number in range(frames):
        payload = chance.randbytes(chance.randrange(25))
        total = front + len(payload) + check_size
        numbers = bytes(chance.choice(commands) if place == 0 else (number + place) & 255 for place in range(before))
        body = chance.choice(heads) + numbers + (total - adds).to_bytes(size, order)
        body += bytes(chance.choice(commands) for _ in range(after)) + payload
        frame = bytearray(body + compute(body[start:]).to_bytes(check_size, check_order))
        if chance.random() < noise:
            frame[chance.randrange(len(frame))] ^= chance.randrange(1, 256)
        if chance.random() < noise:
            out += chance.randbytes(chance.randrange(1, 20))
        out += frame
    shown: ByteOrder = check_order if check_size > 1 else "big"
    check = None if name == "unknown" else (name, check_size, shown, start)
    return bytes(out), Truth(tuple(sorted(heads)), (at, size, order, adds), check)


def _choose_check(chance: random.Random) -> tuple[str, int, Compute]:
    kind = chance.choice(["crc", "crc", "sum", "unknown"])
    if kind == "crc":
        name, crc = chance.choice(NAMED)
        return name, crc.width // 8, crc.compute
    if kind == "sum":
        name = chance.choice(SUMS)
        size = 1 if name in XORS else chance.choice([1, 2])
        return name, size, build_sum(name, size)
    return "unknown", 2, _compute_own


def _compute_own(data: bytes) -> int:
    """Return a checksum that no library has."""
    one = other = 0
    for byte in data:
        one = (one + 3 * byte + 1) % 251
        other = (other + one) % 253
    return one << 8 | other
