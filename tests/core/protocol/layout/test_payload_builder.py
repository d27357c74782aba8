"""Payloads from values: counts and sizes are computed, and values that do not fit are refused."""

from typing import Any

import pytest

from sniffer.base.errors import EncodeError
from sniffer.core.protocol.codec import Codec
from sniffer.core.protocol.conversions import Value
from tests.core.protocol.layout.helpers import BYTE, CELLS, FLAGS, PAIRS, POINTS, TEXT, load_command, read

WORDS: list[dict[str, Any]] = [
    {"name": "last", "size": 1, "zero": -1},
    {"name": "gates", "type": "list", "count": "last", "most": 4, "item": {"size": 1}},
    {"name": "words", "size": 1, "multiplier": 2},
    {"name": "text", "size": "words", "type": "ascii"},
]


def test_a_count_and_a_size_are_computed() -> None:
    size = {"name": "size", "size": 1}
    definition, command = load_command([*CELLS, size, {"name": "text", "size": "size", "type": "utf-8"}])
    sent = Codec(definition).encode(command, 1, {"cells.1": 3.3, "cells.2": 3.301, "text": "é"})
    assert sent[9:-2].hex(" ") == "02 0c e4 0c e5 02 c3 a9"


def test_a_count_or_size_is_the_number_as_it_is_shown() -> None:
    """A radar sends the number of its last gate, counted from 0, and a display sizes in words of two bytes."""
    definition, command = load_command(WORDS)
    assert read(WORDS, "01 0A 0B 02 61 62 63 64") == {
        "last": 2,
        "gates.1": 10,
        "gates.2": 11,
        "words": 4,
        "text": "abcd",
    }
    sent = Codec(definition).encode(command, 1, {"gates.1": 10, "gates.2": 11, "text": "abcd"})
    assert sent[9:-2].hex(" ") == "01 0a 0b 02 61 62 63 64"
    with pytest.raises(EncodeError, match="words: is 4, and text has 3 bytes"):
        Codec(definition).encode(command, 1, {"gates.1": 10, "text": "abc"})


@pytest.mark.parametrize(
    ("tables", "values", "message"),
    [
        (CELLS, {"n": 2, "cells.1": 3.3}, "mine: n: is 2, and cells has 1 item"),
        (CELLS, {"cells.2": 3.3}, "mine has no field cells.2"),
        ([FLAGS], {"flags.hot": 2}, "mine: flags.hot: 2 does not fit into 1 bits"),
        ([POINTS], {"points.1.id": 1}, "mine: points.1.type: a value is needed"),
        ([BYTE | {"name": "k"}], {}, "mine: k: a value is needed"),
        (PAIRS, {"p.1.k": 1, "p.1.t": "000102", "z": 0}, "mine: p.1.t: has the bytes that end it, 00 01"),
        (TEXT, {"t": "x" * 256}, "mine: s: 256 does not fit"),
    ],
)  # fmt: skip
def test_values_that_do_not_fit_are_refused(
    tables: list[dict[str, Any]], values: dict[str, Value], message: str
) -> None:
    definition, command = load_command(tables)
    with pytest.raises(EncodeError) as caught:
        Codec(definition).encode(command, 1, values)
    assert message in str(caught.value)
