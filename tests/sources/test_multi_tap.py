"""Several taps as one source: every item has the number of its tap, and the end of one tap ends all."""

import asyncio

import pytest

from sniffer.base.errors import SourceError
from sniffer.core.protocol.log_lines import LogLine
from sniffer.core.wire.items import (
    BaudChange,
    Chunk,
    Idle,
    LatencyBound,
    LineError,
    LineErrorMark,
    Note,
    Tap,
    TapGap,
    TapLineError,
    TapRestored,
    TapShared,
)
from sniffer.sources.multi_tap import MultiTap
from sniffer.sources.source import Item
from tests.sources.helpers import FakeTap

MARKS = (LineErrorMark(0, LineError.BREAK),)


async def read(source: MultiTap) -> list[Item]:
    items: list[Item] = []
    await source.run(items.append)
    return items


async def test_every_item_gets_the_number_of_its_tap() -> None:
    first = FakeTap("a", 9600, Chunk(b"1", 1, MARKS), TapGap(2, "gone"), ends=False, late=7)
    second = FakeTap(
        "b",
        9600,
        TapRestored(3, "back"),
        BaudChange(4, 9600, "why"),
        LatencyBound(5, 6, 0),
        TapShared(5, "cat"),
        Idle(6),
        Chunk(b"2", 6),
    )
    items = await read(MultiTap([first, second]))
    assert items[:2] == [Tap(1, "a", 7, 9600), Tap(2, "b", None, 9600)]
    assert [item for item in items if getattr(item, "tap", 0) == 1][1:] == [
        Chunk(b"1", 1, MARKS, 1),
        TapGap(2, "gone", 1),
    ]
    assert [item for item in items if getattr(item, "tap", 0) == 2][1:] == [
        TapRestored(3, "back", 2),
        BaudChange(4, 9600, "why", 2),
        LatencyBound(5, 6, 2),
        TapShared(5, "cat", 2),
        Idle(6, 2),
        Chunk(b"2", 6, (), 2),
    ]


async def test_the_end_of_one_tap_closes_the_other_and_is_raised() -> None:
    lost = FakeTap("a", None, error=SourceError("unplugged"))
    other = FakeTap("b", None, ends=False)
    with pytest.raises(SourceError, match="unplugged"):
        await read(MultiTap([lost, other]))
    assert (lost.closed, other.closed) == (1, 1)


async def test_a_cancellation_closes_all_taps() -> None:
    taps = [FakeTap("a", None, ends=False), FakeTap("b", None, ends=False)]
    running = asyncio.create_task(read(MultiTap(taps)))
    await asyncio.sleep(0.01)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert [tap.closed for tap in taps] == [1, 1]


async def test_a_note_of_a_tap_is_one_of_the_session() -> None:
    items = await read(MultiTap([FakeTap("a", None, Note("x")), FakeTap("b", None, ends=False)]))
    assert items[2:] == [Note("x")]


@pytest.mark.parametrize("item", [Tap(1, "x"), TapLineError(1, LineError.BREAK), LogLine(1, None, "x")], ids=type)
async def test_an_item_without_a_place_for_the_number_of_a_tap_is_an_error(item: Item) -> None:
    with pytest.raises(TypeError, match=f"a tap gives no {type(item).__name__}"):
        await read(MultiTap([FakeTap("a", None, item), FakeTap("b", None, ends=False)]))


@pytest.mark.parametrize(("rates", "expected"), [((9600, 9600), 9600), ((9600, 115200), None), ((None, 9600), None)])
def test_the_rate_is_that_of_all_taps(rates: tuple[int | None, int | None], expected: int | None) -> None:
    source = MultiTap([FakeTap(name, rate) for name, rate in zip("ab", rates, strict=True)])
    assert source.baud == expected
    assert [tap.name for tap in source.taps] == ["a", "b"]
    assert source.now() == 5
    assert (source.is_live, source.needs_merging, source.times_are_first_bytes) == (True, True, False)


def test_closing_it_closes_every_tap() -> None:
    taps = [FakeTap("a", None), FakeTap("b", None)]
    MultiTap(taps).close()
    assert [tap.closed for tap in taps] == [1, 1]
