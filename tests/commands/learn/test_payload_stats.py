"""The statistics of unknown bytes: values, changes and pairs of one unit, and the units of a layout."""

import pytest

from sniffer.commands.learn import payload_stats
from sniffer.commands.learn.payload_stats import Layout, PairBudget, Unit, UnitStats
from sniffer.core.protocol.codec import Codec
from sniffer.core.wire.frame import Frame
from sniffer.core.wire.links import PWR_TO_COM
from tests.commands.learn.helpers import Log, learner_of
from tests.core.protocol.every_type import build_frame, load_every_type


def stats_of(*values: int, size: int = 1, **named: int) -> UnitStats:
    """Return the statistics of a unit that had these values one after another."""
    stats = UnitStats(Unit(0, size))
    for value in values:
        stats.add(value.to_bytes(size, "big"), named, PairBudget())
    return stats


def layout_of(*payloads: bytes, code: int = 0x40) -> Layout:
    """Return the layout of these payloads of a command."""
    log = Log()
    for payload in payloads:
        log.frame(PWR_TO_COM, code, payload)
    layouts: list[Layout] = learner_of(log).result().layouts
    (layout,) = layouts
    return layout


def test_changes_and_steps_up_are_counted() -> None:
    stats = stats_of(3, 3, 4, 9, 8)
    assert (stats.moves, stats.changes, stats.steps) == (4, 3, 1)
    assert (stats.least, stats.largest) == (3, 9)


def test_a_step_from_the_largest_value_to_zero_is_a_step_up() -> None:
    assert stats_of(254, 255, 0).steps == 2
    assert stats_of(255, 256, size=2).steps == 1
    assert stats_of(65535, 0, size=2).steps == 1


def test_two_bytes_are_read_in_both_orders() -> None:
    layout = layout_of(b"\x01\x02", b"\x02\x02")
    big, little = layout.units[Unit(0, 2)], layout.units[Unit(0, 2, "little")]
    assert (big.least, big.largest, big.steps) == (0x102, 0x202, 0)
    assert (little.least, little.largest, little.steps) == (0x201, 0x202, 1)


def test_the_values_of_a_byte_are_kept_as_bits() -> None:
    assert stats_of(0, 3, 3).seen == 0b1001
    assert stats_of(0, 3, size=2).seen == 0


def test_a_unit_that_never_changed_is_constant() -> None:
    assert stats_of(7, 7).is_constant
    assert not stats_of(7, 8).is_constant
    assert stats_of().is_constant


def test_the_end_of_a_session_is_no_move() -> None:
    stats = stats_of(1)
    stats.end()
    stats.add(b"\x05", {}, PairBudget())
    assert (stats.moves, stats.changes) == (0, 0)


def test_pairs_with_named_values_are_counted() -> None:
    stats = stats_of(1, 1, 2, status=4)
    assert stats.pairs == {"status": {(4, 1): 2, (4, 2): 1}}
    assert stats.full == set()


def test_a_table_without_room_counts_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payload_stats, "MOST_PAIRS", 2)
    stats = stats_of(1, 2, 1, 3, 1, status=4)
    assert stats.pairs == {"status": {(4, 1): 2, (4, 2): 1}}
    assert stats.full == {"status"}


def test_a_budget_is_used_up() -> None:
    budget = PairBudget(2)
    assert [budget.take() for _ in range(3)] == [True, True, False]


def test_the_units_of_a_layout_are_its_bytes_and_neighbouring_pairs() -> None:
    layout = layout_of(b"\x01\x02\x03")
    assert [*layout.units] == [
        *[Unit(0, 1), Unit(0, 2), Unit(0, 2, "little")],
        *[Unit(1, 1), Unit(1, 2), Unit(1, 2, "little"), Unit(2, 1)],
    ]
    assert (layout.code, layout.size, layout.frames, layout.example) == (0x40, 3, 1, b"\x01\x02\x03")
    assert layout.command is None
    assert not layout.is_cut


def test_only_unknown_bytes_of_a_command_have_units() -> None:
    layout = layout_of(bytes([1, 8, 14, 0, 0, 0, 0, 0, 9, 0x1C, 0x15]), code=0x01)
    assert layout.command is not None
    assert layout.unknown == [3, 4, 5]
    assert Unit(5, 2) not in layout.units
    assert {unit.offset for unit in layout.units} == {3, 4, 5}


def test_a_unit_does_not_reach_past_the_examined_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payload_stats, "MOST_BYTES", 2)
    layout = layout_of(b"\x01\x02\x03")
    assert [*layout.units] == [Unit(0, 1), Unit(0, 2), Unit(0, 2, "little"), Unit(1, 1)]
    assert layout.is_cut


def test_the_parts_of_a_frame_with_escapes_are_placed_in_its_payload() -> None:
    definition = load_every_type()
    command = definition.command("numbers")
    payload = b"\xc0\xdb" + bytes(100)
    message = Codec(definition).decode(Frame(command.route, None, build_frame(command, payload)))
    parts = Layout(message).parts
    assert [(part.start, part.end) for part in parts[:3]] == [(0, 1), (1, 2), (2, 10)]
    assert parts[-1].end == len(payload)
