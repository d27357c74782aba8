"""Payloads with bits, lists, switches, sizes in other fields and an optional end, both ways.

A command of random parts is loaded from a file. What is decoded is encoded to the same bytes, and the definition is
written and loaded again to an equal one. Given these bytes, these values.
"""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sniffer.core.protocol.codec import Codec
from sniffer.core.protocol.conversions import Value
from sniffer.core.protocol.definition_writer import format_definition
from sniffer.core.protocol.loader import load, packaged_files
from tests.core.protocol.helpers import assert_works, values_of
from tests.core.protocol.layout.helpers import (
    BYTE,
    CELLS,
    COUNTED,
    EITHER,
    FLAGS,
    KEYS,
    LABELS,
    PAIRS,
    POINTS,
    ROW,
    SIZED,
    SWITCH,
    decode,
    load_command,
    read,
)

usual = settings(max_examples=60, deadline=None)

# Payloads that are mostly small numbers, so that counts, sizes and switches fit now and then.
PAYLOADS = st.lists(st.sampled_from([0, 1, 2, 3, 20]) | st.integers(0, 255), max_size=24).map(bytes)
TAIL = [{"name": "extra", "size": 1, "optional": True}, {"name": "more", "size": 2}]
LAYOUTS = st.sampled_from(
    [
        [FLAGS, POINTS],
        [*CELLS, FLAGS, *TAIL],
        [{"name": "size", "size": 1}, {"name": "text", "size": "size", "type": "utf-8"}, *CELLS],
        [{"name": "size", "size": 2, "order": "little"}, POINTS | {"bytes": "size"}, *TAIL],
        [
            {"name": "pairs", "type": "list", "count": 2, "fields": [{"name": "a", "size": 1}, FLAGS]},
            BYTE | {"name": "z"},
        ],
        [FLAGS | {"order": "little"}, {"switch": "flags.hot", "cases": [{"values": [1], "fields": [*CELLS]}]}],
        [*CELLS, {"switch": "n", "cases": [{"values": [0], "fields": [BYTE | {"name": "b"}]}], "otherwise": []}],
    ]
)
DIVIDED = st.sampled_from(
    [
        LABELS,
        KEYS,
        [{"name": "v", "type": "list", "between": "03", "item": {"type": "bytes"}}, BYTE | {"name": "z"}],
        PAIRS,
    ]
)


@usual
@given(LAYOUTS, PAYLOADS)
def test_what_is_decoded_is_encoded_to_the_same_bytes(tables: list[dict[str, Any]], payload: bytes) -> None:
    definition, command = load_command(tables)
    message = decode(definition, payload)
    covered = {at for field in message.fields for at in range(field.start, field.end)}
    assert covered == {*range(9, 9 + len(payload))}
    assert message.summary.isprintable()
    values: dict[str, Value] = values_of(message)
    assert len(values) == len(message.fields)
    if not message.problem and "undefined" not in values:
        assert Codec(definition).encode(command, 0x0102, values) == message.frame.raw


@usual
@given(DIVIDED, PAYLOADS)
def test_items_that_bytes_divide_are_encoded_to_the_same_bytes(tables: list[dict[str, Any]], payload: bytes) -> None:
    definition, command = load_command(tables)
    message = decode(definition, payload)
    values: dict[str, Value] = values_of(message)
    if not message.problem and "undefined" not in values:
        assert Codec(definition).encode(command, 0x0102, values) == message.frame.raw


@usual
@given(LAYOUTS | DIVIDED)
def test_a_definition_is_written_and_loaded_to_an_equal_one(tables: list[dict[str, Any]]) -> None:
    definition, command = load_command(tables)
    again = load(packaged_files(), [("written.toml", format_definition(definition))])
    assert again.command("mine") == command
    assert again == definition


def test_a_definition_with_such_payloads_works_everywhere() -> None:
    definition, _ = load_command([FLAGS, POINTS], "{flags} {points} {volts}")
    assert_works(definition)


def test_bits_are_numbers_of_their_own() -> None:
    assert read([FLAGS], "01c1") == {
        "flags.hot": 1,
        "flags.state": "SuspendedEV",
        "flags.level": 0.3,
        "flags.unknown_1": "0x0",
        "flags.unknown_9": "0x00",
    }
    assert read([FLAGS | {"order": "little"}], "0280")["flags.unknown_1"] == "0x1"
    assert read([FLAGS | {"order": "little"}], "0280")["flags.unknown_9"] == "0x40"


def test_a_list_has_as_many_items_as_a_field_says() -> None:
    assert read(CELLS, "02 0ce4 0ce5") == {"n": 2, "cells.1": 3.3, "cells.2": 3.301}
    assert read(CELLS, "00") == {"n": 0}


