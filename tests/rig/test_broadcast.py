"""The broadcast of records: to all readers, and to callers that wait for a state or a record."""

import asyncio
import gc
from datetime import UTC

import pytest

from sniffer.base.errors import SourceError
from sniffer.base.times import SECOND
from sniffer.core.charger.snapshot import Snapshot
from sniffer.core.pipeline import Pipeline
from sniffer.core.wire.items import Chunk, TapGap
from sniffer.filter.compiler import compile_filter
from sniffer.filter.vocabulary import Vocabulary
from sniffer.rig.broadcast import Broadcast
from sniffer.rig.state_tracker import AwaitedState
from sniffer.rig.subscription import Reader
from tests.core.protocol.helpers import DEFINITION
from tests.records import records_of
from tests.rig.helpers import AVAILABLE, CHARGING, report

SNAPSHOT = Snapshot("mine")
CHARGES = AwaitedState("Charging")


RECORDS = records_of(*(Chunk(report(status, at), at * SECOND) for at, status in enumerate((AVAILABLE, CHARGING), 1)))


def reader_of_numbers(broadcast: Broadcast) -> Reader[int]:
    reader = Reader(lambda record: (record.number,), 10)
    broadcast.add(reader)
    return reader


async def rest(reader: Reader[int]) -> list[int]:
    return [number async for number in reader]


async def test_every_reader_gets_what_comes_after_it_was_added() -> None:
    broadcast = Broadcast()
    first = reader_of_numbers(broadcast)
    broadcast.receive(RECORDS[:1])
    second = reader_of_numbers(broadcast)
    broadcast.receive(RECORDS[1:])
    assert not broadcast.is_closed
    broadcast.close(lambda: None)
    assert broadcast.is_closed
    assert (await rest(first), await rest(second)) == ([1, 2], [2])


async def test_a_reader_that_nobody_refers_to_is_removed() -> None:
    broadcast = Broadcast()
    kept = reader_of_numbers(broadcast)
    reader_of_numbers(broadcast)
    gc.collect()
    assert [*broadcast._readers] == [kept]


async def test_each_reader_gets_an_error_of_its_own() -> None:
    broadcast = Broadcast()
    before = reader_of_numbers(broadcast)
    broadcast.close(lambda: SourceError("unplugged"))
    after = reader_of_numbers(broadcast)
    errors = []
    for reader in (before, after):
        with pytest.raises(SourceError, match="unplugged") as caught:
            await rest(reader)
        errors.append(caught.value)
        assert await rest(reader) == []
    assert errors[0] is not errors[1]


async def test_the_last_record_is_one_that_was_received() -> None:
    broadcast = Broadcast()
    assert broadcast.last is None
    broadcast.receive(RECORDS)
    lost = Pipeline(DEFINITION).feed(TapGap(None, "unplugged"))
    assert lost
    broadcast.receive(lost)
    assert broadcast.last is RECORDS[-1]


async def test_a_state_that_holds_is_returned_at_once() -> None:
    broadcast = Broadcast()
    broadcast.receive(RECORDS)
    broadcast.close(lambda: None)
    assert await broadcast.wait_until(CHARGES, lambda: SNAPSHOT, 0) is SNAPSHOT


async def test_a_state_is_waited_for() -> None:
    broadcast = Broadcast()
    waiting = asyncio.create_task(broadcast.wait_until(CHARGES, lambda: SNAPSHOT, None))
    await asyncio.sleep(0)
    broadcast.receive(RECORDS[:1])
    await asyncio.sleep(0)
    assert not waiting.done()
    broadcast.receive(RECORDS[1:])
    assert await waiting is SNAPSHOT


async def test_the_first_record_that_matches_is_returned() -> None:
    broadcast = Broadcast()
    compiled = compile_filter("status == Available or status == Charging", Vocabulary(DEFINITION, lambda: UTC))
    waiting = asyncio.create_task(broadcast.wait_for_record(compiled, None))
    await asyncio.sleep(0)
    broadcast.receive(RECORDS)
    assert await waiting is RECORDS[0]


async def test_the_time_before_a_record_is_that_of_the_record_before_it() -> None:
    broadcast = Broadcast()
    broadcast.receive(RECORDS[:1])
    compiled = compile_filter("delta >= 1", Vocabulary(DEFINITION, lambda: UTC))
    waiting = asyncio.create_task(broadcast.wait_for_record(compiled, None))
    await asyncio.sleep(0)
    broadcast.receive(RECORDS[1:])
    assert await waiting is RECORDS[1]


@pytest.mark.parametrize("timeout", [0, 0.01])
async def test_none_is_returned_when_the_time_is_over(timeout: float) -> None:
    broadcast = Broadcast()
    assert await broadcast.wait_until(CHARGES, lambda: SNAPSHOT, timeout) is None
    assert not broadcast._waiters


async def test_none_is_returned_when_the_session_ends_or_has_ended() -> None:
    broadcast = Broadcast()
    waiting = asyncio.create_task(broadcast.wait_until(CHARGES, lambda: SNAPSHOT, None))
    await asyncio.sleep(0)
    broadcast.close(lambda: SourceError("unplugged"))
    assert await waiting is None
    assert await broadcast.wait_until(CHARGES, lambda: SNAPSHOT, None) is None
