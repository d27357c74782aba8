"""Requests and answers that repeat with one size together: given bytes and their periods, both parts of each."""

import random

from sniffer.core.discovery.chains.chain_candidate import propose_chain
from sniffer.core.discovery.chains.period_parts import find_parts
from sniffer.core.wire.checks import build_sum

SIZE = 14


def build(data: bytes, start: int = 2) -> bytes:
    """Return a frame with its exclusive or, from after the head on."""
    return data + bytes([build_sum("xor", 1)(data[start:])])


def session(values: list[int]) -> bytes:
    """Return a request that never changes and its answer, with one value, for each value."""
    asked = build(b"\xa7\x26\xd6\x01")
    return b"".join(asked + build(b"\xa7\x26\x56\x01\x6a\x01" + bytes([value, 0])) for value in values)


def test_a_request_and_its_answer_are_divided_by_their_checks() -> None:
    chance = random.Random(1)
    data = session([chance.randrange(120, 140) for _ in range(40)])
    chain = find_parts(data, range(0, len(data), SIZE), SIZE)
    assert chain is not None
    assert (chain.kind.name, chain.gap) == ("xor", 2)
    found = propose_chain(data, chain, is_proved=True)
    assert found is not None
    assert found.check is not None
    assert (found.heads, found.check.check.start) == ((b"\xa7\x26",), 2)
    assert {shape.adds for shape in found.shapes} == {5, 9}


def test_an_answer_that_hardly_changes_proves_nothing() -> None:
    data = session([120, 121] * 20)
    assert find_parts(data, range(0, len(data), SIZE), SIZE) is None


def test_random_periods_have_no_parts() -> None:
    data = random.Random(2).randbytes(SIZE * 40)
    assert find_parts(data, range(0, len(data), SIZE), SIZE) is None
