"""The values that sources deliver: what they hold if nothing else is known, and that nobody can change them."""

import copy

import pytest

from sniffer.core.wire.items import (
    MOST_TAPS,
    BaudChange,
    Chunk,
    LatencyBound,
    LineError,
    LineErrorMark,
    Note,
    Order,
    Reception,
    Segments,
    Tap,
    TapGap,
    TapRestored,
    TapShared,
    TapState,
)

Item = Chunk | Segments | Tap | TapGap | TapRestored | BaudChange | LatencyBound | TapShared | Note | TapState

ITEMS: list[Item] = [
    Chunk(b"\x01"),
    Segments([(b"\x01", None)]),
    Tap(1, "com"),
    TapGap(None, "unplugged"),
    TapRestored(None, "same port"),
    BaudChange(None, 9600, "9600: 2 of 2 frames valid"),
    LatencyBound(None, 16_000_000),
    TapShared(None, "cat"),
    Note("seen"),
    TapState("com"),
]


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: type(item).__name__)
def test_an_item_cannot_be_changed(item: Item) -> None:
    name = next(iter(type(item).__annotations__))
    with pytest.raises(AttributeError):
        setattr(item, name, None)


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: type(item).__name__)
def test_items_with_equal_parts_are_equal(item: Item) -> None:
    assert copy.copy(item) == item
    assert all(other != item for other in ITEMS if other is not item)


def test_without_more_a_chunk_is_of_the_only_tap_and_has_no_line_errors() -> None:
    chunk = Chunk(b"\x01")
    assert (chunk.time, chunk.marks, chunk.tap) == (None, (), 0)
    segments = Segments([])
    assert (segments.marks, segments.tap) == ((), 0)


@pytest.mark.parametrize("item", [item for item in ITEMS if isinstance(item, TapGap | TapRestored | BaudChange)])
def test_without_more_a_change_is_of_the_only_tap(item: TapGap | TapRestored | BaudChange) -> None:
    assert item.tap == 0
    assert LatencyBound(5, 1).tap == 0


def test_what_a_tap_does_not_report_is_none_or_empty() -> None:
    tap, state = Tap(1, "com"), TapState("com")
    assert (tap.late, tap.baud) == (None, None)
    assert (state.baud, state.late) == (None, None)
    assert (state.device, state.rate, state.settings, state.lost, state.errors) == ("", "", "", "", ())


def test_a_note_without_a_number_is_for_the_next_record() -> None:
    assert Note("seen").number is None
    assert Note("seen", 7).number == 7


def test_without_more_a_reception_is_of_the_only_tap() -> None:
    assert Reception() == Reception(0, (), None)


def test_the_words_that_captures_and_json_use() -> None:
    assert [error.value for error in LineError] == ["framing", "parity", "break"]
    assert [order.value for order in Order] == ["exchange", "uncertain"]


def test_the_number_of_a_tap_fits_into_a_byte() -> None:
    assert MOST_TAPS == 255


def test_a_mark_is_an_offset_and_an_error() -> None:
    assert LineErrorMark(3, LineError.PARITY) == (3, "parity")
