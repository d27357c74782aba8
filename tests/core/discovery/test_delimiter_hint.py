"""The suspicion of frames between delimiters: given escaped bytes, their kind."""

import random

from sniffer.core.discovery.delimiter_hint import find_delimiter
from tests.core.discovery.makers import MAKERS, UNKNOWABLE, make_traffic
from tests.core.discovery.protocols import make_session


def hdlc(payload: bytes) -> bytes:
    return b"\x7e" + payload.replace(b"\x7d", b"\x7d\x5d").replace(b"\x7e", b"\x7d\x5e") + b"\x7e"


def test_escaped_bytes_are_recognised() -> None:
    slip = find_delimiter(make_traffic(UNKNOWABLE["slip"], 1, noise=0))
    assert slip
    assert slip.name == "SLIP"
    chance = random.Random(1)
    other = find_delimiter(b"".join(hdlc(chance.randbytes(30)) for _ in range(60)))
    assert other
    assert other.name == "HDLC"


def test_other_bytes_are_not_suspected() -> None:
    traffic = [make_traffic(maker.build, 1) for maker in MAKERS.values()]
    sessions = [make_session(seed)[0] for seed in range(40)]
    assert not any(map(find_delimiter, [b"", b"\xdb", random.Random(2).randbytes(60_000), *traffic, *sessions]))


def test_few_escapes_prove_nothing() -> None:
    frames = b"\xc0\x01\x02\x03\xc0" * 20
    assert find_delimiter(frames + b"\xdb\xdc" * 3) is None
    assert find_delimiter(frames + b"\xdb\xdc" * 4) is not None
