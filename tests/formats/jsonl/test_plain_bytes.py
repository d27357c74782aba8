"""Plain frames and noise are read as the whole reader reads them; any other line is left to it."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sniffer.core.wire.items import Segments
from sniffer.formats.jsonl.plain_bytes import parse_plain
from sniffer.formats.jsonl.reader import items_of, parse_object

PLAIN = {"type": "frame", "time": "2023-11-14T22:13:20.000250+01:00", "raw": "bb00ff", "fields": {"a": [1]}}


def line_of(**keys: object) -> bytes:
    return json.dumps(PLAIN | keys).encode() + b"\n"


def test_the_bytes_of_a_plain_frame_are_read_with_their_time_and_tap() -> None:
    read = parse_plain(line_of(tap=2))
    assert read == ((b"\xbb\x00\xff", 1_699_996_400_000_250_000), 2)


@pytest.mark.parametrize(
    "keys",
    [
        {"type": "text"},
        {"type": "event"},
        {"raw": ""},
        {"raw": "b"},
        {"raw": None},
        {"time": "2023-11-14T22:13:20.000250"},
        {"time": "2023-11-14T22:13:20+01:00"},
        {"time": "2023-11-14T22:13:20.25+01:00"},
        {"time": "9999-11-14T22:13:20.000250+01:00"},
        {"time": "yesterday"},
        {"time": 5},
        {"tap": 256},
        {"tap": -1},
        {"tap": True},
        {"process": None},
        {"note": "seen"},
        {"line_errors": []},
    ],
)
def test_whatever_is_not_plain_is_left_to_the_reader(keys: Mapping[str, object]) -> None:
    assert parse_plain(line_of(**keys)) is None


DAMAGED = [b"", b"\n", b"[]", b"{", b'{"type": "frame"}', line_of().replace(b"fields", b"f\xffelds")]


@pytest.mark.parametrize("line", DAMAGED)
def test_a_damaged_line_is_left_to_the_reader(line: bytes) -> None:
    assert parse_plain(line) is None


TEXTS = st.sampled_from(["", "bb", "AA 00", "x"])
VALUES: st.SearchStrategy[Any] = st.none() | st.booleans() | st.integers(-2, 300) | TEXTS
TIMES = st.sampled_from([PLAIN["time"], "1969-12-31T23:59:59.999999Z", "2023-11-14T22:13:20.12345Z", None, 1])


@given(st.fixed_dictionaries({"time": TIMES}, optional={"tap": VALUES, "raw": VALUES, "type": st.just("noise")}))
def test_what_is_read_is_what_the_reader_reads(keys: Mapping[str, object]) -> None:
    line = line_of(**keys)
    if read := parse_plain(line):
        entry = parse_object(line)
        assert entry
        assert list(items_of(entry)) == [Segments((read.piece,), (), read.tap)]
