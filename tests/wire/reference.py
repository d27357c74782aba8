"""What a stream holds, by the rules themselves: slow, over the whole data at once, with nothing of the framer's.

A frame is the leftmost candidate whose CRC fits, then the leftmost after it. What lies between is named by what its
own bytes claim.
"""

from sniffer.wire.crc import crc16
from tests.wire.dialogue import Said

LONGEST_GARBAGE = 256


def claimed_size(data: bytes, at: int) -> int | None:
    """How long the frame whose head stands here claims to be; None without a head or with an impossible length.

    Where the length is missing, longer than the data.
    """
    if data[at] in (0xAA, 0xBB):
        length = data[at + 4 : at + 5]
        return 7 + length[0] if length else len(data) + 1
    if data[at : at + 3] == b"\xff\x6a\xa6":
        length = data[at + 5 : at + 7]
        if len(length) < 2:
            return len(data) + 1
        counted = length[0] * 256 + length[1]
        return 7 + counted if counted >= 4 else None
    return None


def frame_at(data: bytes, at: int) -> bytes | None:
    size = claimed_size(data, at)
    if size is None or at + size > len(data):
        return None
    raw = data[at : at + size]
    checked = raw[3:-2] if raw[0] == 0xFF else raw[:-2]
    return raw if crc16(checked) == raw[-2] * 256 + raw[-1] else None


def is_head(data: bytes, at: int) -> bool:
    return data[at] in (0xAA, 0xBB) or data[at : at + 3] == b"\xff\x6a\xa6"


def noise_in(gap: bytes) -> list[Said]:
    said: list[Said] = []
    at = 0
    while at < len(gap):
        size = claimed_size(gap, at)
        if size is None:
            # A head goes with the length that shows that it is none.
            reason, end = "garbage", min(len(gap), at + (7 if is_head(gap, at) else 1))
            while end < len(gap) and end - at < LONGEST_GARBAGE and not is_head(gap, end):
                end += 1
        elif at + size > len(gap):
            reason, end = "truncated", len(gap)
        else:
            reason, end = "crc", at + size
        said.append((reason, gap[at:end]))
        at = end
    return said


def items_in(data: bytes) -> list[Said]:
    said: list[Said] = []
    given = at = 0
    while at < len(data):
        raw = frame_at(data, at)
        if raw is None:
            at += 1
            continue
        said += [*noise_in(data[given:at]), ("frame", raw)]
        given = at = at + len(raw)
    return said + noise_in(data[given:])
