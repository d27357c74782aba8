"""Evidence on unknown bytes: each kind on both sides of its thresholds, and the choice of the strongest."""

import pytest

from sniffer.commands.learn.byte_evidence import (
    FEWEST_FRAMES,
    ByteEvidence,
    EvidenceKind,
    choose_strongest,
    find_evidence,
)
from sniffer.commands.learn.payload_stats import Layout, PairBudget, Unit
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.message import Message
from sniffer.core.wire.items import Chunk
from sniffer.core.wire.links import PWR_TO_COM
from tests.core.protocol.helpers import DEFINITION


def evidence_of(*frames: tuple[int, int], size: int = 1, quantities: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """Return kind and name of the evidence on a unit, for frames with a value of the unit and one of `level`."""
    return [(found.kind.name, found.value_name) for found in all_evidence(*frames, size=size, quantities=quantities)]


def all_evidence(*frames: tuple[int, int], size: int = 1, quantities: tuple[str, ...] = ()) -> list[ByteEvidence]:
    """Return the evidence on all units of a payload of this size."""
    layout = Layout(message_of(size))
    for value, level in frames:
        layout.add(value.to_bytes(size, "big"), {"level": level}, PairBudget())
    return find_evidence(layout, quantities)


def message_of(size: int) -> Message:
    """Return a message of an unknown command with a payload of this size."""
    pipeline = Pipeline(DEFINITION)
    raw = PWR_TO_COM.link.build(PWR_TO_COM.head, 0xDDDD, 0x40, bytes(size))
    (record, *_) = [*pipeline.feed(Chunk(raw, 0)), *pipeline.flush()]
    assert isinstance(record.item, Message)
    return record.item


def test_a_unit_that_equals_a_named_value() -> None:
    (found,) = all_evidence(*[(3, 3), (3, 3), (7, 7)] * 3)
    assert (found.kind, found.value_name, found.unit) == (EvidenceKind.SAME, "level", Unit(0, 1))
    assert found.text == "9 frames, 2 different values"


def test_too_few_frames_are_no_evidence() -> None:
    frames = [(3, 3), (7, 7)] * FEWEST_FRAMES
    assert evidence_of(*frames[:FEWEST_FRAMES]) == [("SAME", "level")]
    assert evidence_of(*frames[: FEWEST_FRAMES - 1]) == []


@pytest.mark.parametrize(("changes", "expected"), [(2, []), (3, [("SAME", "level")])])
def test_a_unit_must_change_often(changes: int, expected: list[tuple[str, str]]) -> None:
    values = [value for change in range(changes + 1) for value in [3 + 4 * (change % 2)] * 4]
    assert evidence_of(*[(value, value) for value in values]) == expected


def test_a_byte_that_goes_up_by_one_is_a_counter() -> None:
    (found,) = all_evidence(*[(value, 0) for value in range(1, 9)])
    assert (found.kind, found.value_name, found.text) == (EvidenceKind.COUNTER, "", "went up by one 7 of 7 times")


@pytest.mark.parametrize(("wrong", "expected"), [(1, [("COUNTER", "")]), (2, [])])
def test_a_counter_may_miss_one_step_of_ten(wrong: int, expected: list[tuple[str, str]]) -> None:
    values = [*range(11 - wrong), *([50, 90][:wrong])]
    assert evidence_of(*[(value, 0) for value in values]) == expected


def test_only_a_quantity_can_be_correlated() -> None:
    frames = [(2 * level + level % 2, level) for level in (10, 14, 19, 23, 28, 32, 37, 41, 46)]
    assert evidence_of(*frames, quantities=("level",)) == [("CORRELATED", "level")]
    assert evidence_of(*frames) == []


def test_a_correlation_needs_enough_different_pairs() -> None:
    frames = [(2 * level + level % 2, level) for level in (10, 14, 19, 23, 28, 32, 37)]
    assert evidence_of(*frames, frames[0], frames[1], quantities=("level",)) == []


def test_a_weak_correlation_is_no_evidence() -> None:
    values = [20, 9, 60, 4, 55, 33, 80, 2, 70]
    assert evidence_of(*[(value, level) for level, value in enumerate(values)], quantities=("level",)) == []


def test_a_unit_that_a_named_value_decides() -> None:
    (found,) = all_evidence(*[(9, 1), (5, 2)] * 4)
    assert (found.kind, found.text) == (EvidenceKind.DECIDED, "8 frames, 2 different values of it")


def test_one_value_that_comes_with_two_decides_nothing() -> None:
    assert evidence_of(*[(9, 1), (5, 2)] * 4, (5, 1)) == []


def test_rare_values_decide_nothing() -> None:
    assert evidence_of(*[(9, 1), (5, 2)] * 4, *[(level, level) for level in (20, 30)]) == []


def test_one_unit_value_is_decided_by_everything_and_so_by_nothing() -> None:
    assert evidence_of(*[(9, 1), (9, 2)] * 4, (5, 3), (9, 1), (5, 3), (9, 1)) == []


def test_two_bytes_of_which_one_is_constant_are_no_number() -> None:
    found = all_evidence(*[(3, 3), (7, 7)] * 4, size=2, quantities=("level",))
    assert {one.unit for one in found} == {Unit(1, 1)}


def test_a_quantity_over_two_bytes_is_one_number() -> None:
    found = all_evidence(*[(level, level) for level in (300, 621, 1000, 1333, 1700, 2050, 2500, 2900)], size=2,
                         quantities=("level",))  # fmt: skip
    assert (found[0].kind, found[0].unit) == (EvidenceKind.SAME, Unit(0, 2))


def test_a_quantity_with_the_low_byte_first_is_one_number() -> None:
    levels = (300, 621, 1000, 1333, 1700, 2050, 2500, 2900)
    swapped = [(int.from_bytes(level.to_bytes(2, "big"), "little"), level) for level in levels]
    found = all_evidence(*swapped, size=2, quantities=("level",))
    assert (found[0].kind, found[0].unit, found[0].is_signed) == (EvidenceKind.SAME, Unit(0, 2, "little"), False)
    scaled = [(int.from_bytes((10 * level).to_bytes(2, "big"), "little"), level) for level in levels]
    correlated = all_evidence(*scaled, size=2, quantities=("level",))
    assert (correlated[0].kind, correlated[0].unit) == (EvidenceKind.CORRELATED, Unit(0, 2, "little"))


def test_a_counter_with_the_low_byte_first_is_one_number() -> None:
    counted = [int.from_bytes(count.to_bytes(2, "big"), "little") for count in range(250, 262)]
    found = all_evidence(*[(value, 0) for value in counted], size=2)
    assert (found[0].kind, found[0].unit) == (EvidenceKind.COUNTER, Unit(0, 2, "little"))


def test_of_two_equally_good_readings_the_high_byte_is_first() -> None:
    both = [(0x0101 * level, level) for level in range(1, 10)]
    found = all_evidence(*both, size=2, quantities=("level",))
    assert {one.unit.order for one in found if one.kind is EvidenceKind.CORRELATED} == {"big"}


@pytest.mark.parametrize("size", [1, 2])
def test_a_value_beside_negative_ones_is_signed(size: int) -> None:
    levels = (-12, 9, -12, 9, -12, 9, 6, -1)
    top = all_evidence(*[(level % 256**size, level) for level in levels], size=size, quantities=("level",))[0]
    assert (top.kind, top.is_signed, top.unit) == (EvidenceKind.SAME, True, Unit(0, size))


def test_a_large_value_equals_no_number_that_is_read_with_a_sign() -> None:
    frames = [(244, -12), (200, 200)] * 4
    assert [found.kind for found in all_evidence(*frames)] == [EvidenceKind.DECIDED]
    assert not all_evidence(*frames)[0].is_signed


def test_the_strongest_that_do_not_overlap_are_chosen_in_their_order() -> None:
    number = ByteEvidence(Unit(1, 2), EvidenceKind.SAME, "a", "")
    second = ByteEvidence(Unit(2, 1), EvidenceKind.COUNTER, "", "")
    first = ByteEvidence(Unit(0, 1), EvidenceKind.DECIDED, "b", "")
    assert choose_strongest([number, second, first]) == [first, number]


def test_values_of_the_same_message_come_before_earlier_ones() -> None:
    layout = Layout(message_of(1))
    for level in (3, 7) * 4:
        layout.add(bytes([level]), {"last level": level, "level": level}, PairBudget())
    assert [found.value_name for found in find_evidence(layout, ())] == ["level", "last level"]


def test_a_full_table_is_mentioned() -> None:
    layout = Layout(message_of(1))
    budget = PairBudget(2)
    for level in (3, 7) * 4 + (9,):
        layout.add(bytes([level]), {"level": level}, budget)
    (found,) = find_evidence(layout, ())
    assert found.text == "8 frames, 2 different values, by the first 2 different pairs alone"
