"""Frames that are several frames together: given chains, the chains of their parts."""

import random

from sniffer.core.discovery.chains.chain_division import divide_covers
from sniffer.core.discovery.chains.chain_search import FrameChain
from sniffer.core.discovery.checks.check_index import CheckKind
from sniffer.core.wire.checks import list_crcs

CRC = list_crcs()["CRC-8/MAXIM-DOW"]
KIND = CheckKind("CRC-8/MAXIM-DOW", 1, "big", CRC)


def with_check(body: bytes) -> bytes:
    return body + bytes([CRC.compute(body)])


def chain_of(groups: list[list[bytes]], gap: int = 0) -> tuple[bytes, FrameChain, list[tuple[int, int]]]:
    """Return frames, the chain with one cover for each group of them, and where each of them is."""
    data, covers, parts = b"", [], []
    for group in groups:
        data += bytes(gap)
        begin = len(data)
        for number, frame in enumerate(group):
            data += bytes(gap) if number else b""
            parts.append((len(data), len(data) + len(frame)))
            data += frame
        covers.append((begin, len(data)))
    return data, FrameChain(KIND, gap, tuple(covers), 90.0), parts


def test_requests_that_repeat_are_cut_off_their_answers() -> None:
    """Batteries of SOK (ABC-BMS): `EE` asks with six bytes, `CC` answers with twenty, often twice."""
    chance = random.Random(1)
    asked = [with_check(bytes([0xEE, 0xC1 + number, 0, 0, 0])) for number in range(3)]
    groups = []
    for turn in range(30):
        answers = [with_check(b"\xcc\xf0" + chance.randbytes(17)) for _ in range(1 + turn % 2)]
        groups.append([asked[turn % 3], *answers])
    data, chain, parts = chain_of(groups)
    assert divide_covers(data, chain).covers == tuple(parts)


def test_frames_of_several_usual_sizes_are_divided() -> None:
    """D-Bus-2 of BSH appliances: the first byte is the size; some frames stand together where one was there before."""
    chance, gap = random.Random(2), 1
    frames = [with_check(bytes([size]) + chance.randbytes(size)) for size in (6, 8, 11) * 10]
    groups = [[frame] for frame in frames] + [frames[at : at + 2] for at in range(0, 6, 2)]
    data, chain, parts = chain_of(groups, gap)
    assert divide_covers(data, chain).covers == tuple(parts)


def test_whole_frames_stay() -> None:
    """A part with a right check stands in few of them by accident, unless it never changes or all of it is zero."""
    chance = random.Random(3)
    for head in (b"\x51", bytes(5)):
        data, chain, _ = chain_of([[with_check(head + chance.randbytes(9 + turn % 7))] for turn in range(60)])
        assert divide_covers(data, chain) == chain
    asked = [with_check(bytes([0xEE, number, 0, 0, 0])) for number in range(2)]
    for requests, turns in ((1, 30), (2, 7)):
        groups = [[asked[turn % requests], with_check(chance.randbytes(9))] for turn in range(turns)]
        data, chain, _ = chain_of(groups)
        assert divide_covers(data, chain) == chain