@pytest.mark.parametrize(
    ("tables", "payload", "values"),
    [
        (ROW, "31", {"v.1": 1}),
        (ROW, "312c2d322c332e35", {"v.1": 1, "v.2": -2, "v.3": 3.5}),
        (ROW, "2c2c31", {"v.1": "", "v.2": "", "v.3": 1}),
        (ROW, "312c", {"v.1": 1, "v.2": ""}),
        (ROW, "", {}),
        (PAIRS, "00 ff", {"s": 0, "z": 255}),
        (
            KEYS,
            b"PAC=1F4;SYS=4,0".hex(),
            {"l.1.key": "PAC", "power": 500, "l.2.key": "SYS", "l.2.state": 4, "l.2.alarm": "0"},
        ),
        (KEYS, b"X=".hex(), {"l.1.key": "X"}),
        (PAIRS, "05 0500010600 ff", {"s": 5, "p.1.k": 5, "p.1.t": "", "p.2.k": 6, "p.2.t": "00", "z": 255}),
    ],
)
def test_bytes_stand_between_the_items_of_a_list(
    tables: list[dict[str, Any]], payload: str, values: dict[str, Value]
) -> None:
    assert read(tables, payload) == values


def test_a_switch_without_a_case_ends_where_the_payload_does() -> None:
    assert read(SWITCH, "02") == {"k": 2}


def test_a_layout_depends_on_a_field() -> None:
    assert read([POINTS], "010204fffffffe 140202 0905 070502 abcd") == {
        "points.1.id": 1,
        "points.1.type": 2,
        "points.1.length": 4,
        "points.1.value": -2,
        "points.2.id": 20,
        "points.2.type": 2,
        "points.2.length": 2,
        "volts": 230.9,
        "points.3.id": 7,
        "points.3.type": 5,
        "points.3.length": 2,
        "points.3.value": "abcd",
    }


def test_a_layout_depends_on_a_text() -> None:
    """As in blocks of text with labels, which may stand in any order."""
    assert read(LABELS, "0a1b05 43533d330a 563d31332e370a 583d790a".replace(" ", "")) == {
        "code": "0a1b",
        "n": 5,
        "l.1.label": "CS",
        "l.1.state": 3,
        "l.2.label": "V",
        "volts": 13.7,
        "l.3.label": "X",
        "l.3.text": "y",
    }
    message = decode(load_command(LABELS)[0], bytes.fromhex("0a1c05"))
    assert message.problem == "payload has 3 bytes: nothing is known of code 0A 1C"


def test_the_end_may_be_missing() -> None:
    tables = [BYTE | {"name": "a"}, *TAIL]
    assert read(tables, "01") == {"a": 1}
    assert read(tables, "01 02 0003") == {"a": 1, "extra": 2, "more": 3}


@pytest.mark.parametrize(
    ("tables", "payload", "problem", "known"),
    [
        (CELLS, "020ce4", "payload has 3 bytes: cells.2 is not whole", ["n", "cells.1"]),
        (CELLS, "05" + 10 * "00", "payload has 11 bytes: cells has more than 4 items", None),
        ([FLAGS], "01", "payload has 1 byte: flags is not whole", ["undefined"]),
        ([POINTS], "14020200011402020002", "payload has 10 bytes: volts is there twice", None),
        (SWITCH, "0203", "payload has 2 bytes: nothing is known of k 2", ["k", "undefined"]),
        (ROW, "312c322c332c34", "payload has 7 bytes: v has more than 3 items", None),
        (PAIRS, "03050001ff", "payload has 5 bytes: p.2.k is not whole", ["s", "p.1.k", "p.1.t", "undefined"]),
        (SIZED, "0300010002", "payload has 5 bytes: l.2 is not whole", ["s", "l.1", "undefined"]),
        (SIZED, "0300", "payload has 2 bytes: l is not whole", ["s", "undefined"]),
        (COUNTED, "020102", "payload has 3 bytes: l has 1 more bytes than its items", ["s", "l.1", "undefined"]),
    ],
)  # fmt: skip
def test_a_payload_that_does_not_fit_says_why(
    tables: list[dict[str, Any]], payload: str, problem: str, known: list[str] | None
) -> None:
    message = decode(load_command(tables)[0], bytes.fromhex(payload))
    assert message.problem == problem
    assert known in (None, [field.name for field in message.fields])


@pytest.mark.parametrize(
    ("tables", "payload", "summary", "shown"),
    [
        (CELLS, "020ce40ce5", "cells {cells}", "cells 3.300 V, 3.301 V"),
        (CELLS, "00", "cells {cells}", "cells none"),
        (EITHER, "01 05", "{k}: {a}, {b}", "1: 5, -"),
        ([FLAGS], "00d1", "{flags}", "hot, state Finishing, level 0.1 V"),
        ([FLAGS], "0002", "{flags}; {flags.hot}", "state Available, unknown_1 0x1; 0"),
        ([POINTS], "140202 0905 070501ab", "{points} ({volts})", "20 2 2; 7 5 1 AB (230.9)"),
    ],
)
def test_a_summary_shows_a_list_or_bits_as_a_whole(
    tables: list[dict[str, Any]], payload: str, summary: str, shown: str
) -> None:
    assert decode(load_command(tables, summary)[0], bytes.fromhex(payload)).summary == shown
