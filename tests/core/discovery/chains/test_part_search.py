"""Parts of frames with a check each: given chains, the chains of whole frames."""

import random

from msgspec.structs import replace

from sniffer.core.discovery.chains.chain_candidate import propose_chain
from sniffer.core.discovery.chains.chain_search import FrameChain
from sniffer.core.discovery.chains.part_search import join_parts
from sniffer.core.discovery.checks.check_index import CheckKind
from sniffer.core.discovery.framing_finder import find_framings
from sniffer.core.wire.checks import build_sum, list_crcs

KIND = CheckKind("xor inverted", 1, "big")


def with_check(body: bytes) -> bytes:
    return body + bytes([build_sum(KIND.name, 1)(body)])


def parts(counts: list[int], extra: int = 0) -> tuple[bytes, FrameChain]:
    """Return frames as the radar MR60BHA2 by Seeed sends them, each with this number of data bytes, and their parts.

    The first byte is 01; then a number, the size of the data, a type, the check of these, the data, and theirs.
    """
    chance, data, covers = random.Random(1), b"", []
    for number, count in enumerate(counts):
        header = b"\x01" + number.to_bytes(2, "big") + count.to_bytes(2, "big") + b"\x0a\x14"
        for part in (with_check(header), with_check(chance.randbytes(count + extra))):
            covers.append((len(data), len(data) + len(part)))
            data += part
    return data, FrameChain(KIND, 0, tuple(covers), 90.0)


def test_a_header_and_what_it_counts_are_one_frame() -> None:
    data, chain = parts([4, 8, 12] * 8)
    joined = join_parts(data, chain)
    assert joined.gap == 8
    assert joined.covers == chain.covers[1::2]
    found = propose_chain(data, chain)
    assert found
    assert found.check
    assert (found.heads, found.length.at, found.length.size, found.length.adds) == ((b"\x01",), 3, 2, 9)
    assert (found.check.check.start, found.frames) == (8, 24)


def test_a_chain_may_lack_some_of_the_parts_that_headers_count() -> None:
    data, chain = parts([4, 8, 12] * 8)
    lacking = replace(chain, covers=tuple(cover for at, cover in enumerate(chain.covers) if at not in (5, 17, 31, 45)))
    joined = join_parts(data, lacking)
    assert (joined.gap, len(joined.covers)) == (8, 20)
    sparse = replace(chain, covers=chain.covers[::2] + chain.covers[1:20:2])
    assert join_parts(data, replace(sparse, covers=tuple(sorted(sparse.covers)))).gap == 0


def test_a_header_that_counts_nothing_stands_alone() -> None:
    """The link of Silicon Labs' co-processors: `14`, endpoint, size of what follows with its check, control, check."""
    chance, crc, data = random.Random(2), list_crcs()["CRC-16/XMODEM"].compute, b""
    for number in range(60):
        payload = chance.randbytes((0, 8, 12, 30)[number % 4])
        after = payload + crc(payload).to_bytes(2, "little") if payload else b""
        header = bytes([0x14, 12 - number % 5]) + len(after).to_bytes(2, "little") + bytes([number])
        data += header + crc(header).to_bytes(2, "little") + after
    best, *_ = find_framings(data)
    assert best.check
    assert (best.heads, best.length.at, best.length.adds) == ((b"\x14",), 2, 7)
    assert (best.check.check.start, best.frames) == (7, 45)
    assert not best.is_certain


def test_a_part_that_never_changes_and_has_a_check_of_zero_is_a_head() -> None:
    """CoLa of SICK: four bytes 02, a length of four bytes, text, its exclusive or. That of the first six is zero."""
    chance, xor, data = random.Random(3), build_sum("xor", 1), b""
    for _ in range(80):
        text = b"sRA" + chance.randbytes(chance.choice([5, 11, 30, 52]))
        data += b"\x02\x02\x02\x02" + len(text).to_bytes(4, "big") + text + bytes([xor(text)])
    best, *_ = find_framings(data)
    assert best.check
    assert (best.heads, best.length.at, best.length.adds) == ((b"\x02\x02\x02\x02",), 7, 9)
    assert (best.check.check.name, best.check.check.start) == ("xor", 8)


def test_a_request_that_counts_other_bytes_is_a_frame() -> None:
    data, chain = parts([4, 8, 12] * 8, extra=3)
    assert join_parts(data, chain) == chain


def test_parts_of_few_sizes_prove_nothing() -> None:
    for counts in ([4, 8] * 12, [4, 8, 12] * 3):
        data, chain = parts(counts)
        assert join_parts(data, chain) == chain
