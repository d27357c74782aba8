"""A packed charger: it comes out equal, and goes on as the one that was packed."""

from collections.abc import Sequence
from itertools import islice

import pytest

from sniffer.core.charger.charger import Charger
from sniffer.core.protocol.log_lines import LogLine
from sniffer.core.record import Record
from sniffer.core.wire.items import Chunk
from sniffer.history.charger_codec import ChargerCodec
from sniffer.simulator.traffic import generate_reads
from tests.core.protocol.helpers import DEFINITION
from tests.dialogue import dialogue_records
from tests.records import records_of
from tests.tui.helpers import captured

MOST_BYTES = 50_000
"""The bytes that a packed charger of usual traffic takes; a copy takes 300,000."""


def scenario(name: str) -> list[Chunk | LogLine]:
    return [*islice(generate_reads(name, baud=115200, seed=3, start_time=0), 400)]


SESSIONS: dict[str, list[Chunk | LogLine]] = {
    "a log": [*captured()],
    **{name: scenario(name) for name in ("charging", "undervoltage", "pending", "restarts", "noisy")},
}


def assert_goes_on(records: Sequence[Record], every: int) -> None:
    """Pack a charger again and again, and compare it with one that is never packed."""
    codec = ChargerCodec(DEFINITION)
    exact, packed = Charger(DEFINITION), Charger(DEFINITION)
    for record in records:
        if record.item:
            expected = exact.apply(record.item, record.number, record.line)
            assert packed.apply(record.item, record.number, record.line) == expected
        if record.number % every == 0:
            data = codec.pack(packed)
            assert len(data) < MOST_BYTES
            packed = codec.unpack(data)
            assert packed.snapshot() == exact.snapshot()


@pytest.mark.parametrize("name", SESSIONS)
def test_charger_that_was_packed_goes_on_as_before(name: str) -> None:
    assert_goes_on(records_of(*SESSIONS[name]), every=9)


def test_charger_with_ocpp_calls_goes_on_as_before() -> None:
    assert_goes_on(dialogue_records(), every=1)


def test_unpacked_charger_goes_on_by_itself() -> None:
    codec, charger = ChargerCodec(DEFINITION), Charger(DEFINITION)
    data = codec.pack(charger)
    before = charger.snapshot()
    for record in records_of(*SESSIONS["charging"]):
        if record.item:
            codec.unpack(data).apply(record.item, record.number)
            charger.apply(record.item, record.number)
    assert codec.unpack(data).snapshot() == before != charger.snapshot()
