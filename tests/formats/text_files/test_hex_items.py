"""Bytes with their times and directions become chunks of taps, in order with what stands between them."""

import pytest

from sniffer.core.protocol.log_lines import LogLine
from sniffer.core.wire.items import Chunks, Tap, TapGap
from sniffer.formats.text_files.hex_items import MOST_TOGETHER, HexItems
from sniffer.formats.text_files.text_shape import MOST_CHANNELS


def add(items: HexItems, data: bytes, time: int | None, channel: str = "", *, is_printed: bool = True) -> None:
    items.begin_bytes(time, channel, is_printed=is_printed)
    items.data += data


def test_bytes_of_one_time_and_tap_are_one_chunk() -> None:
    items = HexItems(())
    add(items, b"a", 5)
    add(items, b"b", 5, is_printed=False)
    add(items, b"c", 5)
    add(items, b"d", 6, is_printed=False)
    assert items.take() == [Chunks([(b"ab", 5), (b"c", 5), (b"d", 6)], 0)]
    assert items.take() == []


def test_each_direction_is_a_tap_that_is_described_before_its_bytes() -> None:
    items = HexItems(("RX", "TX"))
    items.describe_taps()
    add(items, b"a", 1, "TX")
    add(items, b"b", 2)
    add(items, b"c", 2, "new", is_printed=False)
    assert items.take() == [
        Tap(1, "RX"),
        Tap(2, "TX"),
        Chunks([(b"a", 1), (b"b", 2)], 2),
        Tap(3, "new"),
        Chunks([(b"c", 2)], 3),
    ]


def test_the_only_direction_of_a_text_is_no_tap_of_its_own() -> None:
    items = HexItems(("RX",))
    add(items, b"a", 1, "RX")
    add(items, b"b", 1, "RX", is_printed=False)
    assert items.take() == [Chunks([(b"ab", 1)], 0)]


def test_directions_beyond_the_most_have_no_tap() -> None:
    names = [f"port {number}" for number in range(MOST_CHANNELS)]
    items = HexItems(names)
    add(items, b"a", 1, names[-1])
    add(items, b"b", 2, "one more")
    assert items.take()[-2:] == [Chunks([(b"a", 1)], MOST_CHANNELS), Chunks([(b"b", 2)], 0)]


@pytest.mark.parametrize("add_other", [HexItems.add_text, HexItems.add_gap])
def test_a_line_or_a_gap_stands_after_the_bytes_before_it(add_other) -> None:
    items = HexItems(("RX", "TX"))
    add(items, b"a", 1, "TX")
    add_other(items, "what it says")
    add(items, b"b", None, is_printed=False)
    other = LogLine(1, None, "what it says") if add_other is HexItems.add_text else TapGap(1, "what it says", 2)
    assert items.take()[-3:] == [Chunks([(b"a", 1)], 2), other, Chunks([(b"b", None)], 2)]


def test_complete_chunks_stand_after_the_bytes_that_wait() -> None:
    items = HexItems(())
    add(items, b"a", 1)
    items.add_pieces([(b"b", 2), (b"c", 3)])
    assert items.take() == [Chunks([(b"a", 1), (b"b", 2), (b"c", 3)], 0)]


def test_an_item_has_no_more_chunks_than_are_handed_over_together() -> None:
    items = HexItems(())
    for time in range(MOST_TOGETHER + 1):
        add(items, b"a", time)
    assert [len(item.pieces) for item in items.take() if isinstance(item, Chunks)] == [MOST_TOGETHER, 1]
